// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int bucket(int hash, int buckets)
{
	return hash % buckets;
}
//= STDERR
//| signed-remainder.c:5:14: error: signed remainder needs -mcpu=v4; this is compiled for v3 [IOV-S016]
//|     5 |         return hash % buckets;
//|       |                     ^
//|   why:  this is in function `bucket`
//|   hint: where the values cannot be negative: `(__u32)… % …`; or compile with -mcpu=v4
