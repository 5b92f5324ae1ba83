// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// A chain of eight frames of static functions, values over the call, pointers into a caller's frame.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <iov/eth.h>

struct box {
	__u64 a, b;
	__u32 depth;
};

__u64 total;

static __noinline __u64 seventh(struct box *box, __u64 x)
{
	box->depth++;
	return x * 31 + box->a;
}

static __noinline __u64 sixth(struct box *box, __u64 x)
{
	__u64 keep = x ^ 0x55;

	box->depth++;
	return seventh(box, x + 1) + keep;
}

static __noinline __u64 fifth(struct box *box, __u64 x)
{
	struct box inner = { .a = box->b, .b = x };

	box->depth++;
	x = sixth(&inner, x);
	return x + inner.depth + box->depth;
}

static __noinline __u64 fourth(struct box *box, __u64 x)
{
	box->depth++;
	return fifth(box, x) ^ fifth(box, x + 7);
}

static __noinline __u64 third(struct box *box, __u64 x)
{
	box->depth++;
	box->a += x;
	return fourth(box, x << 3) - x;
}

static __noinline __u64 second(struct box *box, __u64 x)
{
	box->depth++;
	return x & 1 ? third(box, x) : fourth(box, x);
}

static __noinline int finish(struct xdp_md *ctx, const struct box *box, __u64 x)
{
	struct iov_cursor c = IOV_CURSOR(ctx);
	__u64 *where = iov_pull(&c, 16);

	if (!where)
		return XDP_DROP;
	where[0] = x;
	where[1] = box->a + box->depth;
	return x & 2 ? XDP_PASS : XDP_TX;
}

SEC("xdp")
int calls(struct xdp_md *ctx)
{
	__u32 len = ctx->data_end - ctx->data;
	struct box box = { .a = 3, .b = len };
	__u64 x = second(&box, len);

	total += x;
	return finish(ctx, &box, x);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
