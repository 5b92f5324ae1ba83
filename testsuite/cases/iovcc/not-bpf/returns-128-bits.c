// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
__int128 product(__int128 a, __int128 b)
{
	return a * b;
}
//= STDERR
//| returns-128-bits.c:3: error: BPF functions return at most 8 bytes, in r0 [IOV-G005]
//|     3 | __int128 product(__int128 a, __int128 b)
//|   hint: let the caller pass the address of what the function fills in
