# SPDX-License-Identifier: Apache-2.0
BURST_BENCH := $(BUILD)/test/bench-burst
BURST_OBJECT := $(BUILD)/test/burst.bpf.o

$(BURST_OBJECT): testsuite/bench/burst/burst.bpf.c $(BUILD)/bin/iovcc
	$(call say,IOVCC,$@)mkdir -p $(@D) && $(BUILD)/bin/iovcc -O2 -g -c $< -o $@
$(BURST_BENCH): $(BUILD)/obj/testsuite/bench/burst/burst_main.o $(call archives,runtime)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) \
		$(call externals,runtime)
$(eval $(call bench,burst,$(BURST_BENCH) $(BURST_OBJECT),$(BURST_BENCH) $(BURST_OBJECT)))
