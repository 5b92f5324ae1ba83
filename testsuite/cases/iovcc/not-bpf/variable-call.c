// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#ifndef MENDED
int record(const char *format, ...);
#else
static inline int record(const char *format, int x)
{
	return format[x & 1];
}
#endif

int use(int x)
{
	return record("%d", x);
}
//= STDERR
//| variable-call.c:15:9: error: `record` takes a variable number of arguments, which BPF functions cannot [IOV-S002]
//|    15 |         return record("%d", x);
//|       |                ^
//|   why:  this is in function `use`
//|   hint: bpf_printk() and BPF_SNPRINTF() are macros that make an array of their arguments
