# SPDX-License-Identifier: Apache-2.0
# What `make check` runs. A suite is a command that prints result lines (PASS name | FAIL name: why | SKIP name: reason);
# it plugs in with one line in its folder's rules.mk:  $(eval $(call suite,NAME,prerequisites,command))
# and runs alone by `make check-NAME`. A testsuite/*/rules.mk is included by itself.

UNIT_BINARIES = $(UNITS:%=$(BUILD)/unit/%)

$(eval $(call suite,unit,unit,testsuite/tools/run-unit $$(UNIT_BINARIES)))
$(eval $(call suite,cases,tools,testsuite/tools/run-cases $$(CASES)))

.PHONY: rebase
rebase: tools
	$(Q)testsuite/tools/run-cases --rebase $(CASES)
