# SPDX-License-Identifier: Apache-2.0
# What iovcc itself does with a file of many programs grows with their number, not with its square.
$(eval $(call suite,growth,$(BUILD)/bin/iovcc $(BUILD)/test/measure,testsuite/growth/check $(BUILD)/bin/iovcc \
	$(BUILD)/test/measure build/check/growth))
