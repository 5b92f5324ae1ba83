# SPDX-License-Identifier: Apache-2.0
$(eval $(call library,object,linker/object,isa base,))
# The tests compare with libbpf.
unit_object_LDLIBS := -lbpf
