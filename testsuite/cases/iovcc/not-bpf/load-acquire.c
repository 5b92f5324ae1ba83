// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int flag;

int ready(void)
{
#ifndef MENDED
	return __atomic_load_n(&flag, __ATOMIC_ACQUIRE);
#else
	return __sync_fetch_and_add(&flag, 0);
#endif
}
//= STDERR
//| load-acquire.c:9:9: error: this compiler has no ordered loads (load-acquire) for BPF [IOV-S015]
//|     9 |         return __atomic_load_n(&flag, __ATOMIC_ACQUIRE);
//|       |                ^
//|   why:  this is in function `ready`
//|   hint: __sync_fetch_and_add(&x, 0) reads x, __sync_lock_test_and_set(&x, value) sets it: both order memory fully
