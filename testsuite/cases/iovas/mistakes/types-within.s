# RUN: iovas %s -o %t.o
# EXIT: 1
# IOV-A104: a struct cannot stand in itself, but a pointer to it can
	.btf
	struct circle { int a; struct circle inner; };
	struct fine { struct fine *next; };
	struct pair { struct list { struct pair one; } list; };
	.endbtf
	exit
#= STDERR
#| types-within.s:5:2: error: circle contains itself [IOV-A104]
#|     5 |         struct circle { int a; struct circle inner; };
#|       |         ^
