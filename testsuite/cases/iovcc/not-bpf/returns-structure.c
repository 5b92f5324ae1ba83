// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
struct pair {
	long first, second, third;
};

struct pair make(int x)
{
	return (struct pair){x, x + 1, x + 2};
}
//= STDERR
//| returns-structure.c:7:13: error: `make` returns struct pair (24 bytes) by value; r0 holds one number of 8 bytes [IOV-S005]
//|     7 | struct pair make(int x)
//|       |             ^
//|   hint: let the caller pass the address of what the function fills in, or declare the function static __always_inline
