/* SPDX-License-Identifier: Apache-2.0 */
/* DPDK's rte_bpf as ways, in a shared object of its own: the bench is built, and runs, where DPDK is not. It has no
 * maps: programs that need one call the host's table, which is for one thread. As a way of its own, `hash` calls the
 * table that DPDK itself has for several threads, rte_hash, whose lookups take no lock either. */
#include "testsuite/bench/jit/bench.h"

#include <rte_bpf.h>
#include <rte_eal.h>
#include <rte_hash.h>
#include <rte_hash_crc.h>
#include <rte_log.h>
#include <stdio.h>
#include <string.h>

struct loaded {
	struct state state;
	bool jit;
	struct rte_bpf *bpf[P_COUNT];
	struct rte_bpf_jit code[P_COUNT];
};

static struct state *current; /* of the way that runs: DPDK gives functions nothing of the kind */
static struct rte_hash *shared;

static uint64_t counter_at(uint64_t key, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
	(void)b, (void)c, (void)d, (void)e;
	return key < COUNTERS ? (uintptr_t)&current->counters[key] : 0;
}

static uint64_t flow(uint64_t key, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
	const uint64_t *value = table_find(&current->flows, (uint32_t)key);

	(void)b, (void)c, (void)d, (void)e;
	return value ? *value : 0;
}

static uint64_t flow_put(uint64_t key, uint64_t value, uint64_t c, uint64_t d, uint64_t e)
{
	(void)c, (void)d, (void)e;
	table_put(&current->flows, (uint32_t)key, value);
	return 0;
}

static uint64_t shared_flow(uint64_t key, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
	uint32_t k = (uint32_t)key;
	void *value;

	(void)b, (void)c, (void)d, (void)e;
	return rte_hash_lookup_data(shared, &k, &value) >= 0 ? (uintptr_t)value : 0;
}

static uint64_t shared_flow_put(uint64_t key, uint64_t value, uint64_t c, uint64_t d, uint64_t e)
{
	uint32_t k = (uint32_t)key;

	(void)c, (void)d, (void)e;
	rte_hash_add_key_data(shared, &k, (void *)(uintptr_t)value);
	return 0;
}

/* Readers without locks, several writers. The environment abstraction layer gives it memory: no huge pages, and any
 * processor that this process may run on. */
static bool shared_open(void)
{
	static char *eal[] = {"bench", "--no-huge", "-m64", "--no-pci", "--no-shconf", "--no-telemetry",
			      "--log-level=*:1", "--lcores=0@(0-1)", NULL};
	const struct rte_hash_parameters how = {
		.name = "flows", .entries = 2 * FLOWS, .key_len = 4, .hash_func = rte_hash_crc,
		.extra_flag = RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF | RTE_HASH_EXTRA_FLAGS_MULTI_WRITER_ADD,
	};

	if (rte_eal_init(sizeof(eal) / sizeof(eal[0]) - 1, eal) < 0)
		return false;
	shared = rte_hash_create(&how);
	for (uint32_t i = 0; shared && i < FLOWS; i++)
		shared_flow_put(flow_key((uint64_t)i << 48), 0, 0, 0, 0);
	return shared != NULL;
}

static double run(struct way *way, enum program p, uint64_t turns, uint32_t *result)
{
	struct loaded *l = way->state;
	uint64_t (*code)(void *) = l->code[p].func;
	double start = bench_now();
	uint64_t last = 0;

	current = &l->state;
	if (l->jit)
		while (turns--)
			last = code(current);
	else
		while (turns--)
			last = rte_bpf_exec(l->bpf[p], current);
	*result = (uint32_t)last;
	return bench_now() - start;
}

static struct rte_bpf *load(const char *object, const char *name, bool with_shared)
{
	const struct rte_bpf_arg word = {.type = RTE_BPF_ARG_RAW, .size = 8};
	const struct rte_bpf_xsym symbols[] = {
		{.name = "bench_counter", .type = RTE_BPF_XTYPE_FUNC,
		 .func = {counter_at, 1, {word}, {.type = RTE_BPF_ARG_PTR, .size = sizeof(struct counter)}}},
		{.name = "bench_flow", .type = RTE_BPF_XTYPE_FUNC,
		 .func = {with_shared ? shared_flow : flow, 1, {word}, word}},
		{.name = "bench_flow_put", .type = RTE_BPF_XTYPE_FUNC,
		 .func = {with_shared ? shared_flow_put : flow_put, 2, {word, word}, word}},
	};
	struct rte_bpf_prm prm = {.xsym = symbols, .nb_xsym = sizeof(symbols) / sizeof(symbols[0]),
				  .prog_arg = {.type = RTE_BPF_ARG_PTR, .size = sizeof(struct data)}};
	char section[64];

	snprintf(section, sizeof(section), "dpdk/%s", name);
	return rte_bpf_elf_load(&prm, object, section);
}

void dpdk_plugin_open(struct way *way, enum dpdk_way which, const char *object, const struct data *start)
{
	static const char *const names[] = {
#define X(name) #name,
		PROGRAMS(X)
#undef X
	};
	static struct loaded all[DPDK_WAYS];
	struct loaded *l = &all[which];

	rte_log_set_global_level(RTE_LOG_CRIT);
	if (which == DPDK_WITH_SHARED && !shared_open())
		return;
	l->state.data = *start;
	table_fill(&l->state.flows);
	l->jit = which != DPDK_BY_INTERPRETER;
	for (int p = 0; p < P_COUNT; p++) {
		way->refused[p] = true;
		if (which == DPDK_WITH_SHARED && p != P_hash)
			continue;
		l->bpf[p] = load(object, names[p], which == DPDK_WITH_SHARED);
		way->refused[p] = !l->bpf[p] || (rte_bpf_get_jit(l->bpf[p], &l->code[p]), l->jit && !l->code[p].func);
	}
	way->state = l;
	way->run = run;
	way->available = true;
}
