// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int sum(int a, int b, int c, int d, int e, int f);

int call(int a)
{
	return sum(a, 2, 3, 4, 5, 6);
}
//= STDERR
//| six-arguments.c:7:9: error: this call passes more than five arguments [IOV-G001]
//|     7 |         return sum(a, 2, 3, 4, 5, 6);
//|       |                ^
//|   hint: BPF passes at most five arguments, in r1 to r5: put the others into a structure and pass its address
