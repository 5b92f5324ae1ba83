# SPDX-License-Identifier: Apache-2.0
# iovas, iovdump and their library.
$(eval $(call library,asm,asm asm/types,object yaml platforms isa base,))
$(eval $(call tool,iovas,asm,asm,))
$(eval $(call tool,iovdump,asm,asm,))
