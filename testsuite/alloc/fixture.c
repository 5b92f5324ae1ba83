/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* A program with a bit of everything: maps, globals, subprogram, CO-RE, loop. Compiled by clang-19 for the harness. */
#include <linux/bpf.h>

#define SEC(name) __attribute__((section(name), used))

struct key {
	unsigned int address;
	unsigned short port, pad;
};

struct value {
	unsigned long long packets, bytes;
	char name[8];
};

struct {
	int (*type)[BPF_MAP_TYPE_HASH];
	int (*max_entries)[64];
	struct key *key;
	struct value *value;
} flows SEC(".maps");

struct {
	int (*type)[BPF_MAP_TYPE_ARRAY];
	int (*max_entries)[4];
	unsigned int *key;
	struct value *value;
} totals SEC(".maps");

static void *(*const map_lookup)(void *map, const void *key) = (void *)BPF_FUNC_map_lookup_elem;
static long (*const map_update)(void *map, const void *key, const void *value, unsigned long long flags) =
	(void *)BPF_FUNC_map_update_elem;

volatile const unsigned int limit = 3;
unsigned int drops;
char _license[] SEC("license") = "GPL";

static __attribute__((noinline)) unsigned int sum(const unsigned char *p, const unsigned char *end)
{
	unsigned int total = 0;

	for (int i = 0; i < 4; i++) {
		if (p + i + 1 > end)
			break;
		total += p[i];
	}
	return total;
}

SEC("xdp")
int count(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct key key = {0};
	struct value *value, fresh = {1, 0, "new"};
	unsigned int zero = 0;

	if (data + 14 > end) {
		drops++;
		return XDP_DROP;
	}
	key.address = sum(data, end);
	key.port = data[12] << 8 | data[13];
	value = map_lookup(&flows, &key);
	if (!value)
		return map_update(&flows, &key, &fresh, 0) ? XDP_ABORTED : XDP_PASS;
	__sync_fetch_and_add(&value->packets, 1);
	value->bytes += end - data;
	value = map_lookup(&totals, &zero);
	if (value && value->packets++ > limit)
		return XDP_DROP;
	return XDP_PASS;
}
