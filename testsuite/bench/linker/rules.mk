# SPDX-License-Identifier: Apache-2.0
# iovld beside `bpftool gen object` on real objects: `make bench-iovld` (needs the corpus: make corpus).
LINK_MEASURE := $(BUILD)/test/measure
$(LINK_MEASURE): $(BUILD)/obj/testsuite/bench/linker/measure.o
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^
$(eval $(call bench,iovld,$(BUILD)/bin/iovld $(LINK_MEASURE),testsuite/bench/linker/run $(LINK_MEASURE) \
	$(BUILD)/bin/iovld $(BUILD)/bench $(wildcard build/corpus/obj/v3/*/*.o)))
