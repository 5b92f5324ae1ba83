# SPDX-License-Identifier: Apache-2.0
# iovas against clang-19's own assembler.
#   make check-clang-asm                     over sources of this tree
#   testsuite/diff/asm/clang_asm --fetch     over linux-source-6.12 (150 MB and 10 minutes, not in make check)
$(eval $(call suite,clang-asm,$(BUILD)/bin/iovas,testsuite/diff/asm/clang_asm))
#   make check-dialects                      what llvm-objdump and bpf-objdump print, and what llvm-mc takes of iovdump's
$(eval $(call suite,dialects,$(BUILD)/bin/iovas $(BUILD)/bin/iovdump,testsuite/diff/asm/dialects))

# What iovas made, executed: $(BUILD)/test/far [--count N] [--seed S]
FAR := $(BUILD)/test/far
$(FAR): $(patsubst %,$(BUILD)/obj/testsuite/diff/asm/%.o,far_main assembled) $(call archives,asm runtime)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(call externals,asm runtime)
$(eval $(call suite,far-jumps,$(FAR),$(FAR)))

# -O, over random programs: make check-optimized; make fuzz-optimized FUZZ_SECONDS=...
OPTIMIZED := $(BUILD)/test/optimized
$(OPTIMIZED): $(patsubst %,$(BUILD)/obj/testsuite/%.o,diff/asm/optimized_main diff/asm/assembled diff/engines/random \
		unit/jit/oracle) $(call archives,asm runtime)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(call externals,asm runtime)
$(eval $(call suite,optimized,$(OPTIMIZED),$(OPTIMIZED)))
$(eval $(call fuzz,optimized,$(OPTIMIZED),$(OPTIMIZED) --seconds $$(FUZZ_SECONDS) --seed $$$$(date +%s)))
