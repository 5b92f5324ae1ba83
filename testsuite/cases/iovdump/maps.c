// RUN: clang-19 -target bpf -O2 -g -c %s -o %t.o
// RUN: iovdump --maps %t.o
// RUN: iovdump --maps --json %t.o | sed 's/"file": "[^"]*"/"file": "FILE"/'
// NEEDS: clang-19
typedef unsigned int u32;
typedef unsigned long long u64;
#define SEC(name) __attribute__((section(name), used))
enum action { ALLOW, DENY = 7 };
struct rule {
	enum action action;
	u32 id : 3, zone : 29;
	u64 bytes[2];
};
struct {
	int (*type)[11];
	struct {
		u32 prefixlen;
		unsigned char addr[4];
	} *key;
	struct rule *value;
	int (*max_entries)[1024];
	int (*map_flags)[1];
	int (*pinning)[1];
} rules SEC(".maps");
struct inner {
	int (*type)[2];
	u32 *key;
	u64 *value;
	int (*max_entries)[4];
} a SEC(".maps");
struct {
	int (*type)[12];
	u32 *key;
	int (*max_entries)[8];
	struct inner *values[];
} outer SEC(".maps") = {.values = {[3] = &a}};
int limit = 7;
const volatile char tag[8] = "eth0";
u64 counter[2];
SEC("xdp") int prog(void *ctx)
{
	return limit + tag[1] + counter[1];
}
//= STDOUT
//|
//| map a: array
//|   key      4 bytes  u32
//|   value    8 bytes  u64
//|   entries  4
//|
//| map outer: array_of_maps
//|   key      4 bytes  u32
//|   value    4 bytes
//|   entries  8
//|   [3]      a
//|   inner    array, key 4, value 8 bytes, 4 entries
//|
//| map rules: lpm_trie
//|   key      8 bytes  struct { u32 prefixlen; unsigned char addr[4]; }
//|   value    24 bytes  struct rule
//|   entries  1024
//|   flags    no_prealloc
//|   pinning  by name
//|
//| map .data: array
//|   key      4 bytes
//|   value    4 bytes
//|   entries  1
//|   flags    mmapable
//|          0 int limit = 7
//|
//| map .rodata: array
//|   key      4 bytes
//|   value    8 bytes
//|   entries  1
//|   flags    rdonly_prog mmapable
//|          0 const volatile char tag[8] = "eth0"
//|
//| map .bss: array
//|   key      4 bytes
//|   value    16 bytes
//|   entries  1
//|   flags    mmapable
//|          0 u64 counter[2]
//|
//| struct rule {
//| 	enum action action;                     /* 0, 4 bytes */
//| 	u32 id:3;                               /* 4, 4 bytes */
//| 	u32 zone:29;                            /* 4, 4 bytes */
//| 	u64 bytes[2];                           /* 8, 16 bytes */
//| }; /* 24 bytes */
//|
//| enum action {
//| 	ALLOW = 0,
//| 	DENY = 7,
//| }; /* 4 bytes */
//| {"file": "FILE", "license": "", "byte_order": "little",
//| "maps": [
//|   {"name": "a", "type": "array", "type_id": 2, "origin": "user", "key_size": 4, "value_size": 8, "max_entries": 4, "map_flags": 0, "flags": [], "map_extra": 0, "pinning": 0, "numa_node": 0, "key": "u32", "value": "u64", "values": []},
//|   {"name": "outer", "type": "array_of_maps", "type_id": 12, "origin": "user", "key_size": 4, "value_size": 4, "max_entries": 8, "map_flags": 0, "flags": [], "map_extra": 0, "pinning": 0, "numa_node": 0, "key": "u32", "value": null, "values": [{"index": 3, "name": "a"}], "inner": {"name": "outer.inner", "type": "array", "type_id": 2, "origin": "user", "key_size": 4, "value_size": 8, "max_entries": 4, "map_flags": 0, "flags": [], "map_extra": 0, "pinning": 0, "numa_node": 0, "key": "u32", "value": "u64", "values": []}},
//|   {"name": "rules", "type": "lpm_trie", "type_id": 11, "origin": "user", "key_size": 8, "value_size": 24, "max_entries": 1024, "map_flags": 1, "flags": ["no_prealloc"], "map_extra": 0, "pinning": 1, "numa_node": 0, "key": "struct { u32 prefixlen; unsigned char addr[4]; }", "value": "struct rule", "values": []},
//|   {"name": ".data", "type": "array", "type_id": 2, "origin": "data", "key_size": 4, "value_size": 4, "max_entries": 1, "map_flags": 1024, "flags": ["mmapable"], "map_extra": 0, "pinning": 0, "numa_node": 0, "key": null, "value": null, "variables": [{"name": "limit", "offset": 0, "size": 4, "type": "int"}], "values": []},
//|   {"name": ".rodata", "type": "array", "type_id": 2, "origin": "rodata", "key_size": 4, "value_size": 8, "max_entries": 1, "map_flags": 1152, "flags": ["rdonly_prog", "mmapable"], "map_extra": 0, "pinning": 0, "numa_node": 0, "key": null, "value": null, "variables": [{"name": "tag", "offset": 0, "size": 8, "type": "const volatile char[8]"}], "values": []},
//|   {"name": ".bss", "type": "array", "type_id": 2, "origin": "bss", "key_size": 4, "value_size": 16, "max_entries": 1, "map_flags": 1024, "flags": ["mmapable"], "map_extra": 0, "pinning": 0, "numa_node": 0, "key": null, "value": null, "variables": [{"name": "counter", "offset": 0, "size": 16, "type": "u64[2]"}], "values": []}]}
