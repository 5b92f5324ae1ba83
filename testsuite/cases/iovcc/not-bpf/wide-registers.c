// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#ifndef MENDED
int mix(__int128 a, __int128 b, __int128 c);

int go(long x)
{
	return mix(x, x, x);
}
#else
static inline int mix(__int128 a, __int128 b, __int128 c)
{
	return a ^ b ^ c;
}

int go(long x)
{
	return mix(x, x, x);
}
#endif
//= STDERR
//| wide-registers.c:9:9: error: the 3 arguments of `mix` take 6 registers; BPF passes five, r1 to r5 [IOV-S004]
//|     9 |         return mix(x, x, x);
//|       |                ^
//|   why:  this is in function `go`
//|   hint: put the values into a structure and pass its address, or declare the function static __always_inline
