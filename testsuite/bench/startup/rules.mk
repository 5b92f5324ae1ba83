# SPDX-License-Identifier: Apache-2.0
$(eval $(call bench,startup,tools,testsuite/bench/startup/run))
