/* SPDX-License-Identifier: Apache-2.0 */
/* DPDK's rte_bpf as a way, in a shared object of its own: the bench is built, and runs, where DPDK is not. It has no
 * maps: programs that need one call the host's table. */
#include "testsuite/bench/jit/bench.h"

#include <rte_bpf.h>
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

static struct rte_bpf *load(const char *object, const char *name)
{
	const struct rte_bpf_arg word = {.type = RTE_BPF_ARG_RAW, .size = 8};
	const struct rte_bpf_xsym symbols[] = {
		{.name = "bench_counter", .type = RTE_BPF_XTYPE_FUNC,
		 .func = {counter_at, 1, {word}, {.type = RTE_BPF_ARG_PTR, .size = sizeof(struct counter)}}},
		{.name = "bench_flow", .type = RTE_BPF_XTYPE_FUNC, .func = {flow, 1, {word}, word}},
		{.name = "bench_flow_put", .type = RTE_BPF_XTYPE_FUNC, .func = {flow_put, 2, {word, word}, word}},
	};
	struct rte_bpf_prm prm = {.xsym = symbols, .nb_xsym = sizeof(symbols) / sizeof(symbols[0]),
				  .prog_arg = {.type = RTE_BPF_ARG_PTR, .size = sizeof(struct data)}};
	char section[64];

	snprintf(section, sizeof(section), "dpdk/%s", name);
	return rte_bpf_elf_load(&prm, object, section);
}

void dpdk_plugin_open(struct way *way, bool jit, const char *object, const struct data *start)
{
	static const char *const names[] = {
#define X(name) #name,
		PROGRAMS(X)
#undef X
	};
	static struct loaded both[2];
	struct loaded *l = &both[jit];

	rte_log_set_global_level(RTE_LOG_CRIT);
	l->state.data = *start;
	table_fill(&l->state.flows);
	l->jit = jit;
	for (int p = 0; p < P_COUNT; p++) {
		l->bpf[p] = load(object, names[p]);
		way->refused[p] = !l->bpf[p] || (rte_bpf_get_jit(l->bpf[p], &l->code[p]), jit && !l->code[p].func);
	}
	way->state = l;
	way->run = run;
	way->available = true;
}
