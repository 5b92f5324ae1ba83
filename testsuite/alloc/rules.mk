# SPDX-License-Identifier: Apache-2.0
# The allocation-failure harness: a plain main with ASan, in build/san; third-party libraries are linked from their
# archives so that --wrap reaches their malloc(), too.
ALLOC_LIBS := run runtime io linker verify asm yaml platforms object isa base
ALLOC_WRAPS := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free,--wrap=strdup,--wrap=mmap,--wrap=munmap,--wrap=mprotect
ALLOC_OBJS := $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out %/fixture.c %/bad.c,$(wildcard testsuite/alloc/*.c)))

$(BUILD)/test/alloc: $(ALLOC_OBJS) $(call archives,$(ALLOC_LIBS))
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) $(ALLOC_WRAPS) -o $@ $(filter %.o,$^) $(filter %.a,$^) \
		-Wl,-Bstatic -lyaml -Wl,-Bdynamic -lpcap

build/test/fixture.o build/test/bad.o: build/test/%.o: testsuite/alloc/%.c
	$(call say,BPF,$@)mkdir -p $(@D) && clang-19 -O2 -g -target bpf -mcpu=v3 -Wall -isystem \
		/usr/include/$(shell $(CC) -print-multiarch) -c $< -o $@

SAN_BINARIES += build/san/test/alloc
$(eval $(call suite,alloc,san-build build/test/fixture.o build/test/bad.o,testsuite/alloc/run))
