// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int f(int x)
{
	int lenght = x;

	return length;
}
//= STDERR
//| fix-it.c:7:9: error: use of undeclared identifier 'length'; did you mean 'lenght'? [IOV-C001]
//|     7 |         return length;
//|       |                ^~~~~~
//| fix-it.c:5:6: note: 'lenght' declared here
//|     5 |         int lenght = x;
//|       |             ^~~~~~
//|   hint: fix-it.c:7:9: write 'lenght' instead of 'length'
//|     7 |         return length;
//|       |                ^
