# SPDX-License-Identifier: Apache-2.0
include $(sort $(wildcard testsuite/bench/*/rules.mk))
$(eval $(call bench,iovas,$(BUILD)/bin/iovas,testsuite/bench/assembler))
