# SPDX-License-Identifier: Apache-2.0
# What benches share: `bars` draws, `measure` runs a command and says what it took.
$(BUILD)/test/bars: $(patsubst %,$(BUILD)/obj/testsuite/bench/tools/%.o,bars_main bars)
$(BUILD)/test/measure: $(BUILD)/obj/testsuite/bench/tools/measure.o
$(BUILD)/test/bars $(BUILD)/test/measure:
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^
