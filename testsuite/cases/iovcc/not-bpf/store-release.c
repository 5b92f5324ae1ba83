// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int flag;

int publish(void)
{
#ifndef MENDED
	__atomic_store_n(&flag, 1, __ATOMIC_RELEASE);
#else
	__sync_lock_test_and_set(&flag, 1);
#endif
	return 0;
}
//= STDERR
//| store-release.c:9:2: error: this compiler has no ordered stores (store-release) for BPF [IOV-S015]
//|     9 |         __atomic_store_n(&flag, 1, __ATOMIC_RELEASE);
//|       |         ^
//|   why:  this is in function `publish`
//|   hint: __sync_fetch_and_add(&x, 0) reads x, __sync_lock_test_and_set(&x, value) sets it: both order memory fully
