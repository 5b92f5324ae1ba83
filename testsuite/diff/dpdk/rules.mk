# SPDX-License-Identifier: Apache-2.0
# Platform dpdk-22.11 beside the real library, where it is installed (libdpdk-dev pulls in 160 MB: not in .ci/packages).
HAVE_DPDK := $(shell $(PKG_CONFIG) --exists 'libdpdk >= 22.11 libdpdk < 23' 2>/dev/null && echo yes)

build/test/dpdk: testsuite/diff/dpdk/dpdk_main.c
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) -O1 -march=native $$($(PKG_CONFIG) --cflags libdpdk) -o $@ $< \
		$$($(PKG_CONFIG) --libs libdpdk)

$(eval $(call suite,dpdk,tools $(if $(HAVE_DPDK),build/test/dpdk),testsuite/diff/dpdk/run))
