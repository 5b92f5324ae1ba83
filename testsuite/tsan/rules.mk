# SPDX-License-Identifier: Apache-2.0
# Threads in maps and engines under ThreadSanitizer: a plain main over the sources themselves, compiled apart. setarch
# because GCC 12's ThreadSanitizer does not know how far today's kernels move mappings.
TSAN_SRCS := testsuite/tsan/maps.c $(addprefix runtime/,interp.c interp_decode.c jit/match.c jit/sum.c jit/live.c \
	jit/plan.c) \
	$(wildcard runtime/maps/*.c) runtime/objects.c runtime/graph.c \
	$(addprefix asm/base/,alloc.c arena.c buf.c diag.c) \
	$(addprefix asm/isa/,isa.c prog.c types.c catalogue.c platform.c)

build/test/tsan: $(TSAN_SRCS) $(wildcard runtime/*.h runtime/maps/*.h asm/*/*.h asm/isa/*.def)
	$(call say,TSAN,$@)mkdir -p $(@D) && $(CC) -std=gnu17 -I. -D_GNU_SOURCE -O1 -g -fsanitize=thread \
		-o $@ $(TSAN_SRCS) -lpthread
$(eval $(call suite,tsan,build/test/tsan,testsuite/tsan/run build/test/tsan))

# Threads through libiov itself, on every engine: by themselves here, with sanitizers in testsuite/memory.
$(BUILD)/test/threads: $(BUILD)/obj/testsuite/tsan/threads.o $(call archives,runtime)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(call externals,runtime) -lpthread
build/test/threads.o: testsuite/tsan/threads.bpf.c build/bin/iovcc
	$(call say,IOVCC,$@)mkdir -p $(@D) && build/bin/iovcc --platform=iovrun -O2 -g -c $< -o $@
$(eval $(call suite,threads,$(BUILD)/test/threads build/test/threads.o,$(BUILD)/test/threads build/test/threads.o))
