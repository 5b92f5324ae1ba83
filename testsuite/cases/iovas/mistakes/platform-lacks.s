# RUN: iovas --platform=example-npu %s -o %t.o
# EXIT: 1
# What the platform lacks, by name
	r0 = atomic_fetch_add((u64 *)(r1 + 0), r0)
	may_goto +0
	if w1 == 5 goto +0
	exit
	.map m, type=lru_hash, key=4, value=4, entries=1
#= STDERR
#| platform-lacks.s:4:2: error: platform example-npu has no atomic operations beyond addition [IOV-A012]
#|     4 |         r0 = atomic_fetch_add((u64 *)(r1 + 0), r0)
#|       |         ^~
#| platform-lacks.s:5:2: error: 'may_goto' needs level v4 [IOV-A012]
#|     5 |         may_goto +0
#|       |         ^~~~~~~~
#|   why:  the target has v3, by platform example-npu
#| platform-lacks.s:8:15: error: platform example-npu has no maps of type lru_hash [IOV-A012]
#|     8 |         .map m, type=lru_hash, key=4, value=4, entries=1
#|       |                      ^~~~~~~~
