// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#define FIRST(p) ((p)->first)
#define BOTH(p) (FIRST(p) + (p)->second)
struct s {
	int second;
};

int f(struct s *s)
{
	return BOTH(s);
}
//= STDERR
//| macro.c:11:9: error: no member named 'first' in 'struct s' [IOV-C001]
//|    11 |         return BOTH(s);
//|       |                ^~~~
//| macro.c:3:24: note: expanded from macro 'FIRST'
//|     3 | #define FIRST(p) ((p)->first)
//|       |                        ^
//| macro.c:4:18: note: expanded from macro 'BOTH'
//|     4 | #define BOTH(p) (FIRST(p) + (p)->second)
//|       |                  ^
