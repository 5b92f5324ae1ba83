# RUN: iovas %s -o %t.o
# EXIT: 1
# IOV-A101: what is no C declaration, or more than one; reading goes on after the semicolon
	.btf
	struct flow { __u32 addr; __u16 port };
	int limit = 5;
	struct { int a; } [3;
	unsigned float x;
	int after[;
	int count(struct flow *f) { return 0; }
	.endbtf
	exit
#= STDERR
#| types-syntax.s:5:39: error: expected ; after a member, not } [IOV-A101]
#|     5 |         struct flow { __u32 addr; __u16 port };
#|       |                                              ^
#| types-syntax.s:6:12: error: expected ; after the declaration, not = [IOV-A101]
#|     6 |         int limit = 5;
#|       |                   ^
#| types-syntax.s:7:22: error: expected ] after the number of elements, not ; [IOV-A101]
#|     7 |         struct { int a; } [3;
#|       |                             ^
#| types-syntax.s:8:17: error: these words together are no type [IOV-A101]
#|     8 |         unsigned float x;
#|       |                        ^
#| types-syntax.s:9:12: error: expected a number of elements, not ; [IOV-A101]
#|     9 |         int after[;
#|       |                   ^
#| types-syntax.s:10:28: error: expected ; after the declaration, not { [IOV-A101]
#|    10 |         int count(struct flow *f) { return 0; }
#|       |                                   ^
