#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct nat_event {
	__u32 saddr, daddr;
	__u16 port;
};
const struct nat_event *nat_event_type __attribute__((unused)); /* BTF keeps what a global names */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 4096);
} sessions SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} log_rb SEC(".maps");

const volatile __be16 port_lo = 4;
const volatile __u8 log_level = 1;
const volatile char device[16] = "eth0";
const volatile _Bool strict = 1;
__u64 drops;

SEC("xdp") int nat_rx(struct xdp_md *ctx)
{
	__u32 key = ctx->rx_queue_index;
	__u64 *hits = bpf_map_lookup_elem(&sessions, &key);
	struct nat_event *e;

	if (hits)
		*hits += port_lo;
	if (log_level && strict && device[0]) {
		e = bpf_ringbuf_reserve(&log_rb, sizeof(*e), 0);
		if (e) {
			e->saddr = key;
			e->daddr = 0;
			e->port = 0;
			bpf_ringbuf_submit(e, 0);
		}
	}
	drops++;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
