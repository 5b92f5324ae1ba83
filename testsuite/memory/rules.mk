# SPDX-License-Identifier: Apache-2.0
# The runtime under each tool that watches memory and threads: its unit tests as plain programs, threads through libiov,
# and a sample of modules over a recording, on every engine. `make memory` takes all three, minutes each; alone:
# memory-asan (AddressSanitizer, UBSan, leaks), memory-tsan (ThreadSanitizer), memory-valgrind (memcheck).
MEMORY_TESTS = $(PLAIN_LIBS:%=plain/%) test/threads bin/iovrun
MEMORY_MODULES = $(patsubst testsuite/diff/packets/progs/%.bpf.c,build/test/packets.d/%.o,\
	$(wildcard testsuite/diff/packets/progs/*.bpf.c)) build/test/packets.d/firewall.o
MEMORY_NEEDS = build/test/threads.o $(MEMORY_MODULES) build/bin/iovrun
MEMORY_RUN = testsuite/memory/run $(1) $(2) build/bin/iovrun $(MEMORY_MODULES)

.PHONY: memory memory-asan memory-tsan memory-valgrind
memory: memory-asan memory-tsan memory-valgrind
memory-asan: $$(MEMORY_NEEDS)
	@$(MAKE) --no-print-directory SAN=1 $(MEMORY_TESTS:%=build/san/%)
	@$(call MEMORY_RUN,asan,build/san)
memory-tsan: $$(MEMORY_NEEDS)
	@$(MAKE) --no-print-directory BUILD=build/tsan CFLAGS='-O1 -g -fsanitize=thread' LDFLAGS=-fsanitize=thread \
		PLATGEN=$(CURDIR)/build/host/platgen $(MEMORY_TESTS:%=build/tsan/%)
	@$(call MEMORY_RUN,tsan,build/tsan)
memory-valgrind: $$(MEMORY_NEEDS) $$(addprefix build/,$$(MEMORY_TESTS))
	@$(call MEMORY_RUN,valgrind,build)
