# SPDX-License-Identifier: Apache-2.0
# vmlinux.h from the running kernel's types, beside those types and beside bpftool's.
VMLINUX_LAYOUT := $(BUILD)/test/vmlinux-layout
$(VMLINUX_LAYOUT): $(BUILD)/obj/testsuite/diff/vmlinux/layout.o $(call archives,object isa base)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^
$(eval $(call suite,vmlinux,$(BUILD)/bin/iovcc $(VMLINUX_LAYOUT),testsuite/diff/vmlinux/vmlinux))
