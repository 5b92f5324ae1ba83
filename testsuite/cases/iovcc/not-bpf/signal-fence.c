// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int ready;

int order(void)
{
#ifndef MENDED
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
#else
	asm volatile("" ::: "memory");
#endif
	return ready;
}
//= STDERR
//| signal-fence.c:9:2: error: LLVM has no __atomic_signal_fence() for BPF [IOV-S015]
//|     9 |         __atomic_signal_fence(__ATOMIC_SEQ_CST);
//|       |         ^
//|   why:  this is in function `order`
//|   hint: asm volatile("" ::: "memory") keeps the compiler from moving accesses
