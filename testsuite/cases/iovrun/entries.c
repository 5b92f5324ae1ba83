// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// RUN: iovrun %t.o --in=%top/testsuite/traffic/firewall.pcap --no-timing 2>&1 || true
// RUN: iovrun %t.o --in=%top/testsuite/traffic/firewall.pcap --no-timing --maps --entries=sizes=2
// RUN: iovrun %t.o --entries=size=2 2>&1 || true
// RUN: iovrun %t.o --entries=sizes=many 2>&1 || true
// A map whose size is its host's business.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
} sizes SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 slot = ctx->data_end - ctx->data > 100;
	__u64 *n = bpf_map_lookup_elem(&sizes, &slot);

	if (n)
		*n += 1;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| entries.c:15: error: map `sizes`: an array needs a value size and max_entries above 0 [IOV-R002]
//|    15 | } sizes SEC(".maps");
//|   hint: the module leaves its size to the host: iovrun --entries=sizes=N, or iov_module_set_entries()
//| %tmp/out.o: xdp program count (jit), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
//|
//| map sizes (array, room for 2)
//|   0: 322
//|   1: 79
//| iovrun: error: %tmp/out.o has no map `size` [IOV-R014]
//|   hint: it has: sizes
//| iovrun: error: --entries takes a number of 32 bits after `sizes=`, not `many` [IOV-B001]
