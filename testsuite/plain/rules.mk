# SPDX-License-Identifier: Apache-2.0
# Unit tests as plain programs, without Criterion: $(BUILD)/plain/LIB. Used on arm64, under ThreadSanitizer, and under
# valgrind, so the JIT's vectors are one in VECTORS_THIN of their combinations.
VECTORS_THIN ?= 29
PLAIN_LIBS := jit runtime run
plain_objs = $(patsubst testsuite/%.c,$(BUILD)/shim/%.o,testsuite/plain/main.c $(wildcard testsuite/unit/$(1)/*.c))
$(BUILD)/shim/%.o: testsuite/%.c | $(GENERATED)
	$(call say,CC,$@)mkdir -p $(@D) && $(CC) -Itestsuite/plain -DVECTORS_THIN=$(VECTORS_THIN) $(ALL_CFLAGS) -MMD -MP -c $< -o $@
$(PLAIN_LIBS:%=$(BUILD)/plain/%): $(BUILD)/plain/%: $$(call plain_objs,$$*) $$(call archives,$$*)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(call externals,$*)
-include $(foreach l,$(PLAIN_LIBS),$(patsubst %.o,%.d,$(call plain_objs,$(l))))
