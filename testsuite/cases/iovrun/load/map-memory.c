// RUN: iovcc -O2 -g -c -DENTRIES=4 %s -o %t.o && iovrun %t.o --no-timing >%t.log
// RUN: iovcc -O2 -g -c -DENTRIES=4000000000 %s -o %t.o
// RUN: iovrun %t.o
// EXIT: 1
// All memory of a map is taken when the module is loaded, up to a limit.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, ENTRIES);
	__type(key, __u32);
	__uint(value_size, 1 << 20);
} pages SEC(".maps");

SEC("xdp")
int touch(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *page = bpf_map_lookup_elem(&pages, &key);

	if (page)
		++*page;
	return XDP_PASS;
}
//= STDERR
//| map-memory.c:14: error: map `pages` needs 4194304000000000 bytes, more than the 1073741824 left [IOV-R003]
//|    14 | } pages SEC(".maps");
//|   hint: lower its max_entries, 4000000000: all memory of a map is taken when it is loaded
