// RUN: iovcc -O2 -g -c %s -o %t.o
// RUN: iovcc -O2 -g -c --platform=linux-6.18 --target-btf=auto %s -Werror -o %t.o
// NEEDS: bpf
// Right for who knows the target's types: that its map has such a member, which member may be written, that a tcp_sock
// is a sock. Nothing is claimed without them. What is wrong with any types stays an error: kernel-types-wrong.c.
#include <vmlinux.h>
#include <bpf/bpf_helpers.h>

struct bpf_map {
	__u32 max_entries;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
} seen SEC(".maps");

SEC("tc")
int room(struct __sk_buff *ctx)
{
	struct bpf_map *map = (struct bpf_map *)&seen;

	return map->max_entries > 7;
}

extern struct nf_conn *bpf_skb_ct_lookup(struct __sk_buff *ctx, struct bpf_sock_tuple *tuple, u32 size,
					 struct bpf_ct_opts *opts, u32 opts_size) __ksym;
extern void bpf_ct_release(struct nf_conn *ct) __ksym;

struct bpf_ct_opts___local {
	s32 netns_id, error;
	u8 l4proto, dir, reserved[2];
};

SEC("tc")
int mark(struct __sk_buff *ctx)
{
	struct bpf_ct_opts___local opts = {.netns_id = -1, .l4proto = 6};
	struct bpf_sock_tuple tuple = {};
	struct nf_conn *ct = bpf_skb_ct_lookup(ctx, &tuple, sizeof(tuple.ipv4), (void *)&opts, sizeof(opts));

	if (!ct)
		return 0;
	ct->mark = 77;
	bpf_ct_release(ct);
	return 1;
}

struct bpf_tcp_req_attrs {
	u32 rcv_tsval, rcv_tsecr;
	u16 mss;
	u8 rcv_wscale, snd_wscale, ecn_ok, wscale_ok, sack_ok, tstamp_ok, usec_ts_ok, reserved[3];
};

extern int bpf_sk_assign_tcp_reqsk(struct __sk_buff *ctx, struct sock *sk, struct bpf_tcp_req_attrs *attrs,
				   int size) __ksym;

SEC("tc")
int assign(struct __sk_buff *ctx)
{
	struct bpf_tcp_req_attrs attrs = {};
	struct bpf_sock_tuple tuple = {};
	struct bpf_sock *sk = bpf_skc_lookup_tcp(ctx, &tuple, sizeof(tuple.ipv4), -1, 0);
	struct tcp_sock *tcp;
	int done = 1;

	if (!sk)
		return 0;
	tcp = bpf_skc_to_tcp_sock(sk);
	if (tcp)
		done = bpf_sk_assign_tcp_reqsk(ctx, (struct sock *)tcp, &attrs, sizeof(attrs));
	bpf_sk_release(sk);
	return done;
}

char LICENSE[] SEC("license") = "GPL";
//= STDERR
//| kernel-types-needed.c:25:14: warning: the layout of the kernel's struct bpf_htab is not known [IOV-V065]
//|    25 |         return map->max_entries > 7;
//|       |                     ^
//|   at:   room:insn 2
//|   path: 1. there is no branch before it: every run comes here
//|   hint: name the target's types: --target-btf=FILE (on that machine: /sys/kernel/btf/vmlinux)
//| kernel-types-needed.c:46:11: warning: the layout of the kernel's struct nf_conn is not known [IOV-V065]
//|    46 |         ct->mark = 77;
//|       |                  ^
//|   at:   mark:insn 21
//|   path: 1. kernel-types-needed.c:44:6: `!ct` is false: goes on at line 46
//|    44 |         if (!ct)
//|       |             ^
//|   hint: name the target's types: --target-btf=FILE (on that machine: /sys/kernel/btf/vmlinux)
//| kernel-types-needed.c:73:10: warning: whether struct tcp_sock is a struct sock is not known [IOV-V065]
//|    73 |                 done = bpf_sk_assign_tcp_reqsk(ctx, (struct sock *)tcp, &attrs, sizeof(attrs));
//|       |                        ^
//|   at:   assign:insn 29
//|   path: 1. kernel-types-needed.c:69:6: `!sk` is false: goes on at line 71
//|    69 |         if (!sk)
//|       |             ^
//|         2. kernel-types-needed.c:72:6: `tcp` is true: goes on at line 73
//|    72 |         if (tcp)
//|       |             ^
//|   hint: name the target's types: --target-btf=FILE (on that machine: /sys/kernel/btf/vmlinux)
