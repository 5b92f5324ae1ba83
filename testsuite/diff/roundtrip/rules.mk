# SPDX-License-Identifier: Apache-2.0
# iovdump --asm | iovas gives the object again: the programs of this tree in `make check`, and
#   make roundtrip    over the real programs of linux-source-6.12, v1 to v4, either byte order (it fetches them: long)
$(eval $(call suite,roundtrip,tools,testsuite/diff/roundtrip/roundtrip))

.PHONY: roundtrip
roundtrip: tools
	$(Q)testsuite/diff/roundtrip/roundtrip --fetch
