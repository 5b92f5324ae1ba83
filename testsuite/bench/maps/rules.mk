# SPDX-License-Identifier: Apache-2.0
$(BUILD)/test/bench-maps: $(BUILD)/obj/testsuite/bench/maps/maps.o $(call archives,runtime)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^)
$(eval $(call bench,maps,$(BUILD)/test/bench-maps,$(BUILD)/test/bench-maps))

$(BUILD)/test/bench-maps-scale: $(BUILD)/obj/testsuite/bench/maps/scale.o $(call archives,runtime)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) -lpthread
$(eval $(call bench,maps-scale,$(BUILD)/test/bench-maps-scale,$(BUILD)/test/bench-maps-scale))
