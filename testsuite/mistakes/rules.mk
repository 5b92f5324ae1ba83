# SPDX-License-Identifier: Apache-2.0
# The golden mistakes and their mended versions at -O1, -O2, -Os and -mcpu v1 to v4.
$(eval $(call suite,mistakes,tools,testsuite/mistakes/run))
