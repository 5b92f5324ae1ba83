# SPDX-License-Identifier: Apache-2.0
# The arm64 JIT, cross-compiled into build/arm64 and run by qemu-user. `make check-arm64` (part of `make check`) takes the
# JIT's unit tests and random programs; `make diff-arm64` adds 20,000 verified programs, `make arm64` builds libiov.
ARM64_CC ?= aarch64-linux-gnu-gcc
ARM64_AR ?= aarch64-linux-gnu-ar
ARM64_QEMU ?= $(or $(shell command -v qemu-aarch64-static),qemu-aarch64)
ARM64_MISSING = $(strip $(foreach t,$(lastword $(ARM64_CC)) $(ARM64_QEMU),$(if $(shell command -v $(t)),,$(t))))
ARM64_BUILD = $(if $(ARM64_MISSING),@:,@$(MAKE) --no-print-directory BUILD=build/arm64 CC='$(ARM64_CC)' AR=$(ARM64_AR) \
	LDFLAGS=-static PLATGEN=$(CURDIR)/$(BUILD)/host/platgen $(1))

# What runs there: the unit tests of the JIT, without Criterion, and with one in VECTORS_THIN of their combinations.
VECTORS_THIN ?= 29
ARM64_UNIT_OBJS := $(patsubst testsuite/%.c,$(BUILD)/shim/%.o,testsuite/arm64/main.c \
	$(filter-out %/encoders.c,$(wildcard testsuite/unit/jit/*.c)))
$(BUILD)/shim/%.o: testsuite/%.c | $(GENERATED)
	$(call say,CC,$@)mkdir -p $(@D) && $(CC) -Itestsuite/arm64 -DVECTORS_THIN=$(VECTORS_THIN) $(ALL_CFLAGS) -MMD -MP -c $< -o $@
$(BUILD)/test/unit-jit: $(ARM64_UNIT_OBJS) $(call archives,jit)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^
-include $(ARM64_UNIT_OBJS:.o=.d)

.PHONY: arm64-sample arm64
arm64-sample:
	$(call ARM64_BUILD,build/arm64/test/unit-jit build/arm64/test/engines)
arm64: $(BUILD)/host/platgen
	$(call ARM64_BUILD,$(foreach l,base isa platforms object verify jit runtime,build/arm64/lib/libiov-$(l).a))

$(eval $(call suite,arm64,arm64-sample,testsuite/arm64/run '$$(ARM64_MISSING)' $$(ARM64_QEMU) build/arm64/test))
