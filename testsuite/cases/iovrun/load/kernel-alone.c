// RUN: for what in FIELD FUNCTION CONFIG HELPER; do iovcc -O2 -g -c -D$what %s -o %t.o && iovrun --platform=linux-6.12 %t.o; done; exit 1
// EXIT: 1
// What a kernel has and this runtime has not: programs are proved for linux-6.12, and cannot be run here.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#if defined FIELD
SEC("flow_dissector")
int field(struct __sk_buff *ctx)
{
	struct bpf_flow_keys *keys = ctx->flow_keys;

	return keys->ip_proto;
}
#elif defined FUNCTION
extern int bpf_skb_get_xfrm_info(struct __sk_buff *ctx, __u64 *to) __ksym;

SEC("tc")
int function(struct __sk_buff *ctx)
{
	__u64 info = 0;

	return bpf_skb_get_xfrm_info(ctx, &info);
}
#elif defined CONFIG
extern int CONFIG_HZ __kconfig;

SEC("tc")
int config(struct __sk_buff *ctx)
{
	return CONFIG_HZ > 100;
}
#else
SEC("tc")
int helper(struct __sk_buff *ctx)
{
	return bpf_get_current_task() & 1;
}
#endif

char _license[] SEC("license") = "GPL";
//= STDERR
//| kernel-alone.c:11:36: error: context field `flow_keys` is not in this runtime [IOV-R010]
//|    11 |         struct bpf_flow_keys *keys = ctx->flow_keys;
//|       |                                           ^
//|   at:   field:insn 0
//|   hint: run it where it belongs, or do without: iovverify --platform=iovrun names all that is not here
//| kernel-alone.c:23:9: error: kernel function `bpf_skb_get_xfrm_info` is not in this runtime [IOV-R011]
//|    23 |         return bpf_skb_get_xfrm_info(ctx, &info);
//|       |                ^
//|   at:   function:insn 4
//|   hint: run it where it belongs, or do without: iovverify --platform=iovrun names all that is not here
//| iovrun: error: %tmp/out.o needs the kernel configuration value `CONFIG_HZ` [IOV-R011]
//|   hint: give it before loading: iovrun --set CONFIG_HZ=…, or --kconfig=FILE with a kernel's configuration; or declare it __weak: then it is 0 here
//| kernel-alone.c:37:9: error: helper `bpf_get_current_task` is not in this runtime [IOV-R012]
//|    37 |         return bpf_get_current_task() & 1;
//|       |                ^
//|   at:   helper:insn 0
//|   hint: run it where it belongs, or do without: iovverify --platform=iovrun names all that is not here
