# SPDX-License-Identifier: Apache-2.0
# What the firewall promises (firewall_test), on the object that the packet differential compares with the kernel.
FIREWALL_UNDER_TEST := $(BUILD)/test/packets.d/firewall.o
$(eval $(call suite,firewall,$(FIREWALL_UNDER_TEST) $(BUILD)/bin/iovrun,testsuite/traffic/firewall_test \
	$(FIREWALL_UNDER_TEST) $(BUILD)/bin/iovrun))
