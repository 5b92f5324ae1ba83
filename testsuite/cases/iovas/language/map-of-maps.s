# RUN: iovas %s -o %t.o
# RUN: iovdump --maps %t.o | sed -n '/outer/,$p'
# RUN: iovdump --asm %t.o | iovas -o %t.2.o - && cmp %t.o %t.2.o && echo the same again
# RUN: bpftool prog loadall %t.o /sys/fs/bpf/iovas-maps; bpftool map dump name iovas_outer | tail -1; rm -r /sys/fs/bpf/iovas-maps
# NEEDS: root bpf bpftool
# Maps of maps and arrays of programs, with what they hold from the start: libbpf fills them
	.license "GPL"
	.map	in1, type=hash, key=__u32, value=__u64, entries=8
	.map	in2, type=hash, key=__u32, value=__u64, entries=8
	.map	iovas_outer, type=array_of_maps, key=4, entries=4, inner=in1, [1]=in1, [3]=in2
	.map	byname, type=hash_of_maps, key=__u32, entries=4, inner=in1
	.map	progs, type=prog_array, key=4, entries=2, [1]=other
	.program other, type=xdp
	r0 = 2
	exit
	.program f, type=xdp
	r2 = progs ll
	r3 = 1
	call bpf_tail_call
	*(u32 *)(r10 - 4) = 1
	r1 = iovas_outer ll
	r2 = r10
	r2 += -4
	call bpf_map_lookup_elem
	if r0 == 0 goto out
	*(u32 *)(r10 - 4) = 7
	r1 = r0
	r2 = r10
	r2 += -4
	call bpf_map_lookup_elem
out:	r0 = 2
	exit
#= STDOUT
#| map iovas_outer: array_of_maps
#|   key      4 bytes
#|   value    4 bytes
#|   entries  4
#|   [1]      in1
#|   [3]      in2
#|   inner    hash, key 4, value 8 bytes, 8 entries
#|
#| map byname: hash_of_maps
#|   key      4 bytes  __u32
#|   value    4 bytes
#|   entries  4
#|   inner    hash, key 4, value 8 bytes, 8 entries
#|
#| map progs: prog_array
#|   key      4 bytes
#|   value    4 bytes
#|   entries  2
#|   [1]      other
#| the same again
#| Found 2 elements
