# SPDX-License-Identifier: Apache-2.0
# The soundness oracle (main.c): short in `make check`, long as `make fuzz-oracle`.
ORACLE := $(BUILD)/test/oracle
ORACLE_OBJS := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard testsuite/diff/oracle/*.c)) \
	$(BUILD)/obj/testsuite/diff/verify/random.o \
	$(patsubst %,$(BUILD)/obj/testsuite/unit/verify/%.o,asm corpus)
$(ORACLE): $(ORACLE_OBJS) $(call archives,runtime platforms)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(call externals,runtime platforms)
# Made by the packet differential's rules.
ORACLE_OBJECTS := $(patsubst testsuite/diff/packets/progs/%.bpf.c,$(BUILD)/test/packets.d/%.o,\
	$(wildcard testsuite/diff/packets/progs/*.bpf.c)) $(BUILD)/test/packets.d/firewall.o
# Programs about objects, lists and kernel pointers.
ORACLE_GRAPH := $(patsubst testsuite/diff/objects/%.c,$(BUILD)/test/objects.d/%.o,$(wildcard testsuite/diff/objects/*.c))
$(ORACLE_GRAPH): $(BUILD)/test/objects.d/%.o: testsuite/diff/objects/%.c testsuite/diff/objects/objects.h $(BUILD)/bin/iovcc
	$(call say,IOVCC,$@)mkdir -p $(@D) && $(BUILD)/bin/iovcc -g -O2 -c -fno-iov-verify $< -o $@
ORACLE_OBJECTS += $(ORACLE_GRAPH)
ORACLE_CORPUS := $(ORACLE_OBJECTS) $(wildcard testsuite/cases/verify/*.txt)

$(eval $(call suite,oracle,$(ORACLE) $(ORACLE_OBJECTS),$(ORACLE) --count 10000 $(ORACLE_CORPUS)))
# The same under the rules of our own runtime.
$(eval $(call suite,oracle-own,$(ORACLE) $(ORACLE_OBJECTS),$(ORACLE) --platform iovrun --count 4000 $(ORACLE_CORPUS)))
$(eval $(call fuzz,oracle,$(ORACLE) $(ORACLE_OBJECTS),$(ORACLE) --count 200000 --seed $$$$(date +%s) \
	$(ORACLE_CORPUS)))

# Both with AddressSanitizer and UBSan.
.PHONY: oracle-san
oracle-san: $(ORACLE_OBJECTS)
	@$(MAKE) --no-print-directory SAN=1 build/san/test/oracle
	build/san/test/oracle --count 5000 $(ORACLE_CORPUS)
	build/san/test/oracle --platform iovrun --count 5000 $(ORACLE_CORPUS)

# Bugs seeded into the verifier one by one: does the oracle notice? Takes minutes; no part of `make check`.
.PHONY: oracle-seeds oracle-parts
oracle-seeds: $(ORACLE_OBJECTS)
	testsuite/diff/oracle/seeds/run $(BUILD)/oracle-seeds '$(CC)' $(SEEDS) $(ORACLE_CORPUS)
# What the oracle is linked from, for seeds/run.
oracle-parts:
	@echo '$(ORACLE_OBJS) $(call archives,runtime platforms) $(call externals,runtime platforms)'
