// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int sum(int a, int b, int c, int d, int e, int f)
{
	return a + b + c + d + e + f;
}
//= STDERR
//| six-parameters.c:3: error: BPF functions take at most five arguments [IOV-G005]
//|     3 | int sum(int a, int b, int c, int d, int e, int f)
//|   hint: put the others into a structure and pass its address
