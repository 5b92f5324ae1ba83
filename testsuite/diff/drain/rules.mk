# SPDX-License-Identifier: Apache-2.0
# User ring buffers, filled by the host and drained by a program, beside the live kernel's.
$(BUILD)/test/drain: $(BUILD)/obj/testsuite/diff/drain/main.o $(call archives,runtime)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(call externals,runtime) -lbpf
$(BUILD)/test/drain.o: testsuite/diff/drain/drain.bpf.c $(BUILD)/bin/iovcc
	$(call say,IOVCC,$@)mkdir -p $(@D) && $(BUILD)/bin/iovcc -O2 -g -c $< -o $@
$(eval $(call suite,drain,$(BUILD)/test/drain $(BUILD)/test/drain.o,$(BUILD)/test/drain $(BUILD)/test/drain.o))
