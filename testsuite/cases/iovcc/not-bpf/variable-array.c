// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int fill(int *a);

int use(int n)
{
	int a[n];

	return fill(a);
}
//= STDERR
//| variable-array.c:7:2: error: the size of the array `a` is not known when the program is compiled [IOV-S003]
//|     7 |         int a[n];
//|       |         ^
//|   why:  this is in function `use`
//|   hint: give `a` the largest size that can occur, and check the size against it
