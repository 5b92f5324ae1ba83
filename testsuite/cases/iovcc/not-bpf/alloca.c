// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int fill(int *a);

int use(int n)
{
	return fill(__builtin_alloca(n));
}
//= STDERR
//| alloca.c:7:14: error: the size of this alloca() is not known when the program is compiled [IOV-S003]
//|     7 |         return fill(__builtin_alloca(n));
//|       |                     ^
//|   why:  this is in function `use`
//|   hint: declare an array of the largest size that can occur, and check the size against it
