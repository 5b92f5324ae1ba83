# SPDX-License-Identifier: Apache-2.0
# The shipped platforms, compiled from YAML. An inherited one stands before its heirs; the first is the tools' default.
PLATFORM_FILES := $(patsubst %,stdlib/platforms/%.yaml,iovrun linux-6.1 linux-6.12 linux-6.18 linux-5.15 \
	example-npu dpdk-22.11)
platforms_EXTRA_OBJS := $(BUILD)/obj/gen/platforms.o
$(eval $(call library,platforms,asm/platforms,isa base,))

PLATGEN_ARCHIVES := $(foreach l,yaml isa base,$(BUILD)/lib/libiov-$(l).a)
$(BUILD)/host/platgen: $(BUILD)/obj/asm/yaml/platgen_main.o $(PLATGEN_ARCHIVES)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ -lyaml

# Runs on the machine that builds: a cross build is given the host's.
PLATGEN ?= $(BUILD)/host/platgen
$(BUILD)/gen/platforms.c: $(PLATGEN) $(PLATFORM_FILES)
	$(call say,GEN,$@)mkdir -p $(@D) && $< $@ $(PLATFORM_FILES)

$(BUILD)/obj/gen/platforms.o: $(BUILD)/gen/platforms.c
	$(call say,CC,$@)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@
