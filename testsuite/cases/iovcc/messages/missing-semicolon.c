// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int f(int x)
{
	int y = x
	return y;
}
//= STDERR
//| missing-semicolon.c:5:11: error: expected ';' at end of declaration [IOV-C001]
//|     5 |         int y = x
//|       |                  ^
//|   hint: missing-semicolon.c:5:11: insert ';'
//|     5 |         int y = x
//|       |                  ^
