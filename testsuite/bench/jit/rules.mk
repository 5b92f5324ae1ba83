# SPDX-License-Identifier: Apache-2.0
# Speed of the engines beside native code of the same source: `make bench-jit`.
JIT_BENCH := $(BUILD)/test/bench-jit
CLANG ?= clang-19

$(BUILD)/test/jit-programs.bpf.o: testsuite/bench/jit/programs.c testsuite/bench/jit/programs.h
	$(call say,BPF,$@)mkdir -p $(@D) && $(CLANG) -target bpf -mcpu=v4 -O2 -g -ffreestanding -I. -c $< -o $@
$(BUILD)/test/jit-programs.o: testsuite/bench/jit/programs.c testsuite/bench/jit/programs.h
	$(call say,CC,$@)mkdir -p $(@D) && $(CLANG) -O2 -I. -c $< -o $@
$(JIT_BENCH): $(BUILD)/obj/testsuite/bench/jit/bench_main.o $(BUILD)/test/jit-programs.o $(call archives,runtime)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) \
		$(call externals,runtime) -lm

$(eval $(call bench,jit,$(JIT_BENCH) $(BUILD)/test/jit-programs.bpf.o,$(JIT_BENCH) $(BUILD)/test/jit-programs.bpf.o))
