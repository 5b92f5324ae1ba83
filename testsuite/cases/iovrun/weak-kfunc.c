// RUN: iovcc -O2 -g --platform=iovrun --platform=linux-6.18 -c %s -o %t.o
// RUN: iovrun --engine=interp %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing
// RUN: iovrun --engine=jit %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing
// RUN: iovrun --engine=checked %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing
// A weak kernel function is not in this runtime: the program goes on without it, and Linux takes it with it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_xdp_metadata_rx_timestamp(const struct xdp_md *ctx, __u64 *timestamp) __ksym __weak;

__u64 timed, untimed;

SEC("xdp")
int stamp(struct xdp_md *ctx)
{
	__u64 time;

	if (bpf_ksym_exists(bpf_xdp_metadata_rx_timestamp) && !bpf_xdp_metadata_rx_timestamp(ctx, &time))
		timed++;
	else
		untimed++;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: xdp program stamp (interp), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
//| %tmp/out.o: xdp program stamp (jit), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
//| %tmp/out.o: xdp program stamp (checked), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
