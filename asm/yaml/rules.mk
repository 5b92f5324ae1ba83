# SPDX-License-Identifier: Apache-2.0
$(eval $(call library,yaml,asm/yaml,platforms isa base,-lyaml))
