/* SPDX-License-Identifier: Apache-2.0 */
/* Global functions, verified once from their prototypes and from the tags of their parameters. */
#include "objects.h"

#define __noinline    __attribute__((noinline))
#define __arg_nonnull __attribute__((btf_decl_tag("arg:nonnull")))
#define __arg_ctx     __attribute__((btf_decl_tag("arg:ctx")))
#define __arg_trusted __attribute__((btf_decl_tag("arg:trusted")))
#define __arg_nullable __attribute__((btf_decl_tag("arg:nullable")))

struct cgroup {
	int level;
} __core;
struct sk_buff {
	__u32 len;
} __core;
struct cgroup *bpf_cgroup_from_id(__u64 id) __ksym;
void bpf_cgroup_release(struct cgroup *cgrp) __ksym;
struct cgroup *bpf_cgroup_acquire(struct cgroup *cgrp) __ksym;
struct cgroup *bpf_cgroup_ancestor(struct cgroup *cgrp, int level) __ksym;
void *bpf_cast_to_kern_ctx(void *obj) __ksym;

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

/* A struct of the kernel's that stays meanwhile. */
__noinline int level_of(struct cgroup *cgrp __arg_trusted)
{
	struct cgroup *parent = bpf_cgroup_ancestor(cgrp, 0);
	int level = cgrp->level;

	if (parent)
		bpf_cgroup_release(parent);
	return level;
}

__noinline int level_or_none(struct cgroup *cgrp __arg_trusted __arg_nullable)
{
	if (!cgrp)
		return 0;
	return cgrp->level;
}

TWIN(trusted, IOV-V025,
	struct cgroup *cgrp = bpf_cgroup_from_id(ctx->len);
	int level = 0;
	if (!bad && !cgrp)
		return 0;
	level = level_of(cgrp);
	if (cgrp)
		bpf_cgroup_release(cgrp);
	return level & 1;
)

TWIN(trusted_null, IOV-V046,
	struct cgroup *cgrp = bpf_cgroup_from_id(ctx->len);
	int level = level_or_none(bad ? (void *)ctx : (void *)cgrp);
	if (cgrp)
		bpf_cgroup_release(cgrp);
	return level & 1;
)

TWIN(trusted_memory, IOV-V046,
	struct pair p = {ctx->len, ctx->len};
	struct cgroup *cgrp = bpf_cgroup_from_id(ctx->len);
	int level = 0;
	if (!cgrp)
		return 0;
	level = level_of(bad ? (void *)&p : cgrp);
	bpf_cgroup_release(cgrp);
	return level & 1;
)

TWIN(trusted_other, IOV-V046,
	struct cgroup *cgrp = bpf_cgroup_from_id(ctx->len);
	int level = 0;
	if (!cgrp)
		return 0;
	level = level_of(bad ? bpf_cast_to_kern_ctx(ctx) : cgrp);
	bpf_cgroup_release(cgrp);
	return level & 1;
)

/* What the context stands for is the context, too, and needs no tag. */
__noinline int length_behind(struct sk_buff *skb)
{
	return bpf_get_prandom_u32() + ((struct __sk_buff *)skb)->len;
}

TWIN(behind, IOV-V046,
	return length_behind(bad ? bpf_cast_to_kern_ctx(ctx) : (void *)ctx) & 1;
)
