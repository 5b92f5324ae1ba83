# RUN: iovas %s -o %t.o && iovverify --platform=linux-6.12 %t.o | sed 's/[0-9.]* ms/T ms/'
# EXIT: 1
# A function without a type makes a tail call.
	.license "GPL"
	.map	programs, type=prog_array, key=4, value=4, entries=4
	.program first, type=xdp
	call next
	r0 = 2
	exit

	.func	next
	r2 = programs ll
	r3 = 1
	call bpf_tail_call
	r0 = 0
	exit
	.endfunc
#= STDOUT
#| %tmp/out.o: first (xdp) on linux-6.12: rejected; 4 instructions followed, 0 states, T ms
#= STDERR
#| early-return-untyped.s:14:2: error: a tail call stands in `next`, which has no type [IOV-V067]
#|    14 |         call bpf_tail_call
#|       |         ^
#|   at:   next:insn 6
#|   why:  it may end the function at once: linux-6.12 allows that where the function is known to return a number
#|   path: 1. there is no branch before it: every run comes here
#|   hint: describe it (clang -g, .btf in assembly), or do it in the program itself
