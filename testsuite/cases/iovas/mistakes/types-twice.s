# RUN: iovas %s -o %t.o
# EXIT: 1
# IOV-A103: two types of one label. IOV-A107, a warning: two members of one name
	.btf
	struct flow { __u32 addr; __u16 port; __u32 addr; };
	enum verdict { PASS, DROP, PASS };
	@a: int first;
	@a: int second;
	.endbtf
	exit
#= STDERR
#| types-twice.s:5:46: warning: there is another addr before this one [IOV-A107]
#|     5 |         struct flow { __u32 addr; __u16 port; __u32 addr; };
#|       |                                                     ^~~~
#| types-twice.s:6:29: warning: there is another PASS before this one [IOV-A107]
#|     6 |         enum verdict { PASS, DROP, PASS };
#|       |                                    ^~~~
#| types-twice.s:8:10: error: label @a names two types [IOV-A103]
#|     8 |         @a: int second;
#|       |                 ^~~~~~
