# SPDX-License-Identifier: Apache-2.0
# What `make check` runs. A suite is a command that prints result lines (PASS name | FAIL name: why | SKIP name:
# reason); it plugs in with one line in its folder's rules.mk:  $(eval $(call suite,NAME,prerequisites,command))
# and runs alone by `make check-NAME`. A testsuite/*/rules.mk is included by itself.

UNIT_BINARIES = $(UNITS:%=$(BUILD)/unit/%)

$(eval $(call suite,unit,unit,testsuite/tools/run-unit $$(UNIT_BINARIES)))
# The same with AddressSanitizer and UBSan, by a second make into build/san. Not for what links LLVM, which Debian ships
# without instrumentation. One make alone writes there: two at once would each write the same archives.
SAN_UNITS = $(filter-out codegen clang frontend,$(UNITS))
SAN_BINARIES += $(SAN_UNITS:%=build/san/unit/%)
.PHONY: san-build
san-build:
	@$(MAKE) --no-print-directory SAN=1 $(SAN_BINARIES)
$(eval $(call suite,san,san-build,testsuite/tools/run-unit --san build/check/san $$(SAN_UNITS:%=build/san/unit/%)))

$(eval $(call suite,cases,tools,testsuite/tools/run-cases $$(CASES)))

.PHONY: rebase
rebase: tools
	$(Q)testsuite/tools/run-cases --rebase $(CASES)

# The house's rules.
.PHONY: print-layers metrics
print-layers:
	@printf '%s\n' $(foreach l,$(LIBS),'lib $(l) $($(l)_DEPS)') $(foreach t,$(TOOLS),'tool $(t) $($(t)_TOOL_LIBS)')
metrics:
	@testsuite/tools/metrics
$(eval $(call suite,layers,all,sh -c '$$(MAKE) -s print-layers | testsuite/tools/check-layers $$(BUILD)'))
# The table of wrong programs beside clang-19 has every case's present message.
$(eval $(call suite,not-bpf,,testsuite/cases/iovcc/not-bpf/compare --check))
$(eval $(call suite,style,,testsuite/tools/check-style))
