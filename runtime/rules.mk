# SPDX-License-Identifier: Apache-2.0
# The JIT takes an image and nothing of the rest of the runtime, so it is a library of its own.
$(eval $(call library,jit,runtime/jit,isa base,))
$(eval $(call library,runtime,runtime runtime/maps,jit verify object isa base,))
