// RUN: iovcc -g -O2 -fno-iov-verify -c %s -o %t.o
// RUN: iovverify --platform=linux-6.12 --platform=linux-5.15 --platform=iovrun %t.o | sed 's/[0-9.]* ms/T ms/'
// EXIT: 1
// What several platforms say alike is said once; what one says is marked with its name.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int first_byte(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data;

	return *data;
}

SEC("tc")
int length(struct __sk_buff *skb)
{
	return skb->hwtstamp ? 1 : 0;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: first_byte (xdp) on linux-6.12: rejected; 3 instructions followed, 0 states, T ms
//| %tmp/out.o: first_byte (xdp) on linux-5.15: rejected; 3 instructions followed, 0 states, T ms
//| %tmp/out.o: first_byte (xdp) on iovrun: rejected; 3 instructions followed, 0 states, T ms
//| %tmp/out.o: length (sched_cls) on linux-6.12: accepted; 6 instructions followed, 2 states, T ms; at most 5 instructions a run, 0 bytes of stack
//| %tmp/out.o: length (sched_cls) on linux-5.15: rejected; 1 instruction followed, 0 states, T ms
//| %tmp/out.o: length (sched_cls) on iovrun: accepted; 6 instructions followed, 2 states, T ms; at most 5 instructions a run, 0 bytes of stack
//= STDERR
//| platforms.c:13:9: error: the packet is read through `data` without a check against data_end [IOV-V023]
//|    13 |         return *data;
//|       |                ^
//|   at:   first_byte:insn 1
//|   why:  reading 1 byte at offset 0 needs 1 byte; on this path 0 are known to exist
//|         on platform linux-6.12, linux-5.15, iovrun
//|   path: 1. there is no branch before it: every run comes here
//|   hint: before it, write: `if ((void *)(data + 1) > data_end) return …;`
//| platforms.c:19:14: error: programs of type sched_cls cannot read __sk_buff->hwtstamp [IOV-V029]
//|    19 |         return skb->hwtstamp ? 1 : 0;
//|       |                     ^
//|   at:   length:insn 0
//|   why:  other platforms have the field; linux-5.15 does not
//|         on platform linux-5.15
//|   path: 1. there is no branch before it: every run comes here
//|   hint: use a field that this platform has, as --print-platform lists them
