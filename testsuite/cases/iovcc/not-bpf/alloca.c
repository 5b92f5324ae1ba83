// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int fill(int *a);

int use(int n)
{
	return fill(__builtin_alloca(n));
}
//= STDERR
//| alloca.c:7:14: error: this array's size is not known when the program is compiled [IOV-S003]
//|     7 |         return fill(__builtin_alloca(n));
//|       |                     ^
//|   why:  this is in function `use`
//|   hint: give the array a constant size
