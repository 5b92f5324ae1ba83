// RUN: iovcc -O2 -g -fno-iov-verify -Wno-iov-unused-map -c %s -o %t.o
// RUN: iovrun --list %t.o; iovrun --list --json %t.o; ! iovrun %t.o && ! iovrun --type=parser=socket %t.o && ! iovrun --type=gate %t.o && ! iovrun --type=none=xdp %t.o
// RUN: iovrun --type=parser=socket --type=gate=xdp %t.o; iovrun --type=xdp --program=gate %t.o; ! iovrun --program=traced %t.o && ! iovrun --program=sized --type=xdp %t.o && iovrun --program=sized --entries=unsized=4 %t.o
// Sections whose names say nothing; programs that see no packets, which are left out; a map without a size, which hinders
// only who uses it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
} unsized SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} of_task SEC(".maps");

SEC("filter")
int parser(struct __sk_buff *ctx)
{
	return ctx->len;
}

SEC("gates")
int gate(struct xdp_md *ctx)
{
	return (void *)(long)ctx->data + 14 > (void *)(long)ctx->data_end ? XDP_DROP : XDP_PASS;
}

SEC("kprobe/do_unlinkat")
int traced(void *ctx)
{
	return 0;
}

SEC("?xdp")
int sized(struct xdp_md *ctx)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&unsized, &key) ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| program                          type             section
//| parser                           not said         filter
//| gate                             not said         gates
//| traced                           kprobe           kprobe/do_unlinkat
//| sized                            xdp              ?xdp
//|
//| map                              type                   key     value     entries
//| unsized                          array                    4         8           0
//| of_task                          task_storage             4         8           0
//| {
//|   "programs": [
//|     {"name": "parser", "type": "", "section": "filter"},
//|     {"name": "gate", "type": "", "section": "gates"},
//|     {"name": "traced", "type": "kprobe", "section": "kprobe/do_unlinkat"},
//|     {"name": "sized", "type": "xdp", "section": "?xdp"}
//|   ],
//|   "maps": [
//|     {"name": "unsized", "type": "array", "key_size": 4, "value_size": 8, "max_entries": 0},
//|     {"name": "of_task", "type": "task_storage", "key_size": 4, "value_size": 8, "max_entries": 0}
//|   ]
//| }
//| %tmp/out.o: socket_filter program parser (jit) is verified and loaded
//| %tmp/out.o: xdp program gate (jit) is verified and loaded
//| %tmp/out.o: xdp program sized (jit) is verified and loaded
//= STDERR
//| iovrun: warning: %tmp/out.o: left out, since iovrun does not run them: `traced` (kprobe/do_unlinkat) [IOV-R019]
//| iovrun: error: %tmp/out.o: the section `filter` does not say what type of program `parser` is [IOV-R018]
//|   hint: say it: iovrun --type=parser=xdp (or tc, socket, …), or iov_module_set_type()
//| iovrun: error: %tmp/out.o: the section `gates` does not say what type of program `gate` is [IOV-R018]
//|   hint: say it: iovrun --type=gate=xdp (or tc, socket, …), or iov_module_set_type()
//| iovrun: warning: %tmp/out.o: left out, since iovrun does not run them: `traced` (kprobe/do_unlinkat) [IOV-R019]
//| iovrun: error: %tmp/out.o: the section `gates` does not say what type of program `gate` is [IOV-R018]
//|   hint: say it: iovrun --type=gate=xdp (or tc, socket, …), or iov_module_set_type()
//| iovrun: error: `gate` is no type of program [IOV-R018]
//|   hint: say it as a section's name (xdp, tc, socket, cgroup_skb/egress) or as the kernel does (sched_cls)
//| iovrun: error: %tmp/out.o has no program `none` [IOV-R013]
//| iovrun: warning: %tmp/out.o: left out, since iovrun does not run them: `traced` (kprobe/do_unlinkat) [IOV-R019]
//| types.c:37:2: error: iovrun does not run programs of type kprobe [IOV-V014]
//|    37 |         return 0;
//|       |         ^
//|   at:   traced:insn 0
//|   why:  the section `kprobe/do_unlinkat` makes it one
//|   hint: it runs xdp, sched_cls, sched_act, socket_filter, cgroup_skb, …
//| types.c:13: error: map `unsized`: an array needs a value size and max_entries above 0 [IOV-R002]
//|    13 | } unsized SEC(".maps");
//|   hint: the module leaves its size to the host: iovrun --entries=unsized=N, or iov_module_set_entries()
