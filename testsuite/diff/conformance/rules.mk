# SPDX-License-Identifier: Apache-2.0
# Vectors of our own through `iovrun --conformance`, each engine.
CONFORMANCE := $(BUILD)/test/conformance
$(CONFORMANCE): $(BUILD)/obj/testsuite/diff/conformance/main.o $(BUILD)/obj/testsuite/unit/jit/oracle.o \
		$(call archives,jit)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^
$(eval $(call suite,conformance,$(CONFORMANCE) tools,$(CONFORMANCE) $(BUILD)/bin/iovrun))
