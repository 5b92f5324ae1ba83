# SPDX-License-Identifier: Apache-2.0
$(eval $(call library,runtime,runtime runtime/maps runtime/jit,verify object isa base,))
