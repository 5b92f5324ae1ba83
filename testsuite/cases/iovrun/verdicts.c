// RUN: iovcc -O2 -g -c %s -o %t.o
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --maps --engine=interp --set limit=100
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --maps --engine=jit --set limit=100 --repeat 3
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --maps --json --program other
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --out %t.pcap --keep drop --verdicts %t.csv
// RUN: iovrun %t.o --in %t.pcap --no-timing
// RUN: head -3 %t.csv
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const volatile __u32 limit = 1000;

enum size { SHORT, LONG = 9 };

struct key {
	enum size size;
	__u8 mac[6];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct key);
	__type(value, __u64);
} stations SEC(".maps");

SEC("xdp")
int stations_by_size(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct key key = {};
	__u64 one = 1, *seen;

	if (data + 14 > end)
		return XDP_ABORTED;
	key.size = end - data > limit ? LONG : SHORT;
	__builtin_memcpy(key.mac, data + 6, 6);
	seen = bpf_map_lookup_elem(&stations, &key);
	if (seen)
		__sync_fetch_and_add(seen, 1);
	else
		bpf_map_update_elem(&stations, &key, &one, BPF_ANY);
	return key.size == LONG ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int other(struct xdp_md *ctx)
{
	return ctx->ingress_ifindex + 40;
}

char LICENSE[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: xdp program stations_by_size (interp), 401 frames
//|
//| verdict               packets          bytes
//| XDP_ABORTED                 3             20
//| XDP_DROP                   79          42279
//| XDP_PASS                  319          22410
//| total                     401          64709
//|
//| map stations (hash, room for 64)
//|   { .size = SHORT, .mac = 02:00:00:00:00:0a }: 227
//|   { .size = LONG, .mac = 02:00:00:00:00:0b }: 43
//|   { .size = LONG, .mac = 02:00:00:00:00:0a }: 36
//|   { .size = SHORT, .mac = 02:00:00:00:00:0b }: 92
//|
//| map .rodata (array, room for 1)
//|   { .limit = 100 }
//| %tmp/out.o: xdp program stations_by_size (jit), 401 frames
//|
//| verdict               packets          bytes
//| XDP_ABORTED                 9             60
//| XDP_DROP                  237         126837
//| XDP_PASS                  957          67230
//| total                    1203         194127
//|
//| map stations (hash, room for 64)
//|   { .size = SHORT, .mac = 02:00:00:00:00:0a }: 681
//|   { .size = LONG, .mac = 02:00:00:00:00:0b }: 129
//|   { .size = LONG, .mac = 02:00:00:00:00:0a }: 108
//|   { .size = SHORT, .mac = 02:00:00:00:00:0b }: 276
//|
//| map .rodata (array, room for 1)
//|   { .limit = 100 }
//| {
//|   "module": "%tmp/out.o",
//|   "program": "other",
//|   "type": "xdp",
//|   "engine": "jit",
//|   "frames": 401,
//|   "packets": 401,
//|   "bytes": 64709,
//|   "verdicts": [
//|     {"verdict": 41, "name": "41", "packets": 401, "bytes": 64709}
//|   ],
//|   "events": 0,
//|   "maps": [
//|     {"name": "stations", "type": "hash", "max_entries": 64, "entries": []},
//|     {"name": ".rodata", "type": "array", "max_entries": 1, "entries": [
//|         {"value": { "limit": 1000 }}
//|       ]}
//|   ]
//| }
//| %tmp/out.o: xdp program stations_by_size (jit), 401 frames
//|
//| verdict               packets          bytes
//| XDP_ABORTED                 3             20
//| XDP_DROP                   22          30396
//| XDP_PASS                  376          34293
//| total                     401          64709
//| %tmp/out.o: xdp program stations_by_size (jit), 22 frames
//|
//| verdict               packets          bytes
//| XDP_DROP                   22          30396
//| total                      22          30396
//| packet,verdict,name,length,port
//| 1,2,XDP_PASS,110,0
//| 2,2,XDP_PASS,94,0
