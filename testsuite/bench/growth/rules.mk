# SPDX-License-Identifier: Apache-2.0
# What verification costs as diamonds are added, beside the kernel's (root): `make bench-growth`.
$(eval $(call bench,growth,$(BUILD)/test/corpus tools,testsuite/bench/growth/run $(BUILD)/test/corpus \
	$(BUILD)/bin/iovcc $(BUILD)/test/growth.d))
