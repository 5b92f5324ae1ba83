# SPDX-License-Identifier: Apache-2.0
# Machine code of libiov, held to a limit: `make check-size`.
$(eval $(call suite,size,libiov,testsuite/size/check $$(BUILD)/lib/libiov.so.$$(VERSION) \
	$$(patsubst %.c,$$(BUILD)/obj/%.o,$$(wildcard linker/object/elf_read*.c linker/object/dwarf*.c))))
