# SPDX-License-Identifier: Apache-2.0
# bpf_fib_lookup beside the live kernel's, in a network namespace of its own.
$(BUILD)/test/fib: $(BUILD)/obj/testsuite/diff/fib/main.o $(call archives,runtime)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(call externals,runtime) -lbpf
$(BUILD)/test/fib.o: testsuite/diff/fib/fib.bpf.c $(BUILD)/bin/iovcc
	$(call say,IOVCC,$@)mkdir -p $(@D) && $(BUILD)/bin/iovcc -O2 -g -c $< -o $@
$(eval $(call suite,fib,$(BUILD)/test/fib $(BUILD)/test/fib.o,$(BUILD)/test/fib $(BUILD)/test/fib.o))
