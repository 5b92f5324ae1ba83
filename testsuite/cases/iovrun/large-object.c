// SPDX-License-Identifier: Apache-2.0
// RUN: iovcc -O2 -g -c %s -o %t.o
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --engine=interp
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --engine=jit
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --engine=checked
// An object that no heap has room for: there is none, in each engine, at once.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct large {
	char text[1 << 28];
};

extern void *bpf_obj_new_impl(__u64 local_type_id, void *meta) __ksym;
extern void bpf_obj_drop_impl(void *object, void *meta) __ksym;

SEC("xdp")
int make(struct xdp_md *ctx)
{
	struct large *l = bpf_obj_new_impl(__builtin_btf_type_id(*(struct large *)0, 0), NULL);

	if (!l)
		return XDP_PASS;
	l->text[sizeof(l->text) - 1] = 1;
	bpf_obj_drop_impl(l, NULL);
	return XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
//= STDOUT
//| %tmp/out.o: xdp program make (interp), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
//| %tmp/out.o: xdp program make (jit), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
//| %tmp/out.o: xdp program make (checked), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
