// RUN: clang-19 -O2 -target bpf -c %s -o %t.o
// RUN: for e in interp jit; do iovrun --engine=$e --in %top/testsuite/traffic/firewall.pcap --no-timing --maps %t.o; done
// NEEDS: clang-19
// An object of the years before BTF: maps are structs in the section `maps`, and nothing has a type.
typedef unsigned int u32;
typedef unsigned long long u64;
#define SEC(name) __attribute__((section(name), used))

struct bpf_map_def {
	u32 type, key_size, value_size, max_entries, map_flags;
};

struct bpf_map_def SEC("maps") counts = {1, 4, 8, 16, 0};
struct bpf_map_def SEC("maps") sums = {2, 4, 8, 1, 0};

static void *(*const lookup)(void *map, const void *key) = (void *)1;
static long (*const update)(void *map, const void *key, const void *value, u64 flags) = (void *)2;

SEC("xdp")
int prog(u32 *ctx)
{
	u32 key = (ctx[1] - ctx[0]) % 7, zero = 0;
	u64 one = 1, *count = lookup(&counts, &key), *sum = lookup(&sums, &zero);

	if (sum)
		*sum += key;
	if (count)
		++*count;
	else
		update(&counts, &key, &one, 0);
	return 2;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: xdp program prog (interp), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
//|
//| map counts (hash, room for 16)
//|   06 00 00 00: 2f 00 00 00 00 00 00 00
//|   01 00 00 00: 1a 00 00 00 00 00 00 00
//|   03 00 00 00: 63 00 00 00 00 00 00 00
//|   05 00 00 00: 2f 00 00 00 00 00 00 00
//|   02 00 00 00: 2b 00 00 00 00 00 00 00
//|   04 00 00 00: 44 00 00 00 00 00 00 00
//|   00 00 00 00: 47 00 00 00 00 00 00 00
//|
//| map sums (array, room for 1)
//|   00 00 00 00: ae 04 00 00 00 00 00 00
//| %tmp/out.o: xdp program prog (jit), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
//|
//| map counts (hash, room for 16)
//|   06 00 00 00: 2f 00 00 00 00 00 00 00
//|   01 00 00 00: 1a 00 00 00 00 00 00 00
//|   03 00 00 00: 63 00 00 00 00 00 00 00
//|   05 00 00 00: 2f 00 00 00 00 00 00 00
//|   02 00 00 00: 2b 00 00 00 00 00 00 00
//|   04 00 00 00: 44 00 00 00 00 00 00 00
//|   00 00 00 00: 47 00 00 00 00 00 00 00
//|
//| map sums (array, room for 1)
//|   00 00 00 00: ae 04 00 00 00 00 00 00
