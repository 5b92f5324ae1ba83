# SPDX-License-Identifier: Apache-2.0
# iovcc beside clang-19: CPU time and memory of a compile, alone and a hundred in one call: `make bench-iovcc`.
$(eval $(call bench,iovcc,tools $(BUILD)/test/measure $(BUILD)/test/bars,testsuite/bench/iovcc/run $(BUILD)/test/measure \
	$(BUILD)/test/bars $(BUILD)/bin/iovcc $(BUILD)/bench/iovcc))
