# SPDX-License-Identifier: Apache-2.0
# iovdump and its library.
$(eval $(call library,asm,asm,object isa base,))
$(eval $(call tool,iovdump,asm,asm,))
