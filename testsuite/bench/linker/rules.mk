# SPDX-License-Identifier: Apache-2.0
# iovld beside `bpftool gen object` on real objects: `make bench-iovld` (needs the corpus: make corpus).
$(eval $(call bench,iovld,$(BUILD)/bin/iovld $(BUILD)/test/measure,testsuite/bench/linker/run $(BUILD)/test/measure \
	$(BUILD)/bin/iovld $(BUILD)/bench $(wildcard build/corpus/obj/v3/*/*.o)))
