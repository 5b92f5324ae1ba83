// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#include <errno.h>

int table[4];

int find(unsigned int which)
{
	if (which >= 4) {
#ifndef MENDED
		errno = ENOENT;
		return -1;
#else
		return -ENOENT;
#endif
	}
	return table[which];
}
//= STDERR
//| errno.c:12:3: error: BPF has no C library, and so no __errno_location() [IOV-S011]
//|    12 |                 errno = ENOENT;
//|       |                 ^
//|   why:  this is in function `find`
//|         /usr/include/errno.h declares it, for programs of this machine
//|   hint: helpers return what went wrong, as a negative number: `long error = bpf_…(…);`
