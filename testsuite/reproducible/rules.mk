# SPDX-License-Identifier: Apache-2.0
# The same sources give the same bytes: with other folders, users, times, locales, orders of inputs.
$(eval $(call suite,reproducible,tools,testsuite/reproducible/check $$(BUILD)/bin))
