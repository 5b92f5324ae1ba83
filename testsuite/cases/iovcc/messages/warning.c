// RUN: iovcc -O2 -Wall -fno-iov-verify -c %s -o %t.o
int f(int x)
{
	int unused;

	if (x = 3)
		return 1;
	return 2;
}
//= STDERR
//| warning.c:6:8: warning: using the result of an assignment as a condition without parentheses [-Wparentheses] [IOV-C002]
//|     6 |         if (x = 3)
//|       |               ^
//| warning.c:6:8: note: place parentheses around the assignment to silence this warning
//|     6 |         if (x = 3)
//|       |               ^
//| warning.c:6:8: note: use '==' to turn this assignment into an equality comparison
//|     6 |         if (x = 3)
//|       |               ^
//|   hint: warning.c:6:6: insert '('
//|     6 |         if (x = 3)
//|       |             ^
//|         warning.c:6:11: insert ')'
//|     6 |         if (x = 3)
//|       |                  ^
//|         warning.c:6:8: write '==' instead of '='
//|     6 |         if (x = 3)
//|       |               ^
//| warning.c:4:6: warning: unused variable 'unused' [-Wunused-variable] [IOV-C002]
//|     4 |         int unused;
//|       |             ^~~~~~
