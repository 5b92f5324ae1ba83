// RUN: iovcc -O2 -g -c %s -o %t.o
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --program entry
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --program entry --rules tail.yaml --engine=interp
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --program entry --engine=checked
// RUN: iovrun %t.o --program nobody
// EXIT: 1
// A program array that the object fills, and the same array filled anew from a rules file.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int drop(struct xdp_md *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__array(values, int(void *));
} jumps SEC(".maps") = {.values = {[1] = (void *)&drop}};

SEC("xdp")
int drop(struct xdp_md *ctx)
{
	return XDP_DROP;
}

SEC("xdp")
int bounce(struct xdp_md *ctx)
{
	return XDP_TX;
}

SEC("xdp")
int entry(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &jumps, 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: xdp program entry (jit), 401 frames
//|
//| verdict               packets          bytes
//| XDP_DROP                  401          64709
//| total                     401          64709
//| %tmp/out.o: xdp program entry (interp), 401 frames
//|
//| verdict               packets          bytes
//| XDP_TX                    401          64709
//| total                     401          64709
//| %tmp/out.o: xdp program entry (checked), 401 frames
//|
//| verdict               packets          bytes
//| XDP_DROP                  401          64709
//| total                     401          64709
//= STDERR
//| iovrun: error: %tmp/out.o has no program `nobody` that is loaded [IOV-R013]
