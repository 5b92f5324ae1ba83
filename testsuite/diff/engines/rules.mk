# SPDX-License-Identifier: Apache-2.0
# Random programs through every engine: a short run in `make check`, a long one by `make fuzz-engines FUZZ_SECONDS=...`.
ENGINES := $(BUILD)/test/engines
ENGINES_OBJS := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard testsuite/diff/engines/*.c)) \
	$(BUILD)/obj/testsuite/unit/jit/oracle.o $(patsubst %,$(BUILD)/obj/runtime/%.o,interp interp_decode)

$(ENGINES): $(ENGINES_OBJS) $(call archives,jit)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^

$(eval $(call suite,engines,$(ENGINES),$(ENGINES) --count 20000))

$(eval $(call fuzz,engines,$(ENGINES),$(ENGINES) --seconds $$(FUZZ_SECONDS) --seed $$$$(date +%s)))
