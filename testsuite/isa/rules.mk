# SPDX-License-Identifier: Apache-2.0
# The instruction table beside LLVM's assembler.
$(BUILD)/test/isa-llvm: $(BUILD)/obj/testsuite/isa/llvm_main.o $(call archives,isa)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^
$(eval $(call suite,isa,$(BUILD)/test/isa-llvm,$(BUILD)/test/isa-llvm))
