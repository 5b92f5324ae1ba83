# SPDX-License-Identifier: Apache-2.0
# The only C++. LLVM's and Clang's static archives; libz3 and libxml2 are named by llvm-config but never reached.
LLVM_PREFIX := $(shell $(LLVM_CONFIG) --prefix 2>/dev/null)
LLVM_INCLUDE := $(LLVM_PREFIX)/include
LLVM_LIBDIR := $(LLVM_PREFIX)/lib
CLANG_LIBS := Frontend Driver Serialization CodeGen Parse Sema ExtractAPI Analysis Edit AST \
	ASTMatchers APINotes Lex Support Basic
LLVM_COMPONENTS := bpf passes bitreader bitwriter irreader linker lto option coverage objcarcopts frontendopenmp \
	frontenddriver frontendhlsl frontendoffloading hipstdpar windowsdriver

clang_EXTRA_OBJS := $(patsubst %.cpp,$(BUILD)/obj/%.o,$(wildcard frontend/clang/*.cpp))
# Expanded at the link alone: llvm-config takes longer than all else that make reads.
clang_LINK_LIBS = -L$(LLVM_LIBDIR) -Wl,--start-group $(CLANG_LIBS:%=-lclang%) -Wl,--end-group \
	$(filter-out -lPolly%,$(shell $(LLVM_CONFIG) --link-static --libs $(LLVM_COMPONENTS))) -lz -lzstd -lstdc++ -lm
$(eval $(call library,clang,frontend/clang,isa base,))
clang_LDLIBS = $(clang_LINK_LIBS)

$(BUILD)/obj/frontend/clang/%.o: frontend/clang/%.cpp
	$(call say,CXX,$@)mkdir -p $(@D) && $(CXX) -std=gnu++17 -fno-rtti -fno-exceptions -I. -isystem $(LLVM_INCLUDE) \
		-D_GNU_SOURCE -D__STDC_CONSTANT_MACROS -D__STDC_FORMAT_MACROS -D__STDC_LIMIT_MACROS -fPIC \
		-ffunction-sections -fdata-sections $(CXXFLAGS) $(WARNINGS) -MMD -MP -c $< -o $@
