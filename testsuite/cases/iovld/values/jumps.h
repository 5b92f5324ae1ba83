#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int one(struct __sk_buff *skb);
int two(struct __sk_buff *skb);
#ifndef FILL
#define FILL
#endif
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__array(values, int(struct __sk_buff *));
} jumps SEC(".maps") = {.values = {FILL}};

char _license[] SEC("license") = "GPL";
