// RUN: iovcc -O2 -c %s -o %t.o
// RUN: iovdump --json -d --symbols --relocs --types %t.o
typedef unsigned int u32;
typedef unsigned long long u64;
#define SEC(name) __attribute__((section(name), used))

struct xdp_md {
	u32 data, data_end;
};
struct count {
	u64 packets;
	u32 last : 20, kind : 12;
};
struct {
	int (*type)[2];
	u32 *key;
	struct count *value;
	int (*max_entries)[4];
} counts SEC(".maps");
static void *(*lookup)(void *map, const void *key) = (void *)1;
u32 limit = 3;

SEC("xdp") int count(struct xdp_md *ctx)
{
	u32 key = ctx->data_end > limit;
	struct count *c = lookup(&counts, &key);

	if (c)
		c->packets++;
	return 2;
}
char _license[] SEC("license") = "GPL";
//= STDOUT
//| {"file": "%tmp/out.o", "license": "GPL", "byte_order": "little",
//| "programs": [
//|   {"name": "count", "section": "xdp", "type": "xdp", "type_id": 6, "attach_type_id": 37, "autoload": true, "instructions": 19, "functions": ["count"], "maps": [".data", "counts"], "externs": [], "helpers": [{"id": 1, "name": "map_lookup_elem"}], "listing": [
//|     {"slot": 0, "text": "r2 = .data+0 ll", "file": "parts-json.c", "line": 25, "column": 28, "source": "\tu32 key = ctx->data_end > limit;"},
//|     {"slot": 2, "text": "r2 = *(u32 *)(r2 + 0)", "access": "limit", "file": "parts-json.c", "line": 25, "column": 28, "source": "\tu32 key = ctx->data_end > limit;"},
//|     {"slot": 3, "text": "r3 = *(u32 *)(r1 + 4)", "access": "struct xdp_md.data_end", "file": "parts-json.c", "line": 25, "column": 17, "source": "\tu32 key = ctx->data_end > limit;"},
//|     {"slot": 4, "text": "w1 = 1", "file": "parts-json.c", "line": 25, "column": 17, "source": "\tu32 key = ctx->data_end > limit;"},
//|     {"slot": 5, "text": "if w3 > w2 goto +1 <L1>", "file": "parts-json.c", "line": 25, "column": 26, "source": "\tu32 key = ctx->data_end > limit;"},
//|     {"slot": 6, "text": "w1 = 0", "file": "parts-json.c", "line": 25, "column": 26, "source": "\tu32 key = ctx->data_end > limit;"},
//|     {"slot": 7, "text": "*(u32 *)(r10 - 4) = r1", "file": "parts-json.c", "line": 25, "column": 6, "source": "\tu32 key = ctx->data_end > limit;"},
//|     {"slot": 8, "text": "r2 = r10", "file": "parts-json.c", "line": 25, "column": 6, "source": "\tu32 key = ctx->data_end > limit;"},
//|     {"slot": 9, "text": "r2 += -4", "file": "parts-json.c", "line": 25, "column": 6, "source": "\tu32 key = ctx->data_end > limit;"},
//|     {"slot": 10, "text": "r1 = counts ll", "file": "parts-json.c", "line": 26, "column": 20, "source": "\tstruct count *c = lookup(&counts, &key);"},
//|     {"slot": 12, "text": "call bpf_map_lookup_elem#1", "file": "parts-json.c", "line": 26, "column": 20, "source": "\tstruct count *c = lookup(&counts, &key);"},
//|     {"slot": 13, "text": "if r0 == 0 goto +3 <L2>", "file": "parts-json.c", "line": 28, "column": 6, "source": "\tif (c)"},
//|     {"slot": 14, "text": "r1 = *(u64 *)(r0 + 0)", "access": "struct count.packets", "file": "parts-json.c", "line": 29, "column": 13, "source": "\t\tc->packets++;"},
//|     {"slot": 15, "text": "r1 += 1", "file": "parts-json.c", "line": 29, "column": 13, "source": "\t\tc->packets++;"},
//|     {"slot": 16, "text": "*(u64 *)(r0 + 0) = r1", "access": "struct count.packets", "file": "parts-json.c", "line": 29, "column": 13, "source": "\t\tc->packets++;"},
//|     {"slot": 17, "text": "w0 = 2", "file": "parts-json.c", "line": 30, "column": 2, "source": "\treturn 2;"},
//|     {"slot": 18, "text": "exit", "file": "parts-json.c", "line": 30, "column": 2, "source": "\treturn 2;"}]}],
//| "functions": [],
//| "symbols": [
//|   {"number": 1, "name": "parts-json.c", "type": "file", "bind": "local", "section": "*absolute*", "value": 0, "size": 0},
//|   {"number": 2, "name": "xdp", "type": "section", "bind": "local", "section": "xdp", "value": 0, "size": 0},
//|   {"number": 3, "name": "count", "type": "function", "bind": "global", "section": "xdp", "value": 0, "size": 152},
//|   {"number": 4, "name": "limit", "type": "object", "bind": "global", "section": ".data", "value": 0, "size": 4},
//|   {"number": 5, "name": "counts", "type": "object", "bind": "global", "section": ".maps", "value": 0, "size": 32},
//|   {"number": 6, "name": "_license", "type": "object", "bind": "global", "section": "license", "value": 0, "size": 4}],
//| "relocations": [
//|   {"section": "xdp", "offset": 0, "type": "R_BPF_64_64", "symbol": "limit"},
//|   {"section": "xdp", "offset": 80, "type": "R_BPF_64_64", "symbol": "counts"}],
//| "types": [
//|   {"id": 1, "kind": "func", "name": "count", "size": 0, "type": 2, "linkage": 1},
//|   {"id": 2, "kind": "func_proto", "name": "", "size": 0, "type": 3, "members": [{"name": "ctx", "type": 4}]},
//|   {"id": 3, "kind": "int", "name": "int", "size": 4, "type": 0, "encoding": 1, "bits": 32},
//|   {"id": 4, "kind": "ptr", "name": "", "size": 0, "type": 5},
//|   {"id": 5, "kind": "struct", "name": "xdp_md", "size": 8, "type": 0, "members": [{"name": "data", "type": 6, "bit_offset": 0, "bit_size": 0}, {"name": "data_end", "type": 6, "bit_offset": 32, "bit_size": 0}]},
//|   {"id": 6, "kind": "typedef", "name": "u32", "size": 0, "type": 7},
//|   {"id": 7, "kind": "int", "name": "unsigned int", "size": 4, "type": 0, "encoding": 0, "bits": 32},
//|   {"id": 8, "kind": "var", "name": "_license", "size": 0, "type": 9, "linkage": 1},
//|   {"id": 9, "kind": "array", "name": "", "size": 0, "type": 10, "elements": 4, "index_type": 11},
//|   {"id": 10, "kind": "int", "name": "char", "size": 1, "type": 0, "encoding": 1, "bits": 8},
//|   {"id": 11, "kind": "int", "name": "__ARRAY_SIZE_TYPE__", "size": 4, "type": 0, "encoding": 0, "bits": 32},
//|   {"id": 12, "kind": "var", "name": "counts", "size": 0, "type": 13, "linkage": 1},
//|   {"id": 13, "kind": "struct", "name": "", "size": 32, "type": 0, "members": [{"name": "type", "type": 14, "bit_offset": 0, "bit_size": 0}, {"name": "key", "type": 16, "bit_offset": 64, "bit_size": 0}, {"name": "value", "type": 17, "bit_offset": 128, "bit_size": 0}, {"name": "max_entries", "type": 21, "bit_offset": 192, "bit_size": 0}]},
//|   {"id": 14, "kind": "ptr", "name": "", "size": 0, "type": 15},
//|   {"id": 15, "kind": "array", "name": "", "size": 0, "type": 3, "elements": 2, "index_type": 11},
//|   {"id": 16, "kind": "ptr", "name": "", "size": 0, "type": 6},
//|   {"id": 17, "kind": "ptr", "name": "", "size": 0, "type": 18},
//|   {"id": 18, "kind": "struct", "name": "count", "size": 16, "type": 0, "members": [{"name": "packets", "type": 19, "bit_offset": 0, "bit_size": 0}, {"name": "last", "type": 6, "bit_offset": 64, "bit_size": 20}, {"name": "kind", "type": 6, "bit_offset": 84, "bit_size": 12}]},
//|   {"id": 19, "kind": "typedef", "name": "u64", "size": 0, "type": 20},
//|   {"id": 20, "kind": "int", "name": "unsigned long long", "size": 8, "type": 0, "encoding": 0, "bits": 64},
//|   {"id": 21, "kind": "ptr", "name": "", "size": 0, "type": 22},
//|   {"id": 22, "kind": "array", "name": "", "size": 0, "type": 3, "elements": 4, "index_type": 11},
//|   {"id": 23, "kind": "var", "name": "limit", "size": 0, "type": 6, "linkage": 1},
//|   {"id": 24, "kind": "datasec", "name": ".data", "size": 4, "type": 0, "members": [{"name": "", "type": 23, "offset": 0, "size": 4}]},
//|   {"id": 25, "kind": "datasec", "name": ".maps", "size": 32, "type": 0, "members": [{"name": "", "type": 12, "offset": 0, "size": 32}]},
//|   {"id": 26, "kind": "datasec", "name": "license", "size": 4, "type": 0, "members": [{"name": "", "type": 8, "offset": 0, "size": 4}]}]}
