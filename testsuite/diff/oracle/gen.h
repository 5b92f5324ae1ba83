/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the generator's parts (gen_*.c). Each makes one kind of statement; statements leave what the table says.
 *
 * r6: the context (in callbacks: what they were given); r7, r9: numbers; r8: counts a loop; r0 to r5: within one
 * statement.
 * Stack, from r10:
 *   -64..-1     eight numbers that were written        -104  a slice         -120, -128  buffers for one
 *   -88..-65    two dynptrs                             -136, -144  iterators by depth of loops
 *   -152, -160, -168  counters by depth of loops        -176  a limit         -184  a socket
 *   -192        a value with a lock or timer in it      -200  another       -208  an iterator's element */
#ifndef IOV_TEST_DIFF_ORACLE_GEN_H
#define IOV_TEST_DIFF_ORACLE_GEN_H

#include "testsuite/diff/oracle/oracle.h"

enum { SLOTS = 8 };
enum { SOCKET_FILTER = 1, SCHED_CLS = 3, XDP = 6, CGROUP_SKB = 8, LWT_XMIT = 12, SK_SKB = 14 };
enum { M_ARRAY, M_HASH, M_RING, M_LRU, M_LOCKED, M_TIMERS, M_OUTER, M_PROGS, GEN_MAPS };
/** Functions of a program, in order. Static ones get a number, a pointer to 8 bytes of stack, the context. */
enum { F_MAIN, F_SUB, F_SUBS_END = 5, F_LOOP = F_SUBS_END, F_LOOP_NULL, F_EACH, F_TIMER, F_GLOBAL, F_GLOBAL_NULL };

extern const struct iov_map_def gen_maps[GEN_MAPS];
extern const uint8_t gen_jumps[11], gen_loads[7], gen_widths[7];

static inline uint32_t below(struct gen *g, uint32_t n) { return oracle_below(g->state, n); }
static inline bool coin(struct gen *g) { return below(g, 2); }
static inline void put(struct gen *g, uint8_t code, int dst, int src, int off, int32_t imm)
{
	if (g->count < GEN_MAX)
		g->insns[g->count++] = (struct iov_insn){code, (uint8_t)dst, (uint8_t)src, 0, (int16_t)off, imm};
}
/** A jump over what was put since slot `at`, which jumps. */
static inline void land(struct gen *g, uint32_t at) { g->insns[at].off = (int16_t)(g->count - at - 1); }
static inline int num(struct gen *g) { return coin(g) ? IOV_R7 : IOV_R9; }
int32_t gen_edge(struct gen *g);
/** A jump that is taken half of the time: on a bit of a number. */
static inline void put_half(struct gen *g) { put(g, 0x45, num(g), 0, 0, 1 << below(g, 4)); }
/** r[dst] = r10 + off. */
void gen_stack_at(struct gen *g, int dst, int off);
/** A call of a helper; of a kernel function. */
static inline void helper(struct gen *g, int32_t id) { put(g, 0x85, 0, 0, 0, id); }
void gen_kfunc(struct gen *g, const char *name);
/** The slot just put refers to `function`. False: there is no room for more. */
bool gen_refer(struct gen *g, uint32_t function);

void gen_statements(struct gen *g, uint32_t n);
/** r1 = a number below `limit`, one way or another; off by one now and then. The result, when it is not 0, is the slot
 * + 1 of a jump, for gen_fill(). */
uint32_t gen_bounded(struct gen *g, uint32_t limit);
void gen_fill(struct gen *g, uint32_t hole);
/** Load, store or change something at r[p] + off. */
void gen_access(struct gen *g, int p, int off);
void gen_atomic(struct gen *g, int p, int off);
void gen_load_map(struct gen *g, int reg, int map);
/** r0 = a value of the map, or NULL; the key is written at r10 - 8. */
void gen_find(struct gen *g, int map);

/* Statements. */
void gen_alu(struct gen *g);
void gen_branch(struct gen *g);
void gen_arms(struct gen *g);
void gen_tied(struct gen *g);
void gen_ranges(struct gen *g);
void gen_legacy(struct gen *g);
void gen_packet(struct gen *g);
void gen_lookup(struct gen *g);
void gen_inner(struct gen *g);
void gen_stack(struct gen *g);
void gen_ring(struct gen *g);
void gen_dynptr(struct gen *g);
void gen_packet_dynptr(struct gen *g);
void gen_loop(struct gen *g);
void gen_both_ways(struct gen *g);
void gen_walk(struct gen *g);
void gen_may_goto(struct gen *g);
void gen_iterate(struct gen *g);
void gen_bpf_loop(struct gen *g);
void gen_for_each(struct gen *g);
void gen_call_sub(struct gen *g);
void gen_helper(struct gen *g);
void gen_any_kfunc(struct gen *g);
void gen_socket(struct gen *g);
void gen_lock(struct gen *g);
void gen_timer(struct gen *g);
void gen_section(struct gen *g);
void gen_tail_call(struct gen *g);

#endif
