# RUN: iovas %s -o %t.o
# EXIT: 1
# IOV-A102: names that no .btf block declares
	.btf
	struct flow { u128 addr; };
	int count(struct flow *f);
	@other *pointer;
	__datasec(".data") { counter; };
	__decl_tag("contract", struct flow.port);
	.endbtf
	exit
#= STDERR
#| types-unknown.s:5:16: error: u128 is not declared [IOV-A102]
#|     5 |         struct flow { u128 addr; };
#|       |                       ^~~~
#| types-unknown.s:7:3: error: no type has the label @other [IOV-A102]
#|     7 |         @other *pointer;
#|       |          ^~~~~
#| types-unknown.s:8:23: error: counter is no variable or function [IOV-A102]
#|     8 |         __datasec(".data") { counter; };
#|       |                              ^~~~~~~
#| types-unknown.s:9:25: error: flow has no member or parameter port [IOV-A102]
#|     9 |         __decl_tag("contract", struct flow.port);
#|       |                                ^~~~~~
