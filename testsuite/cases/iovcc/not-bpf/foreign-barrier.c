// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int flag;

static inline void barrier(void)
{
#ifndef MENDED
	asm volatile("mfence" ::: "memory");
#else
	asm volatile("" ::: "memory");
#endif
}

int publish(int x)
{
	flag = x;
	barrier();
	return flag;
}
//= STDERR
//| foreign-barrier.c:9:2: error: `mfence` is no instruction of BPF [IOV-G006]
//|     9 |         asm volatile("mfence" ::: "memory");
//|       |         ^
//|   why:  foreign-barrier.c:18:2: this is in `barrier`, which is compiled into `publish` here
//|    18 |         barrier();
//|       |         ^
//|   hint: BPF's assembly is written as `r0 = r1` or `%0 += %1`, see iov-isa(7); a barrier for the compiler needs no instruction: asm volatile("" ::: "memory")
