// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 70
#pragma clang __debug llvm_fatal_error
//= STDERR
//| llvm-fatal.c: fatal error: the compiler crashed on this file (signal 6, Aborted) [IOV-C005]
//|   why:  LLVM ERROR: #pragma clang __debug llvm_fatal_error
