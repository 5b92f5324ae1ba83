// RUN: iovcc -O2 -g -c %s -o %t.o
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --engine=interp
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --engine=jit
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --engine=checked
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --engine=jit --harden-constants --harden-branches
// What is thrown comes to the exception callback, whose result is the program's; where nothing is thrown, its own is.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

void bpf_throw(__u64 cookie) __ksym;

__attribute__((noinline)) int caught(__u64 cookie)
{
	return cookie == 7 ? XDP_TX : XDP_ABORTED;
}

__attribute__((noinline)) static void must(struct xdp_md *ctx, __u64 length)
{
	volatile __u64 words[4] = {length, 1, 2, 3};

	if (words[0] < 100)
		bpf_throw(words[1] + 6);
}

SEC("xdp")
__attribute__((btf_decl_tag("exception_callback:caught")))
int throws(struct xdp_md *ctx)
{
	must(ctx, ctx->data_end - ctx->data);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: xdp program throws (interp), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                   79          42279
//| XDP_TX                    322          22430
//| total                     401          64709
//| %tmp/out.o: xdp program throws (jit), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                   79          42279
//| XDP_TX                    322          22430
//| total                     401          64709
//| %tmp/out.o: xdp program throws (checked), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                   79          42279
//| XDP_TX                    322          22430
//| total                     401          64709
//| %tmp/out.o: xdp program throws (jit), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                   79          42279
//| XDP_TX                    322          22430
//| total                     401          64709
