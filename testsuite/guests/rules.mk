# SPDX-License-Identifier: Apache-2.0
# Are our verdicts for linux-6.1 and linux-6.12 those of these kernels? Not part of `make check`: it fetches kernels.
.PHONY: guests
guests: tools
	@testsuite/guests/compare $(KERNELS)
