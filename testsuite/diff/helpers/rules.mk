# SPDX-License-Identifier: Apache-2.0
DIFF_HELPERS_OBJS := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard testsuite/diff/helpers/*.c))
$(BUILD)/test/diff-helpers: $(DIFF_HELPERS_OBJS) $(call archives,platforms)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^
$(eval $(call suite,diff-helpers,$(BUILD)/test/diff-helpers,$(BUILD)/test/diff-helpers))
