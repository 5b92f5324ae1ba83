// SPDX-License-Identifier: Apache-2.0
// Owns: the rules on the IR as Clang made it, before any pass (memory.cpp). They need debug information for names.
#ifndef IOV_FRONTEND_CLANG_MEMORY_H
#define IOV_FRONTEND_CLANG_MEMORY_H

#include "frontend/clang/clang.h"

namespace llvm
{
class Module;
}

namespace iov
{

void checkMemory(llvm::Module &M, struct iov_sink *Sink);

} // namespace iov

#endif
