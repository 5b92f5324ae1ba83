// RUN: iovcc -Wno-iov-unchecked --platform=linux-6.1 -g -O2 -c %s -o %t.o
// EXIT: 1
// Tags of parameters: what is wrong with each, and what an old kernel does not know.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct flow {
	__u32 packets;
};
struct task_struct;

int nullable(struct flow *flow __arg_nullable)
{
	return flow ? flow->packets : 0;
}

int number(int n __arg_ctx)
{
	return n;
}

int nonnull(struct flow *flow __arg_nonnull)
{
	return flow->packets;
}

int trusted(struct task_struct *task __arg_trusted)
{
	return task != (void *)0;
}

int arena(void *p __arg_arena)
{
	return p != (void *)0;
}

int context(struct __sk_buff *skb __arg_nonnull)
{
	return skb->len;
}

int other(struct flow *flow __attribute__((btf_decl_tag("arg:counted"))))
{
	return flow ? flow->packets : 0;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| tags.c:12:21: error: the tags of the parameter `flow` of the global function `nullable` cannot be followed [IOV-V046]
//|    12 | int nullable(struct flow *flow __arg_nullable)
//|       |                     ^
//|   at:   nullable:insn 0
//|   why:  __arg_nullable goes together with __arg_trusted: memory may be NULL without it
//|   hint: take the tag away, or declare `nullable` static: then it is verified with what its callers know
//| tags.c:17:16: error: the tags of the parameter `n` of the global function `number` cannot be followed [IOV-V046]
//|    17 | int number(int n __arg_ctx)
//|       |                ^
//|   at:   number:insn 0
//|   why:  only pointers take such tags
//|   hint: take the tag away, or declare `number` static: then it is verified with what its callers know
//| tags.c:24:15: error: `flow` may be NULL [IOV-V025]
//|    24 |         return flow->packets;
//|       |                      ^
//|   at:   nonnull:insn 0
//|   why:  nonnull() is a global function: it is verified for whatever its prototype allows, and that allows NULL
//|   path: 1. there is no branch before it: every run comes here
//|   hint: test it first: `if (!flow) return …;`: linux-6.1 does not know __arg_nonnull, Linux 6.8 does
//| tags.c:27:33: error: the tags of the parameter `task` of the global function `trusted` cannot be followed [IOV-V046]
//|    27 | int trusted(struct task_struct *task __arg_trusted)
//|       |                                 ^
//|   at:   trusted:insn 0
//|   why:  linux-6.1 does not know __arg_trusted: Linux 6.9 does
//|   hint: take the tag away, or declare `trusted` static: then it is verified with what its callers know
//| tags.c:32:17: error: the tags of the parameter `p` of the global function `arena` cannot be followed [IOV-V046]
//|    32 | int arena(void *p __arg_arena)
//|       |                 ^
//|   at:   arena:insn 0
//|   why:  __arg_arena is not supported: there are no arenas here yet
//|   hint: take the tag away, or declare `arena` static: then it is verified with what its callers know
//| tags.c:39:14: error: the tags of the parameter `skb` of the global function `context` cannot be followed [IOV-V046]
//|    39 |         return skb->len;
//|       |                     ^
//|   at:   context:insn 0
//|   why:  the context takes no tag but __arg_ctx
//|   hint: take the tag away, or declare `context` static: then it is verified with what its callers know
//| tags.c:42:18: error: the tags of the parameter `flow` of the global function `other` cannot be followed [IOV-V046]
//|    42 | int other(struct flow *flow __attribute__((btf_decl_tag("arg:counted"))))
//|       |                  ^
//|   at:   other:insn 0
//|   why:  it has an `arg:` tag that is none of __arg_ctx, __arg_nonnull, __arg_trusted, __arg_nullable
//|   hint: take the tag away, or declare `other` static: then it is verified with what its callers know
