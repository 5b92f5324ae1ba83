// SPDX-License-Identifier: Apache-2.0
#ifndef IOV_FRONTEND_CLANG_OPTIONS_H
#define IOV_FRONTEND_CLANG_OPTIONS_H

#include "frontend/clang/sink.h"

#include "clang/Frontend/CompilerInvocation.h"

namespace iov
{

// Whether the invocation asks for nothing that iovcc refuses. What it passes over is taken out, and one note says so.
bool optionsServed(clang::CompilerInvocation &Invocation, struct iov_sink *Sink);

} // namespace iov

#endif
