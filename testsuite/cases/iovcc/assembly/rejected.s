# RUN: iovcc -c %s -o %t.o
# EXIT: 1
# The verifier's messages are about lines of the assembly.
	.license "GPL"
	.map hits, type=array, key=__u32, value=__u64, entries=1
	.program count, type=xdp
	*(u32 *)(r10 - 4) = 0
	r1 = hits ll
	r2 = r10
	r2 += -4
	call	bpf_map_lookup_elem
	r1 = 1
	lock *(u64 *)(r0 + 0) += r1
	r0 = 2
	exit
#= STDERR
#| rejected.s:13:2: error: r0 may be NULL: the lookup in map `hits` can fail [IOV-V025]
#|    13 |         lock *(u64 *)(r0 + 0) += r1
#|       |         ^
#|   at:   count:insn 7
#|   why:  rejected.s:11:2: bpf_map_lookup_elem() at line 11 gives NULL when it fails, and nothing tests the result before this use
#|    11 |         call    bpf_map_lookup_elem
#|       |         ^
#|   path: 1. there is no branch before it: every run comes here
#|   hint: test the result right after the call: `if (!result) return …;`
