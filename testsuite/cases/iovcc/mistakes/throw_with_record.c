// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// An exception is thrown while a ring-buffer record is reserved.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_throw(__u64 cookie) __ksym;

struct event {
	__u32 length;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

static __noinline void require(__u32 length)
{
	if (length < 14)
		bpf_throw(2);
}

SEC("tc")
int record(struct __sk_buff *ctx)
{
	__u32 length = ctx->len;
	struct event *event;

	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	require(length);
	event->length = length;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| throw_with_record.c:22:3: error: `event`, which bpf_ringbuf_reserve() returned, is not released when the exception is thrown [IOV-V050]
//|    22 |                 bpf_throw(2);
//|       |                 ^
//|   at:   require:insn 18
//|   why:  throw_with_record.c:31:10: acquired by bpf_ringbuf_reserve() at line 31; this path ends at line 22
//|    31 |         event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
//|       |                 ^
//|   path: 1. throw_with_record.c:32:6: `!event` is false: goes on at line 34
//|    32 |         if (!event)
//|       |             ^
//|         2. throw_with_record.c:21:6: `length < 14` is true: goes on at line 22
//|    21 |         if (length < 14)
//|       |             ^
//|   hint: give it back before this call, or make the call before it is acquired
