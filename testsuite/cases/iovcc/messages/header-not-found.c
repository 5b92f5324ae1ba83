// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#include <linux/nothing.h>
int f(void) { return missing; }
//= STDERR
//| header-not-found.c:3:10: error: 'linux/nothing.h' file not found [IOV-C003]
//|     3 | #include <linux/nothing.h>
//|       |          ^~~~~~~~~~~~~~~~~
//|   hint: it is one of the kernel's headers for user space (Debian: linux-libc-dev); or include "vmlinux.h", which iovcc has
