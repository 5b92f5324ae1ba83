# SPDX-License-Identifier: Apache-2.0
# Differentials: our engines, maps and catalogues beside the live kernel's. Each folder has its own rules.mk.
include $(sort $(wildcard testsuite/diff/*/rules.mk))
