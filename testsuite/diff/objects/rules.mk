# SPDX-License-Identifier: Apache-2.0
$(eval $(call suite,objects,tools $(BUILD)/test/corpus,testsuite/diff/objects/compare $(BUILD)/bin/iovcc $(BUILD)/test/corpus $(BUILD)/bin/iovrun))
