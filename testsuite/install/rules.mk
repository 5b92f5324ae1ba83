# SPDX-License-Identifier: Apache-2.0
# `make install` into a scratch root, and a user of the library built against it.
.PHONY: install-scratch
install-scratch: tools libiov man build/test/fixture.o
	@rm -rf build/check/root && mkdir -p build/check
	@$(MAKE) -s --no-print-directory install DESTDIR=$(CURDIR)/build/check/root PREFIX=/opt/iov \
		>build/check/install.out 2>&1
$(eval $(call suite,install,install-scratch,\
	testsuite/install/check build/check/root build/test/fixture.o '$$(CC)' '$$(CXX)'))
