# SPDX-License-Identifier: Apache-2.0
DIFF_VERIFY_OBJS := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard testsuite/diff/verify/*.c))
$(BUILD)/test/diff-verify: $(DIFF_VERIFY_OBJS) $(call archives,verify platforms)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^
$(eval $(call suite,diff-verify,$(BUILD)/test/diff-verify,$(BUILD)/test/diff-verify))
# Ours beside itself: what kept states cover must hold when every path is walked.
$(eval $(call suite,verify-paths,$(BUILD)/test/diff-verify,$(BUILD)/test/diff-verify --alone --count 20000))
