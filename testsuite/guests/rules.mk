# SPDX-License-Identifier: Apache-2.0
# Are our verdicts for a platform those of its kernel? The one that runs here is asked by `make check`, 6.1 and 6.12 by
# `make guests`, which fetches them.
$(eval $(call suite,live,tools,testsuite/guests/compare live))

.PHONY: guests
guests: tools
	@testsuite/guests/compare $(KERNELS)
