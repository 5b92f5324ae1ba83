// RUN: iovcc -O2 -Wall -Werror -fno-iov-verify -c %s -o %t.o
// EXIT: 1
int f(int x)
{
	int unused;

	return x;
}
//= STDERR
//| werror.c:5:6: error: unused variable 'unused' [-Wunused-variable] [IOV-C001]
//|     5 |         int unused;
//|       |             ^~~~~~
