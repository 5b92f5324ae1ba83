# SPDX-License-Identifier: Apache-2.0
# iovcc against clang-19: the same code, relocations, types and line information.
#   make check-clang-same            over the sources of this tree
#   testsuite/diff/clang/clang_same --fetch    over linux-source-6.12 and what else apt has (150 MB, not in make check)
$(BUILD)/test/objtext: $(BUILD)/obj/testsuite/diff/clang/objtext.o $(call archives,object isa base)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^)

$(eval $(call suite,clang-same,tools $(BUILD)/test/objtext,testsuite/diff/clang/clang_same))
