// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 70
#pragma clang __debug crash
//= STDERR
//| crash.c: fatal error: the compiler crashed on this file (signal 4, Illegal instruction) [IOV-C005]
