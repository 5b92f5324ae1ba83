# SPDX-License-Identifier: Apache-2.0
$(eval $(call library,base,asm/base,,))
