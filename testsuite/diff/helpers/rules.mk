# SPDX-License-Identifier: Apache-2.0
DIFF_HELPERS_OBJS := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard testsuite/diff/helpers/*.c))
$(BUILD)/test/diff-helpers: $(DIFF_HELPERS_OBJS) $(call archives,platforms)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ -lbpf
$(eval $(call suite,diff-helpers,$(BUILD)/test/diff-helpers,$(BUILD)/test/diff-helpers))

# The same in guests with Debian's 6.1 and 6.12 kernels; by hand, not a part of `make check`.
$(BUILD)/test/diff-helpers-static: $(DIFF_HELPERS_OBJS) $(call archives,platforms)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -static -o $@ $^ -lbpf -lelf -lz
.PHONY: guests-helpers
guests-helpers: $(BUILD)/test/diff-helpers-static
	$(Q)mkdir -p $(BUILD)/guests && testsuite/diff/helpers/guests $< $(BUILD)/guests
