# SPDX-License-Identifier: Apache-2.0
# The same sources give the same bytes: with other folders, users, times, locales, orders of inputs.
$(eval $(call suite,reproducible,tools,testsuite/reproducible/check $$(BUILD)/bin))

# The same in two Debians of their own. Root, debootstrap, diffoscope-minimal, the network, some minutes: no part of
# `make check`.
.PHONY: check-chroots
check-chroots: install-scratch
	@for tool in debootstrap diffoscope; do command -v $$tool >/dev/null || \
		{ echo "check-chroots needs $$tool: apt-get install debootstrap diffoscope-minimal"; exit 1; }; done
	@testsuite/tools/suite chroots testsuite/reproducible/chroots build/check/root build/check/chroots
