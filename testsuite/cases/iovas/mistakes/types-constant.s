# RUN: iovas %s -o %t.o
# EXIT: 1
# IOV-A101: sizes and enumerators that come to no number
	.btf
	enum { MAX = 4, MORE = MAX << 2 | 1 };
	struct fine { char name[16 * 2]; int n[(MAX + 1) % 3]; };
	typedef char a[-1];
	typedef char b[1 / 0];
	typedef char c[NOPE];
	typedef char d[(1];
	typedef char e[0x1ffffffff];
	enum x { Y = , Z = "q" };
	.endbtf
	exit
#= STDERR
#| types-constant.s:7:17: error: a number of elements is at most 4294967295 [IOV-A101]
#|     7 |         typedef char a[-1];
#|       |                        ^~
#| types-constant.s:8:22: error: this divides by zero [IOV-A101]
#|     8 |         typedef char b[1 / 0];
#|       |                             ^
#| types-constant.s:9:17: error: expected a number of elements, not NOPE [IOV-A101]
#|     9 |         typedef char c[NOPE];
#|       |                        ^~~~
#| types-constant.s:10:19: error: expected ) after the number, not ] [IOV-A101]
#|    10 |         typedef char d[(1];
#|       |                          ^
#| types-constant.s:11:17: error: a number of elements is at most 4294967295 [IOV-A101]
#|    11 |         typedef char e[0x1ffffffff];
#|       |                        ^~~~~~~~~~~
#| types-constant.s:12:15: error: expected a number after =, not , [IOV-A101]
#|    12 |         enum x { Y = , Z = "q" };
#|       |                      ^
