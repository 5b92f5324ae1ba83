/* SPDX-License-Identifier: Apache-2.0 */
/* Global functions, verified once from their prototypes and from the tags of their parameters. */
#include "objects.h"

#define __noinline    __attribute__((noinline))
#define __arg_nonnull __attribute__((btf_decl_tag("arg:nonnull")))
#define __arg_ctx     __attribute__((btf_decl_tag("arg:ctx")))

static long (*const bpf_skb_load_bytes)(const void *ctx, __u32 off, void *to, __u32 len) = (void *)26;

struct pair {
	__u32 a, b;
};

struct {
	__uint(type, 2);
	__type(key, __u32);
	__type(value, struct pair);
	__uint(max_entries, 1);
} pairs SEC(".maps");

__noinline int first_of(struct pair *p __arg_nonnull)
{
	return p->a;
}

__noinline int first_or_none(struct pair *p)
{
	if (!p)
		return 0;
	return p->a;
}

/* The context of any type of program. */
__noinline int length_of(void *ctx __arg_ctx)
{
	__u8 byte = 0;

	bpf_skb_load_bytes(ctx, 0, &byte, 1);
	return byte;
}

/* A constant NULL would be refused by us alone: Linux takes it for any parameter that is memory. */
TWIN(nonnull, IOV-V025,
	__u32 key = ctx->len;
	struct pair *p = bpf_map_lookup_elem(&pairs, &key);
	if (!bad && !p)
		return 0;
	return first_of(p) & 1;
)

TWIN(nonnull_short, IOV-V022,
	struct pair p = {ctx->len, ctx->len};
	return first_of(bad ? (void *)&p.b : &p) & 1;
)

TWIN(null_allowed, IOV-V046,
	struct pair p = {ctx->len, ctx->len};
	return first_or_none(bad ? (void *)ctx : ctx->len > 60 ? &p : NULL) & 1;
)

TWIN(context, IOV-V046,
	struct pair p = {ctx->len, ctx->len};
	return length_of(bad ? (void *)&p : ctx) & 1;
)
