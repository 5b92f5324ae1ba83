/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the bench's idea of a way to run programs: native code, libiov's engines, the live kernel, DPDK. Each has its
 * own data, tables and maps, from the same start, so that the n-th run of a program has the same result in all. */
#ifndef IOV_BENCH_H
#define IOV_BENCH_H

#include "testsuite/bench/jit/programs.h"

#include <stdbool.h>

enum { WAY_NAME = 24, WAYS_MOST = 8 };

struct way {
	char name[WAY_NAME];
	bool available;
	char missing[160];               /**< why not available */
	bool refused[P_COUNT];           /**< this way does not take the program */
	bool interpreter;
	bool net;                        /**< what a run of `noop` takes is taken off: it is the way's own test loop */
	/** Run a program `turns` times; nanoseconds in all, and the last run's result. */
	double (*run)(struct way *way, enum program program, uint64_t turns, uint32_t *result);
	void *state;
};

/** One way each; `object` is a file of eBPF. */
void libiov_open(struct way *way, const char *object, const char *engine, struct data *start);
void kernel_open(struct way *way, const char *object, struct data *start);
enum dpdk_way { DPDK_BY_JIT, DPDK_BY_INTERPRETER, DPDK_WITH_SHARED, DPDK_WAYS };
/** Three ways, each a dpdk_way; `plugin`: the shared object that dpdk.c makes where DPDK is installed. */
void dpdk_open(struct way ways[DPDK_WAYS], const char *plugin, const char *object, struct data *start);

/** Nanoseconds that compiling takes, by the processor's time: each program, and all together as a module does it, with
 * their pages; instructions of each. libiov's ways only. */
double libiov_compile_ns(const struct way *way, double each[P_COUNT], uint32_t insns[P_COUNT]);

/** An unlocked table of flows (table.c). */
enum { TABLE_SLOTS = 2 * FLOWS };
struct table {
	struct slot {
		uint64_t value;
		uint32_t key;
		bool used;
	} slots[TABLE_SLOTS];
};
uint64_t *table_find(struct table *table, uint32_t key);
void table_put(struct table *table, uint32_t key, uint64_t value);
void table_fill(struct table *table);

/** What a program works on where it has no maps: natively, and in DPDK. */
struct state {
	struct data data;
	struct counter counters[COUNTERS];
	struct table flows;
};
extern struct state native_state;

/** The processor's time of this thread, in ns: the kernel's test loop gives way to other processes (clock.c). */
double bench_now(void);

/** The picture: bars of each way's time beside native code's (svg.c). A median of 0 is no bar. */
bool svg_write(const char *path, const struct way *ways, unsigned way_count, double medians[][P_COUNT]);

#endif
