# SPDX-License-Identifier: Apache-2.0
# What no compiler wants to be given. The small sizes are a suite; `make hostile` takes those that nobody writes by hand:
# 10 MB of one expression, 100,000 functions, files that never end.
$(eval $(call suite,hostile,tools,testsuite/hostile/check))

.PHONY: hostile
hostile: tools
	$(Q)testsuite/hostile/check --huge
