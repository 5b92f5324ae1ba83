# RUN: iovas --cpu=v3 %s -o %t.o
# RUN: bpftool prog load %t.o /sys/fs/bpf/iovas-trampoline && rm /sys/fs/bpf/iovas-trampoline && echo loaded
# NEEDS: root bpf bpftool
# The live kernel takes trampolines, with the functions and lines that the object says.
	.license "GPL"
	.program filter, type=xdp
	call	bpf_get_prandom_u32
	r6 = r0
	if r6 == 0 goto pass
	if r6 == 1 goto drop
	call	count
	if r0 > 9 goto drop
	.rept	25000
	r6 += 7
	.endr
	if r6 & 1 goto drop
	if r6 & 4 goto more
	r0 = 1
	exit
more:	.rept	25000
	r6 += 7
	.endr
pass:	r0 = 2
	exit
drop:	.rept	12000
	r6 += 7
	.endr
	if r6 & 2 goto pass
	r0 = 1
	exit
	.endfunc
	.btf
	static int count(void);
	.endbtf
	.text
	.func	count
	r0 = 5
	exit
	.endfunc
#= STDOUT
#| loaded
