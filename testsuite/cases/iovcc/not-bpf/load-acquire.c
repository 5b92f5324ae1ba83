// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int ready(int *flag)
{
	return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
}
//= STDERR
//| load-acquire.c:5:9: error: this compiler has no ordered loads and stores (load-acquire, store-release) for BPF [IOV-S015]
//|     5 |         return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
//|       |                ^
//|   why:  this is in function `ready`
//|   hint: use __sync_fetch_and_add() or __sync_val_compare_and_swap(), which order memory fully
