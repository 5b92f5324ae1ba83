/* SPDX-License-Identifier: Apache-2.0 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

struct key {
	__be32 address;
	__be16 port;
	u16 family;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct key);
	__type(value, u64);
} seen SEC(".maps");

SEC("kprobe/tcp_connect") int connect(struct pt_regs *ctx)
{
	struct sock *sk = (struct sock *)ctx->di;
	struct key key = {};
	u64 one = 1;

	key.address = BPF_CORE_READ(sk, __sk_common.skc_daddr);
	key.port = BPF_CORE_READ(sk, __sk_common.skc_dport);
	key.family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_SYN_SENT)
		bpf_map_update_elem(&seen, &key, &one, BPF_NOEXIST);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
