# SPDX-License-Identifier: Apache-2.0
# iovcc as the compiler of make, cmake, meson, ninja, ccache, distcc and bear.
$(eval $(call suite,buildtools,$(BUILD)/bin/iovcc $(BUILD)/bin/iovverify,testsuite/buildtools/check))
