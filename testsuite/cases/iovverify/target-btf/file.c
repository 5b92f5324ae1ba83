// RUN: iovcc -g -O2 -c %s -o %t.o
// RUN: printf '#include "target.h"\nstruct port p;\n' | iovcc -g -x c - -I. -c -o %t.target.o
// RUN: llvm-objcopy-19 --dump-section .BTF=%t.btf %t.target.o
// RUN: printf 'name: box\ninherit: linux-6.12\ntarget_btf: out.btf\n' >%t.yaml
// RUN: for with in --platform=linux-6.12 --target-btf=%t.btf --target-btf=%t.target.o --platform=%t.yaml; do iovverify --json $with %t.o | python3 -c 'import json, sys; [print(sys.argv[1].split("/")[-1], d["program"], d["verdict"], [(x["code"], x["message"]) for x in d["diagnostics"]]) for d in map(json.loads, sys.stdin)]' $with; done; :
// RUN: iovcc -g -O2 --target-btf=%t.btf -c %s -o %t.2.o 2>&1 | grep error; :
// CO-RE accesses are resolved against the target's types, which --target-btf or the platform name, before verification.
// NEEDS: clang-19
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct port {
	unsigned long long id;
	unsigned int flags;
	unsigned int seen;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, 16);
} ports SEC(".maps");

SEC("xdp")
int moved(struct xdp_md *ctx)
{
	__u32 key = 0;
	struct port *p = bpf_map_lookup_elem(&ports, &key);

	return p && p->flags ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int gone(struct xdp_md *ctx)
{
	__u32 key = 0;
	struct port *p = bpf_map_lookup_elem(&ports, &key);

	return p && p->seen ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int asked(struct xdp_md *ctx)
{
	__u32 key = 0;
	struct port *p = bpf_map_lookup_elem(&ports, &key);

	return p && bpf_core_field_exists(p->seen) && p->seen ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| --platform=linux-6.12 moved accept []
//| --platform=linux-6.12 gone accept []
//| --platform=linux-6.12 asked accept []
//| out.btf moved reject [('IOV-V026', 'the read through `p` can lie outside a value of map `ports`')]
//| out.btf gone reject [('IOV-V047', 'struct port.seen does not exist on iovrun')]
//| out.btf asked accept []
//| out.target.o moved reject [('IOV-V026', 'the read through `p` can lie outside a value of map `ports`')]
//| out.target.o gone reject [('IOV-V047', 'struct port.seen does not exist on iovrun')]
//| out.target.o asked accept []
//| out.yaml moved reject [('IOV-V026', 'the read through `p` can lie outside a value of map `ports`')]
//| out.yaml gone reject [('IOV-V047', 'struct port.seen does not exist on box')]
//| out.yaml asked accept []
//| file.c:32:17: error: the read through `p` can lie outside a value of map `ports` [IOV-V026]
//| file.c:41:17: error: struct port.seen does not exist on linux-6.12 [IOV-V047]
