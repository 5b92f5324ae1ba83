// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int fill(int *a);

int use(int n)
{
	int a[n];

	return fill(a);
}
//= STDERR
//| variable-array.c:7:2: error: this array's size is not known when the program is compiled [IOV-S003]
//|     7 |         int a[n];
//|       |         ^
//|   why:  this is in function `use`
//|   hint: give the array a constant size
