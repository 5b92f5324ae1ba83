// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
void publish(int *flag)
{
	__atomic_store_n(flag, 1, __ATOMIC_RELEASE);
}
//= STDERR
//| store-release.c:5:2: error: this compiler has no ordered loads and stores (load-acquire, store-release) for BPF [IOV-S015]
//|     5 |         __atomic_store_n(flag, 1, __ATOMIC_RELEASE);
//|       |         ^
//|   why:  this is in function `publish`
//|   hint: use __sync_fetch_and_add() or __sync_val_compare_and_swap(), which order memory fully
