// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// A program that makes a compiler emit what objects are made of, without any header: maps of both kinds, globals in four
// sections, a subprogram, strings, loops, shifts and divisions of both signs, an atomic, a tail call that finds nothing.
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
#define SEC(name) __attribute__((section(name), used))

struct xdp_md {
	u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex;
};

#ifdef LEGACY
struct bpf_map_def {
	u32 type, key_size, value_size, max_entries, map_flags;
};
struct bpf_map_def SEC("maps") seen = {1, 4, 8, 64, 0};
struct bpf_map_def SEC("maps") calls = {3, 4, 4, 2, 0};
#else
struct {
	int (*type)[1];
	int (*max_entries)[64];
	u32 *key;
	u64 *value;
} seen SEC(".maps");
struct {
	int (*type)[3];
	int (*max_entries)[2];
	u32 *key;
	u32 *value;
} calls SEC(".maps");
#endif

const volatile u32 modulus = 7;
u64 bytes;
u32 primes[5] = {2, 3, 5, 7, 11};
static u64 sum SEC(".data.sum");

static __attribute__((noinline)) u32 mix(u32 a, u32 b)
{
	return (a ^ b >> 3) * 0x9e3779b1u + (u32)((int)(a - b) >> 5);
}

static u32 fold(const u8 *at, const u8 *end)
{
	u32 hash = 17;

	for (u32 i = 0; i < 14; i++) {
		if (at + i + 1 > end)
			break;
		hash = mix(hash, at[i] + primes[i % 5]);
	}
	return hash;
}
