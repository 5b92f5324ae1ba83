# SPDX-License-Identifier: Apache-2.0
# Random programs that the verifier takes, run by every engine, each fact held against what the runs do.
DIFF_VERIFIED := $(BUILD)/test/diff-verified
$(DIFF_VERIFIED): $(BUILD)/obj/testsuite/diff/verified/main.o $(BUILD)/obj/testsuite/diff/verify/random.o \
		$(BUILD)/obj/testsuite/unit/jit/oracle.o $(call archives,runtime platforms)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) \
		$(call externals,runtime platforms)

$(eval $(call suite,verified,$(DIFF_VERIFIED),$(DIFF_VERIFIED) 5000))
$(eval $(call fuzz,verified,$(DIFF_VERIFIED),$(DIFF_VERIFIED) 2000000 $$$$(date +%s)))
