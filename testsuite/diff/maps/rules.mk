# SPDX-License-Identifier: Apache-2.0
$(BUILD)/test/diff-maps: $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard testsuite/diff/maps/*.c)) $(call archives,runtime)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^)
$(eval $(call suite,diff-maps,$(BUILD)/test/diff-maps,$(BUILD)/test/diff-maps))
