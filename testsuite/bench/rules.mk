# SPDX-License-Identifier: Apache-2.0
include $(sort $(wildcard testsuite/bench/*/rules.mk))
