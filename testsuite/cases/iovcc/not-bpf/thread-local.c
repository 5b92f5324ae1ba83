// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
__thread int counter;

int next(void)
{
	return ++counter;
}
//= STDERR
//| thread-local.c:3:1: error: thread-local storage is not supported for the current target [IOV-S009]
//|     3 | __thread int counter;
//|       | ^~~~~~~~
//|   hint: a map of type BPF_MAP_TYPE_PERCPU_ARRAY has one copy of its values for every CPU
