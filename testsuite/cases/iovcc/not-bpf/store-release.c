// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
void publish(int *flag)
{
	__atomic_store_n(flag, 1, __ATOMIC_RELEASE);
}
//= STDERR
//| store-release.c:5:2: error: this compiler has no ordered stores (store-release) for BPF [IOV-S015]
//|     5 |         __atomic_store_n(flag, 1, __ATOMIC_RELEASE);
//|       |         ^
//|   why:  this is in function `publish`
//|   hint: __sync_fetch_and_add(&x, 0) reads x, __sync_lock_test_and_set(&x, value) sets it: both order memory fully
