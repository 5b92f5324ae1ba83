// RUN: iovcc -O2 -g -c %s -o %t.o
// RUN: iovrun %t.o --rules rules.yaml --maps --no-timing
// RUN: iovrun %t.o --rules rules-wrong.yaml --maps
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum action { DENY, ALLOW = 7 };

struct prefix {
	__u32 prefixlen;
	__u8 addr[4];
};

struct rule {
	enum action action;
	__be16 port;
	__u8 mac[6];
	union {
		__u32 zone;
		__u8 bytes[4];
	};
};

const volatile __u32 limit = 1;

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 3);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct prefix);
	__type(value, struct rule);
} rules SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __s16);
} numbers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("xdp")
int rules_are_filled(struct xdp_md *ctx)
{
	__u32 key = limit;
	__s16 *number = bpf_map_lookup_elem(&numbers, &key);
	struct prefix prefix = {.prefixlen = 32};
	struct rule *rule = bpf_map_lookup_elem(&rules, &prefix);

	bpf_ringbuf_output(&events, &key, sizeof(key), 0);
	return rule && number ? *number : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: xdp program rules_are_filled (jit) is verified and loaded
//|
//| map numbers (array, room for 2)
//|   0: -1
//|   1: 32767
//|
//| map rules (lpm_trie, room for 3)
//|   { .prefixlen = 16, .addr = 10.1.0.0 }: { .action = ALLOW, .port = 443, .mac = 02:00:00:00:00:01, { .zone = 3, .bytes = { 3, 0, 0, 0 } } }
//|   { .prefixlen = 32, .addr = 192.0.2.1 }: { .action = DENY, .port = 0, .mac = 00:00:00:00:00:00, { .zone = 513, .bytes = { 1, 2, 0, 0 } } }
//|
//| map .rodata (array, room for 1)
//|   { .limit = 1 }
//= STDERR
//| rules-wrong.yaml:3:12: error: `10.1.0.1/16` has bits set behind its prefix length [IOV-R031]
//|     3 |     - key: 10.1.0.1/16
//|       |            ^~~~~~~~~~~
//| rules-wrong.yaml:6:23: error: `PERHAPS` is not a number, true, false or an enumerator of its type (enum action) [IOV-R031]
//|     6 |       value: {action: PERHAPS, port: 70000}
//|       |                       ^~~~~~~
//| rules-wrong.yaml:6:38: error: `70000` does not fit in the type (__be16) [IOV-R031]
//|     6 |       value: {action: PERHAPS, port: 70000}
//|       |                                      ^~~~~
//| rules-wrong.yaml:7:7: error: the key 'value' is missing here [IOV-Y010]
//|     7 |     - key: 10.2.0.0/16
//|       |       ^
//| rules-wrong.yaml:11:7: error: map `rules` refused the entry: it is full, or the index is too large [IOV-R032]
//|    11 |     - {key: 10.6.0.0/16, value: {action: DENY}}
//|       |       ^
//| rules-wrong.yaml:13:7: error: map `numbers` refused the entry: it is full, or the index is too large [IOV-R032]
//|    13 |     - {key: 2, value: 1}
//|       |       ^
//| rules-wrong.yaml:14:23: error: `32768` does not fit in the type (__s16) [IOV-R031]
//|    14 |     - {key: 1, value: 32768}
//|       |                       ^~~~~
//| rules-wrong.yaml:15:3: error: the module has no map `events` that entries can be put into [IOV-R030]
//|    15 |   events: []
//|       |   ^~~~~~
//| rules-wrong.yaml:16:3: error: the module has no map `nobody` that entries can be put into [IOV-R030]
//|    16 |   nobody: []
//|       |   ^~~~~~
