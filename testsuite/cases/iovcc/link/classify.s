	.text
	.btf
	int classify(int len);
	.endbtf
	.func classify
	.global classify
	r0 = 0
	if w1 s<= 100 goto 1f
	r0 = 1
1:	exit
	.endfunc
