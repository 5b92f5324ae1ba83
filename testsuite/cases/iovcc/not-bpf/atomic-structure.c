// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
struct pair {
	long first, second, third;
};

struct pair pair;

long both(void)
{
#ifndef MENDED
	struct pair now;

	__atomic_load(&pair, &now, __ATOMIC_SEQ_CST);
	return now.first + now.second;
#else
	return __sync_fetch_and_add(&pair.first, 0);
#endif
}
//= STDERR
//| atomic-structure.c:15:2: warning: misaligned atomic operation may incur significant performance penalty; the expected alignment (24 bytes) exceeds the actual alignment (8 bytes) [-Watomic-alignment] [IOV-C002]
//|    15 |         __atomic_load(&pair, &now, __ATOMIC_SEQ_CST);
//|       |         ^~~~~~~~~~~~~
//| atomic-structure.c:15:2: warning: large atomic operation may incur significant performance penalty; the access size (24 bytes) exceeds the max lock-free size (8  bytes) [-Watomic-alignment] [IOV-C002]
//|    15 |         __atomic_load(&pair, &now, __ATOMIC_SEQ_CST);
//|       |         ^~~~~~~~~~~~~
//| atomic-structure.c:15:2: error: this atomic operation would call a library: BPF has them on 4 and 8 bytes alone [IOV-S014]
//|    15 |         __atomic_load(&pair, &now, __ATOMIC_SEQ_CST);
//|       |         ^
//|   why:  this is in function `both`
//|   hint: make the variable a __u32 or __u64, or guard it with a struct bpf_spin_lock
