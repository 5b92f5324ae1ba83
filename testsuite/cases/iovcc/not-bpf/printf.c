// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int printf(const char *format, ...);

int report(int x)
{
	return printf("x is %d", x);
}
//= STDERR
//| printf.c:7:9: error: BPF has no C library, and so no printf() [IOV-S011]
//|     7 |         return printf("x is %d", x);
//|       |                ^
//|   why:  this is in function `report`
//|   hint: bpf_printk() writes to the trace pipe; counters and ring buffers carry data to user space
