# SPDX-License-Identifier: Apache-2.0
# The arm64 JIT, cross-compiled into build/arm64 and run by qemu-user. `make check-arm64` (part of `make check`) takes the
# JIT's unit tests and random programs; `make diff-arm64` adds 20,000 verified programs; `make arm64` builds iovrun, with
# Debian's arm64 libraries in build/arm64/sysroot: qemu-aarch64-static -L build/arm64/sysroot build/arm64/bin/iovrun.
ARM64_CC ?= aarch64-linux-gnu-gcc
ARM64_AR ?= aarch64-linux-gnu-ar
ARM64_QEMU ?= $(or $(shell command -v qemu-aarch64-static),qemu-aarch64)
ARM64_MISSING = $(strip $(foreach t,$(lastword $(ARM64_CC)) $(ARM64_QEMU),$(if $(shell command -v $(t)),,$(t))))
# The cross compiler's linux/bpf.h is older than the machine's own, which says the same for all machines.
ARM64_MAKE = mkdir -p build/arm64/uapi/linux && ln -sf /usr/include/linux/bpf.h build/arm64/uapi/linux/ && \
	$(MAKE) --no-print-directory BUILD=build/arm64 CC='$(ARM64_CC)' AR=$(ARM64_AR) LDFLAGS='$(2)' \
	CFLAGS='-O2 -g -isystem build/arm64/uapi $(1)' PLATGEN=$(CURDIR)/$(BUILD)/host/platgen $(3)
ARM64_BUILD = @$(if $(ARM64_MISSING),:,$(call ARM64_MAKE,,-static,$(1)))
ARM64_SYSROOT = --sysroot=$(CURDIR)/build/arm64/sysroot
ARM64_LIBRARIES = libyaml-dev libpcap0.8-dev libbpf-dev libelf-dev zlib1g-dev

# What runs there: the unit tests of the JIT as a plain program, but for those that ask this machine's disassembler.
$(BUILD)/test/unit-jit: $$(filter-out %/encoders.o,$$(call plain_objs,jit)) $(call archives,jit)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^

.PHONY: arm64-sample arm64 diff-arm64 guest-arm64
arm64-sample:
	+$(call ARM64_BUILD,build/arm64/test/unit-jit build/arm64/test/engines)
arm64: $(BUILD)/host/platgen
	$(Q)testsuite/arm64/sysroot build/arm64/sysroot $(ARM64_LIBRARIES)
	+$(Q)$(call ARM64_MAKE,$(ARM64_SYSROOT),$(ARM64_SYSROOT),build/arm64/bin/iovrun)

# Programs accepted and run here, replayed by the JIT there; then as many that only look verified.
ARM64_COUNT ?= 20000
diff-arm64: $$(DIFF_VERIFIED) $(BUILD)/host/platgen
	+$(call ARM64_BUILD,VERIFIED_KERNEL=no_kernel build/arm64/test/diff-verified build/arm64/test/engines)
	$(Q)$(DIFF_VERIFIED) --accepted $(ARM64_COUNT) --save build/test/arm64-programs
	$(Q)$(ARM64_QEMU) build/arm64/test/diff-verified --replay build/test/arm64-programs
	$(Q)$(ARM64_QEMU) build/arm64/test/engines --count $(ARM64_COUNT)

# The same JIT on an arm64 kernel, which runs the same programs itself: Debian's, fetched, under qemu-system-aarch64.
GUEST_COUNT ?= 1000
GUEST_MISSING = $(strip $(ARM64_MISSING) $(foreach t,qemu-system-aarch64 busybox,$(if $(shell command -v $(t)),,$(t))))
$(BUILD)/test/guest-init: testsuite/guests/init.c
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $<
$(BUILD)/test/diff-verified-guest: $$(DIFF_VERIFIED_OBJS) $(BUILD)/obj/testsuite/diff/verified/kernel.o \
		$(call archives,runtime platforms)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) \
		$(call externals,runtime platforms) -lbpf -lelf -lz
guest-arm64: $(BUILD)/host/platgen
ifeq ($(GUEST_MISSING),)
	$(Q)-testsuite/arm64/sysroot build/arm64/sysroot $(ARM64_LIBRARIES)
	$(Q)-testsuite/arm64/sysroot build/arm64/kernel --alone 'linux-image-6.12.*-cloud-arm64'
	+$(Q)$(call ARM64_MAKE,$(ARM64_SYSROOT),-static $(ARM64_SYSROOT),$(addprefix build/arm64/test/,guest-init \
		unit-jit diff-verified-guest))
endif
	$(Q)testsuite/guests/arm64 build/arm64/test build/arm64/kernel $(GUEST_COUNT) '$(GUEST_MISSING)'

$(eval $(call suite,arm64,arm64-sample,testsuite/arm64/run '$$(ARM64_MISSING)' $$(ARM64_QEMU) build/arm64/test))
