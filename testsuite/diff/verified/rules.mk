# SPDX-License-Identifier: Apache-2.0
# Random programs that the verifier takes, run by every engine, each fact held against what the runs do. A sample in
# `make check`; `make diff-engines` runs 200,000 of them, also in the live kernel, and writes what arm64 replays.
# Platform files are read by nobody here, so libyaml, which the arm64 build does not have, is left out.
DIFF_VERIFIED := $(BUILD)/test/diff-verified
DIFF_VERIFIED_OBJS := $(patsubst %,$(BUILD)/obj/testsuite/%.o,diff/verified/main diff/verified/vectors diff/verify/random unit/jit/oracle)
$(DIFF_VERIFIED): $(DIFF_VERIFIED_OBJS) $(BUILD)/obj/testsuite/diff/verified/$(or $(VERIFIED_KERNEL),kernel).o \
		$(filter-out %-yaml.a,$(call archives,runtime platforms))
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) \
		$(if $(VERIFIED_KERNEL),,-lbpf)

$(eval $(call suite,verified,$(DIFF_VERIFIED),$(DIFF_VERIFIED) --count 5000 --kernel))
$(eval $(call suite,verified-vectors,$(DIFF_VERIFIED),$(DIFF_VERIFIED) --vectors --kernel))
$(eval $(call fuzz,verified,$(DIFF_VERIFIED),$(DIFF_VERIFIED) --count 2000000 --seed $$$$(date +%s)))

VERIFIED_COUNT ?= 200000
VERIFIED_SEED ?= 1
.PHONY: diff-engines
diff-engines: $(DIFF_VERIFIED)
	$(Q)$(DIFF_VERIFIED) --accepted $(VERIFIED_COUNT) --seed $(VERIFIED_SEED) --kernel
