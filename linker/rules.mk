# SPDX-License-Identifier: Apache-2.0
# iovld and its library.
$(eval $(call library,linker,linker,assess yaml verify object isa base platforms,))
$(eval $(call tool,iovld,linker,linker platforms,))
# Starting takes longer than linking a few objects: nothing is left for the dynamic linker.
iovld_LDFLAGS = $(if $(SAN),,-static -no-pie)
