# SPDX-License-Identifier: Apache-2.0
# The worst case that the verifier claims, beside runs that take the worst path.
WORST := $(BUILD)/test/worst
$(WORST): $(BUILD)/obj/testsuite/diff/worst/main.o $(BUILD)/obj/testsuite/unit/verify/asm.o \
		$(call archives,runtime platforms)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(call externals,runtime platforms)

$(eval $(call suite,worst,$(WORST),$(WORST) --count 1500))
