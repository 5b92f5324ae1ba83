# SPDX-License-Identifier: Apache-2.0
# LLVM's C API alone; frontend/clang/rules.mk knows where LLVM is and what is linked.
EXTRA_backend_codegen_CFLAGS = -isystem $(LLVM_INCLUDE)
$(eval $(call library,codegen,backend/codegen,isa base,))
codegen_LDLIBS = $(clang_LINK_LIBS)
EXTRA_testsuite_unit_codegen_CFLAGS = -isystem $(LLVM_INCLUDE)
unit_codegen_LDLIBS = -B$(LLVM_PREFIX)/bin -fuse-ld=lld
