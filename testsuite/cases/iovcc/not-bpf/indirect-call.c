// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
static int twice(int x)
{
	return x * 2;
}

static int half(int x)
{
	return x / 2u;
}

int use(int x)
{
#ifndef MENDED
	int (*function)(int) = x > 3 ? twice : half;

	return function(x);
#else
	return x > 3 ? twice(x) : half(x);
#endif
}
//= STDERR
//| indirect-call.c:19:9: error: this calls a function through a pointer, which BPF cannot do [IOV-S007]
//|    19 |         return function(x);
//|       |                ^
//|   why:  this is in function `use`
//|         indirect-call.c:4:12: it may be `twice`
//|     4 | static int twice(int x)
//|       |            ^
//|         indirect-call.c:9:12: it may be `half`
//|     9 | static int half(int x)
//|       |            ^
//|   hint: call the functions by name, for example in a switch; between programs: bpf_tail_call()
