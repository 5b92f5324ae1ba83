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
//| returns-structure.c:7: error: BPF functions return at most 8 bytes, in r0 [IOV-G005]
//|     7 | struct pair make(int x)
//|   hint: let the caller pass the address of what the function fills in
