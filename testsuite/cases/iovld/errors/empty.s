	.license "GPL"
	.section xdp, "ax"
	.func pass, global
	r0 = 2
	exit
	.endfunc
