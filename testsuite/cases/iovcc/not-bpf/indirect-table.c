// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
static __attribute__((noinline)) int twice(int x)
{
	return x * 2;
}

static __attribute__((noinline)) int third(int x)
{
	return x / 3u;
}

int apply(unsigned which, int x)
{
#ifndef MENDED
	static int (*const table[])(int) = {twice, third};

	return table[which & 1](x);
#else
	return which & 1 ? third(x) : twice(x);
#endif
}
//= STDERR
//| indirect-table.c:19:9: error: this calls a function through a pointer, which BPF cannot do [IOV-S007]
//|    19 |         return table[which & 1](x);
//|       |                ^
//|   why:  this is in function `apply`
//|         indirect-table.c:17:21: the pointer is read from `table`
//|    17 |         static int (*const table[])(int) = {twice, third};
//|       |                            ^
//|   hint: call the functions by name, for example in a switch; between programs: bpf_tail_call()
