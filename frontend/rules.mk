# SPDX-License-Identifier: Apache-2.0
# iovcc: static and non-PIE (8 ms to start instead of 32), linked by lld (2 s), headers inside.
EXTRA_frontend_CFLAGS = -isystem $(LLVM_INCLUDE) -DIOV_MULTIARCH='"$(shell $(CC) -print-multiarch)"'
frontend_EXTRA_OBJS := $(BUILD)/obj/frontend/embedded.o
$(eval $(call library,frontend,frontend,clang codegen linker assess verify asm object yaml platforms isa base,))
$(eval $(call tool,iovcc,frontend,frontend,))
iovcc_LDFLAGS = -static -no-pie -B$(LLVM_PREFIX)/bin -fuse-ld=lld -Wl,--icf=all -Wl,-O1

CLANG_HEADERS := $(LLVM_PREFIX)/lib/clang/19/include
EMBEDDED := $(shell find stdlib/include -name '*.h' 2>/dev/null)
$(BUILD)/gen/frontend/embedded.S: frontend/embed.sh $(EMBEDDED)
	$(call say,GEN,$@)mkdir -p $(@D) && sh frontend/embed.sh '/<iov>/include=stdlib/include' \
		'/<iov>/clang/include=$(CLANG_HEADERS)' >$@
$(BUILD)/obj/frontend/embedded.o: $(BUILD)/gen/frontend/embedded.S
	$(call say,AS,$@)mkdir -p $(@D) && $(CC) -c $< -o $@
EXTRA_testsuite_unit_frontend_CFLAGS = -isystem $(LLVM_INCLUDE)
unit_frontend_LDLIBS = -B$(LLVM_PREFIX)/bin -fuse-ld=lld
