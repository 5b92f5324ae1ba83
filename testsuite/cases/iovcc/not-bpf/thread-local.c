// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#ifndef MENDED
__thread int counter;
#else
int counter;
#endif

int next(void)
{
	return ++counter;
}
//= STDERR
//| thread-local.c:5:1: error: thread-local storage is not supported for the current target [IOV-S009]
//|     5 | __thread int counter;
//|       | ^~~~~~~~
//|   hint: a map of type BPF_MAP_TYPE_PERCPU_ARRAY has one copy of its values for every CPU
