// RUN: iovcc -O2 -c %s -o %t.o
// RUN: iovcc -O2 %s -o %t.2.o
// EXIT: 1
// A map as iproute2's tc defines it: an object for it is written with a warning; as a module of this house it is refused.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_elf_map {
	__u32 type, size_key, size_value, max_elem, flags, id, pinning;
};

struct bpf_elf_map SEC("maps") jump = {
	.type = BPF_MAP_TYPE_PROG_ARRAY,
	.size_key = 4,
	.size_value = 4,
	.max_elem = 3,
	.pinning = 2,
};

SEC("classifier")
int next(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &jump, 1);
	return 0;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| map-of-tc.c: warning: map jump in section maps is defined for another loader: members follow the 20 bytes that are common [IOV-O023]
//|   why:  what they mean is that loader's to know, and so nothing of this object is verified
//|   hint: a definition in SEC(".maps") is understood by all loaders of today
//| map-of-tc.c: error: map jump in section maps is defined for another loader: members follow the 20 bytes that are common [IOV-O023]
//|   why:  what they mean is that loader's to know, and so nothing of this object is verified
//|   hint: a definition in SEC(".maps") is understood by all loaders of today
