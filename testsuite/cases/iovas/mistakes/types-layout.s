# RUN: iovas %s -o %t.o
# EXIT: 1
# IOV-A104: members without a size, and bit-fields that do not fit
	.btf
	struct flow { void nothing; struct later later; int bits : 40; };
	struct later;
	struct call { int f(void); };
	.endbtf
	exit
#= STDERR
#| types-layout.s:5:21: error: member nothing has a type without a size [IOV-A104]
#|     5 |         struct flow { void nothing; struct later later; int bits : 40; };
#|       |                            ^~~~~~~
#| types-layout.s:5:43: error: member later has a type without a size [IOV-A104]
#|     5 |         struct flow { void nothing; struct later later; int bits : 40; };
#|       |                                                  ^~~~~
#| types-layout.s:5:54: error: bit-field bits of 40 bits does not fit its type [IOV-A104]
#|     5 |         struct flow { void nothing; struct later later; int bits : 40; };
#|       |                                                             ^~~~
#| types-layout.s:7:20: error: member f has a type without a size [IOV-A104]
#|     7 |         struct call { int f(void); };
#|       |                           ^
