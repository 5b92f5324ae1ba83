// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
struct table {
	char rows[1021];
};

struct table first, second;

int swap(void)
{
#ifndef MENDED
	second = first;
#else
	for (int i = 0; i < sizeof(first); i++)
		second.rows[i] = first.rows[i];
#endif
	return 0;
}
//= STDERR
//| structure-large.c:13:11: error: this memcpy of 1021 bytes stays a call, and BPF has no C library [IOV-S012]
//|    13 |         second = first;
//|       |                  ^
//|   why:  this is in function `swap`
//|         it would take 129 stores of 8, 4, 2 and 1 bytes; up to 128 are written out in its place
//|   hint: work in a bounded loop, or in pieces of up to 1024 bytes
