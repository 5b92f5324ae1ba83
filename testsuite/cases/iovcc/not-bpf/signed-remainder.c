// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int bucket(int hash, int buckets)
{
	return hash % buckets;
}
//= STDERR
//| signed-remainder.c:5:14: error: signed division needs BPF cpu v4 [IOV-S016]
//|     5 |         return hash % buckets;
//|       |                     ^
//|   why:  this is in function `bucket`
//|   hint: divide unsigned values where they cannot be negative, or compile with -mcpu=v4
