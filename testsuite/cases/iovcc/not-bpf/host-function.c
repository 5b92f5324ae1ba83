// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#ifndef MENDED
#include <pthread.h>

static pthread_mutex_t lock;
#endif
int count;

int next(void)
{
#ifndef MENDED
	pthread_mutex_lock(&lock);
	count++;
	pthread_mutex_unlock(&lock);
#else
	__sync_fetch_and_add(&count, 1);
#endif
	return count;
}
//= STDERR
//| host-function.c:14:2: error: BPF has no C library, and so no pthread_mutex_lock() [IOV-S011]
//|    14 |         pthread_mutex_lock(&lock);
//|       |         ^
//|   why:  this is in function `next`
//|         /usr/include/pthread.h declares it, for programs of this machine
//|   hint: a struct bpf_spin_lock in a map's value guards it: bpf_spin_lock(&value->lock)
//| host-function.c:16:2: error: BPF has no C library, and so no pthread_mutex_unlock() [IOV-S011]
//|    16 |         pthread_mutex_unlock(&lock);
//|       |         ^
//|   why:  this is in function `next`
//|         /usr/include/pthread.h declares it, for programs of this machine
//|   hint: a struct bpf_spin_lock in a map's value guards it: bpf_spin_lock(&value->lock)
