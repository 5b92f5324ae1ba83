# SPDX-License-Identifier: Apache-2.0
# iovcc: static and non-PIE (8 ms to start instead of 32), linked by lld (2 s), headers inside.
EXTRA_frontend_CFLAGS = -isystem $(LLVM_INCLUDE) -DIOV_MULTIARCH='"$(shell $(CC) -print-multiarch)"'
frontend_EXTRA_OBJS := $(BUILD)/obj/frontend/embedded.o
$(eval $(call library,frontend,frontend,clang codegen linker assess verify asm object yaml platforms isa base,))
$(eval $(call tool,iovcc,frontend,frontend,))
iovcc_PLAIN_LDFLAGS = -static -no-pie -B$(LLVM_PREFIX)/bin -fuse-ld=lld -Wl,--icf=all -Wl,-O1 \
	-Wl,--build-id=fast
iovcc_LDFLAGS = $(iovcc_PLAIN_LDFLAGS) $(FUNCTION_ORDER:%=-Wl,--symbol-ordering-file=% -Wl,--no-warn-symbol-ordering)

# What a compile calls lies side by side in iovcc, by a list that a first link of it gives, once in a build folder (an
# old list does no harm).
ifeq ($(SAN),)
FUNCTION_ORDER := $(BUILD)/gen/frontend/order.txt
$(BUILD)/bin/iovcc: | $(FUNCTION_ORDER)
endif
$(BUILD)/host/order: $(BUILD)/obj/frontend/order_main.o
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^
ORDER_SOURCES := stdlib/modules/udpfilter/classify.bpf.c stdlib/modules/firewall/firewall.bpf.c
ORDER_INPUTS = $(BUILD)/obj/frontend/iovcc_main.o $(call archives,frontend)
$(BUILD)/gen/frontend/order.txt: | $(BUILD)/host/order $$(ORDER_INPUTS)
	$(call say,ORDER,$@)mkdir -p $(@D) && \
	$(CC) $(ALL_LDFLAGS) $(iovcc_PLAIN_LDFLAGS) -o $@.iovcc $(ORDER_INPUTS) $(call externals,frontend) && \
	for source in $(ORDER_SOURCES); do \
		$(BUILD)/host/order $@.one $@.iovcc -O2 -g -c $$source -o $@.o && cat $@.one; \
	done | awk '!seen[$$0]++' >$@.new && rm -f $@.iovcc $@.one $@.o && mv $@.new $@

CLANG_HEADERS := $(LLVM_PREFIX)/lib/clang/19/include
EMBEDDED := $(shell find stdlib/include -name '*.h' 2>/dev/null)
$(BUILD)/gen/frontend/embedded.S: frontend/embed.sh $(EMBEDDED)
	$(call say,GEN,$@)mkdir -p $(@D) && sh frontend/embed.sh '/<iov>/include=stdlib/include' \
		'/<iov>/clang/include=$(CLANG_HEADERS)' >$@
$(BUILD)/obj/frontend/embedded.o: $(BUILD)/gen/frontend/embedded.S
	$(call say,AS,$@)mkdir -p $(@D) && $(CC) -c $< -o $@
EXTRA_testsuite_unit_frontend_CFLAGS = -isystem $(LLVM_INCLUDE)
unit_frontend_LDLIBS = -B$(LLVM_PREFIX)/bin -fuse-ld=lld
