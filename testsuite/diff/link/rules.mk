# SPDX-License-Identifier: Apache-2.0
# iovld beside `bpftool gen object`. `make link-compare` takes the corpus of real programs (make corpus).
LINKTEXT := $(BUILD)/test/linktext
$(LINKTEXT): $(BUILD)/obj/testsuite/diff/link/linktext.o $(call archives,object)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^
.PHONY: link-compare
link-compare: $(LINKTEXT) $(BUILD)/bin/iovld
	$(Q)testsuite/diff/link/compare --iovld $(BUILD)/bin/iovld --linktext $(LINKTEXT) $(or $(wildcard \
		build/corpus/obj/v3/*/*.o),$(error no corpus: run `make corpus` first))
