// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
extern int limit_of(int);
int limit;

__attribute__((constructor)) static void init(void)
{
	limit = limit_of(5);
}
//= STDERR
//| constructor.c:6:42: error: `init` is a constructor, which nothing would ever call [IOV-S010]
//|     6 | __attribute__((constructor)) static void init(void)
//|       |                                          ^
//|   hint: initialise variables where they are declared, or let user space write them before the module is loaded
