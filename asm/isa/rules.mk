# SPDX-License-Identifier: Apache-2.0
$(eval $(call library,isa,asm/isa,base,))
