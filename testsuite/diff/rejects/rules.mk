# SPDX-License-Identifier: Apache-2.0
# Programs that must be rejected, with twins that must not, and what the live kernel says of both.
REJECTS := $(BUILD)/test/rejects
REJECTS_OBJS := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard testsuite/diff/rejects/*.c)) \
	$(patsubst %,$(BUILD)/obj/testsuite/unit/verify/%.o,asm corpus) \
	$(patsubst %,$(BUILD)/obj/testsuite/diff/oracle/%.o,gen mutate) \
	$(patsubst %,$(BUILD)/obj/testsuite/diff/verify/%.o,sees sees_classes)
$(REJECTS): $(REJECTS_OBJS) $(call archives,verify platforms)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ -lbpf
$(eval $(call suite,rejects,$(REJECTS),$(REJECTS)))
# Mutations of the cases: what we accept and Linux refuses falls under a class of what Linux sees less of.
$(eval $(call suite,mutants,$(REJECTS),$(REJECTS) --mutants 30000))
