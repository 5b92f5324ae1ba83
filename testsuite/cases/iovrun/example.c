// The program in iov.h's head is built, and runs this module.
// RUN: sed -n 's/^ \*\t\{0,1\}//; /^#include <iov/,/^}/p' %top/runtime/include/iov/iov.h >%t-host.c
// RUN: iovcc -O2 -g -c %s -o %t.o
// RUN: for l in runtime jit verify object yaml platforms isa base; do echo %top/build/lib/libiov-$l.a; done >%t.libs
// RUN: ${CC:-gcc} -Wall -Werror -I%top/runtime/include %t-host.c -o %t-host @%t.libs -lyaml
// RUN: %t-host %t.o
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} packets SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *n = bpf_map_lookup_elem(&packets, &key);

	if (n)
		__sync_fetch_and_add(n, 1);
	return XDP_PASS;
}
//= STDOUT
//| verdict 2, 1 packets
