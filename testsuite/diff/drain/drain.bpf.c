// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// What a program sees of the records that the host put into a user ring buffer.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} orders SEC(".maps");

__u64 flags;                     /* of the call */
__u64 stop_at;                   /* the callback ends the walk at this record of it */
__u64 answer, records, sum, far; /* what came of it */

static long take(struct bpf_dynptr *record, void *ctx)
{
	__u8 head[16] = {}, *byte;

	records++;
	if (!bpf_dynptr_read(head, 8, record, 0, 0))
		for (int i = 0; i < 8; i++)
			sum = sum * 31 + head[i];
	far = far * 7 + (bpf_dynptr_read(head, 16, record, 100, 0) == 0);
	byte = bpf_dynptr_data(record, 0, 3);
	if (byte)
		sum = sum * 31 + byte[2];
	return records == stop_at;
}

SEC("tc")
int drain(struct __sk_buff *skb)
{
	records = 0;
	answer = bpf_user_ringbuf_drain(&orders, take, 0, flags);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
