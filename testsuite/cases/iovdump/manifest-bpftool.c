// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// RUN: bpftool gen object %t.linked.o %t.o 2>&1 && iovdump --cost %t.linked.o
// RUN: bpftool gen skeleton %t.o name hits 2>/dev/null >%t.h && grep -c 'struct bpf_program \*count' %t.h
// RUN: bpftool prog load %t.o /sys/fs/bpf/iov-manifest-case 2>%t.log && bpftool prog show pinned /sys/fs/bpf/iov-manifest-case | grep -o 'name count'; rm -f /sys/fs/bpf/iov-manifest-case; grep -v 'skipping unrecognized data section' %t.log || :
// RUN: iovcc -g -O2 -Dcount=other -Dhits=others -c %s -o %t.b.o && bpftool gen object %t.two.o %t.o %t.b.o && iovdump --cost %t.two.o
// bpftool links, loads and describes an object with records; where two were linked into one, both are read.
// NEEDS: root bpf bpftool
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 key = 1;
	__u64 *value = bpf_map_lookup_elem(&hits, &key);

	if (value)
		*value += 1;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| count:
//|   instructions  at most 12 executed in one run
//|   calls         bpf_map_lookup_elem: at most 1
//|   stack         16 bytes over 1 frame
//|   maps          64 bytes of keys and values when full: hits
//| 1
//| name count
//| count:
//|   instructions  at most 12 executed in one run
//|   calls         bpf_map_lookup_elem: at most 1
//|   stack         16 bytes over 1 frame
//|   maps          64 bytes of keys and values when full: hits
//| other:
//|   instructions  at most 12 executed in one run
//|   calls         bpf_map_lookup_elem: at most 1
//|   stack         16 bytes over 1 frame
//|   maps          64 bytes of keys and values when full: others
