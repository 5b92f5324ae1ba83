// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// RUN: iovrun %t.o --in=%top/testsuite/traffic/firewall.pcap --no-timing --maps
// RUN: iovrun %t.o --in=%top/testsuite/traffic/firewall.pcap --no-timing --maps --harden-constants --harden-branches
// RUN: iovrun %t.o --harden-constants --code=%t.s >/dev/null; grep -c '0xbe, 0xba, 0xad, 0xde' %t.s || true
// RUN: test "$(uname -m)" != x86_64 || { iovrun %t.o --code=%t.s >/dev/null && grep -q '0xbe, 0xba, 0xad, 0xde' %t.s; }
// EXIT: 1
// Hardened code does the same; a constant of the program does not stand in it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} sizes SEC(".maps");

static __noinline __u32 mix(__u32 length)
{
	return (length * 0x9e3779b1 ^ 0xdeadbabe) >> 30;
}

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 slot = mix(ctx->data_end - ctx->data);
	__u64 *n = bpf_map_lookup_elem(&sizes, &slot);

	if (n)
		*n += ctx->data_end - ctx->data;
	return slot == 3 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: xdp program count (jit), 401 frames
//|
//| verdict               packets          bytes
//| XDP_DROP                  106          10434
//| XDP_PASS                  295          54275
//| total                     401          64709
//|
//| map sizes (array, room for 4)
//|   0: 29853
//|   1: 12578
//|   2: 11844
//|   3: 10434
//| %tmp/out.o: xdp program count (jit), 401 frames
//|
//| verdict               packets          bytes
//| XDP_DROP                  106          10434
//| XDP_PASS                  295          54275
//| total                     401          64709
//|
//| map sizes (array, room for 4)
//|   0: 29853
//|   1: 12578
//|   2: 11844
//|   3: 10434
//| 0
