// RUN: iovcc -O2 -g -fno-iov-verify -c %s -o %t.o
// RUN: iovrun %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} of_task SEC(".maps");

SEC("tc")
int asks(struct __sk_buff *ctx)
{
	return bpf_task_storage_delete(&of_task, 0);
}

char LICENSE[] SEC("license") = "GPL";
//= STDERR
//| lacking-map.c:12: error: map `of_task` has a type that this runtime does not have: task_storage [IOV-R001]
//|    12 | } of_task SEC(".maps");
//|   why:  they belong to processes and files, which programs on packets do not see
