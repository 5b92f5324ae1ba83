// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
int sum(void)
{
	char b[16];

	return b[3] + b[4];
}
//= STDERR
//| uninitialised-array.c:7:9: error: `b[3]` is read here, and nothing has written it [IOV-S019]
//|     7 |         return b[3] + b[4];
//|       |                ^
//|   why:  uninitialised-array.c:5:7: `b` is declared here, in function `sum`; read are byte 3 of its 16
//|     5 |         char b[16];
//|       |              ^
//|   hint: give `b` a value where it is declared: `= {}` clears it
