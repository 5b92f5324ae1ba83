// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int apply(int (*function)(int), int x)
{
	return function(x);
}
//= STDERR
//| indirect-call.c:5:9: error: this calls a function through a pointer, which BPF cannot do [IOV-S007]
//|     5 |         return function(x);
//|       |                ^
//|   why:  this is in function `apply`
//|   hint: call the functions by name, for example in a switch; between programs: bpf_tail_call()
