# SPDX-License-Identifier: Apache-2.0
DIFF_VERIFY_OBJS := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard testsuite/diff/verify/*.c)) \
	$(patsubst %,$(BUILD)/obj/testsuite/unit/verify/%.o,asm corpus) \
	$(patsubst %,$(BUILD)/obj/testsuite/diff/rejects/%.o,kernel print types)
$(BUILD)/test/diff-verify: $(DIFF_VERIFY_OBJS) $(call archives,verify platforms)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ -lbpf
$(eval $(call suite,diff-verify,$(BUILD)/test/diff-verify,$(BUILD)/test/diff-verify --honest --classes testsuite/diff/verify/classes))
# Ours beside itself: what kept states cover must hold when every path is walked.
$(eval $(call suite,verify-paths,$(BUILD)/test/diff-verify,$(BUILD)/test/diff-verify --alone --count 20000))
# Bugs seeded into the verifier: a class must not explain them away. All of them take long: no part of `make check`.
SWALLOW = testsuite/diff/verify/swallow $(BUILD)/test/swallow '$(CC) -I. -std=gnu17 -O1' '$(REJECTS_OBJS)' \
	'$(call archives,verify platforms) $(ALL_LDFLAGS) -lbpf'
.PHONY: class-seeds
class-seeds: $(BUILD)/test/rejects
	$(Q)$(SWALLOW)
