// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Dynptrs of an XDP packet, of a map value, and of ring-buffer records.
#include "dice.h"
#include "dynptrs.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} ring SEC(".maps");

__u8 memory[200];

SEC("xdp")
int xdp_dynptr(struct xdp_md *ctx)
{
	struct bpf_dynptr packet, record, local;
	__u8 byte = 0;

	dice += ctx->data_end - ctx->data;
	result(0, bpf_dynptr_from_xdp(ctx, !roll(9), &packet));
	use_dynptr(&packet, !roll(5));
	result(1, bpf_dynptr_from_mem(memory, sizeof(memory), !roll(9), &local));
	use_dynptr(&local, !roll(5));
	result(2, bpf_ringbuf_reserve_dynptr(&ring, roll(60), !roll(9), &record));
	use_dynptr(&record, 0);
	result(3, bpf_dynptr_size(&record));
	if (roll(3))
		bpf_ringbuf_submit_dynptr(&record, 0);
	else
		bpf_ringbuf_discard_dynptr(&record, 0);
	return XDP_PASS;
}
