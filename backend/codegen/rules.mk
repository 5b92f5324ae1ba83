# SPDX-License-Identifier: Apache-2.0
# LLVM's C API alone; frontend/clang/rules.mk knows where LLVM is and what is linked.
EXTRA_backend_codegen_CFLAGS = -isystem $(LLVM_INCLUDE)
$(eval $(call library,codegen,backend/codegen,isa base,$$(clang_LINK_LIBS)))
