// RUN: iovcc -Wno-iov-padding -g -O2 -fno-iov-verify -c %s -o %t.o
// RUN: printf 'name: open\ninherit: iovrun\nrules: {add: [pointers_in_maps, uninit_to_maps]}\n' >%t.open.yaml
// RUN: printf 'name: closed\ninherit: linux-6.12\nrules: {remove: [pointers_in_maps, uninit_to_maps]}\n' >%t.closed.yaml
// RUN: for p in iovrun linux-6.1 linux-6.12 %t.open.yaml %t.closed.yaml; do iovverify --json --platform=$p %t.o | python3 -c 'import json, sys; [print(d["platform"], d["program"], d["verdict"], [(x["code"], x["message"]) for x in d["diagnostics"]]) for d in map(json.loads, sys.stdin)]'; done; :
// What may leak into maps is a platform's choice, rule by rule: deny for this project's own runtime, Linux's rules for Linux.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct pair {
	__u32 a;
	__u64 b;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct pair);
} pairs SEC(".maps");

SEC("xdp")
int pointer(struct xdp_md *ctx)
{
	__u32 key = 0;
	struct pair *p = bpf_map_lookup_elem(&pairs, &key);

	if (p)
		p->b = ctx->data;
	return XDP_PASS;
}

SEC("xdp")
int context(struct xdp_md *ctx)
{
	__u32 key = 0;
	struct pair *p = bpf_map_lookup_elem(&pairs, &key);

	if (p)
		p->b = (__u64)ctx;
	return XDP_PASS;
}

SEC("xdp")
int padding(struct xdp_md *ctx)
{
	__u32 key = 0;
	struct pair p;

	p.a = 1;
	p.b = 2;
	bpf_map_update_elem(&pairs, &key, &p, BPF_ANY);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| iovrun pointer reject [('IOV-V034', 'the pointer r1 would be stored where it can be read as a number')]
//| iovrun context reject [('IOV-V034', 'the pointer `ctx` would be stored where it can be read as a number')]
//| iovrun padding reject [('IOV-V021', 'byte 4 of `p` is read but was never written')]
//| linux-6.1 pointer accept []
//| linux-6.1 context accept []
//| linux-6.1 padding reject [('IOV-V021', 'byte 4 of `p` is read but was never written')]
//| linux-6.12 pointer accept []
//| linux-6.12 context accept []
//| linux-6.12 padding accept []
//| open pointer accept []
//| open context accept []
//| open padding accept []
//| closed pointer reject [('IOV-V034', 'the pointer r1 would be stored where it can be read as a number')]
//| closed context reject [('IOV-V034', 'the pointer `ctx` would be stored where it can be read as a number')]
//| closed padding reject [('IOV-V021', 'byte 4 of `p` is read but was never written')]
