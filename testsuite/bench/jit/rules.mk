# SPDX-License-Identifier: Apache-2.0
# Speed of the engines beside native code of the same source, the live kernel and DPDK: `make bench-jit`. As root, for
# the kernel; DPDK where libdpdk-dev is installed.
JIT_BENCH := $(BUILD)/test/bench-jit
JIT_BENCH_SRC := testsuite/bench/jit/programs.c testsuite/bench/jit/programs.h testsuite/bench/jit/bench.h
JIT_BENCH_PLUGIN := $(BUILD)/test/bench-dpdk.so
CLANG ?= clang-19

$(BUILD)/test/jit-programs.bpf.o: $(JIT_BENCH_SRC)
	$(call say,BPF,$@)mkdir -p $(@D) && $(CLANG) -target bpf -mcpu=v4 -O2 -g -ffreestanding -I. -c $< -o $@
$(BUILD)/test/jit-programs.dpdk.o: $(JIT_BENCH_SRC)
	$(call say,BPF,$@)mkdir -p $(@D) && $(CLANG) -target bpf -mcpu=v2 -O2 -DDPDK -ffreestanding -I. -c $< -o $@
$(BUILD)/test/jit-programs.o: $(JIT_BENCH_SRC)
	$(call say,CC,$@)mkdir -p $(@D) && $(CLANG) -O2 -I. -c $< -o $@
# With a table and a clock of its own: nothing is taken from the program that loads it.
$(JIT_BENCH_PLUGIN): $(patsubst %,testsuite/bench/jit/%.c,dpdk table clock) testsuite/bench/jit/bench.h testsuite/bench/jit/programs.h
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) -O2 -march=native -fPIC -shared -I. $$($(PKG_CONFIG) --cflags libdpdk) \
		-Wl,-Bsymbolic -o $@ $(filter %.c,$^) $$($(PKG_CONFIG) --libs libdpdk)
$(JIT_BENCH): $(patsubst %,$(BUILD)/obj/testsuite/bench/jit/%.o,bench_main libiov kernel table clock svg) \
		$(BUILD)/obj/testsuite/bench/tools/bars.o $(BUILD)/test/jit-programs.o $(call archives,runtime)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) \
		$(call externals,runtime) -lbpf -lm

$(eval $(call bench,jit,$(JIT_BENCH) $(BUILD)/test/jit-programs.bpf.o $(BUILD)/test/jit-programs.dpdk.o \
	$$$$(if $$$$(HAVE_DPDK),$(JIT_BENCH_PLUGIN)),$(JIT_BENCH) $(BUILD)/test/jit-programs.bpf.o \
	$(BUILD)/test/jit-programs.dpdk.o $(JIT_BENCH_PLUGIN) $(BUILD)/bench-jit.svg))
