/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the interpreter: threaded dispatch over a predecoded form (interp.h), which interp_decode.c makes.
 *
 * Every handler is made from its row of isa.def by the macros below (DO_<kind>, and under it <kind>_<operation>), so a
 * row that is not handled does not compile. Semantics: RFC 9669; beyond it, the kernel's documents for may_goto,
 * load-acquire and store-release. A 32-bit result zeroes the upper half; division by zero gives 0, modulo by zero the
 * dividend; shift counts are masked.
 *
 * Invariants: programs were verified, so registers, addresses and targets are not checked here. What the verifier
 * cannot bound is: a tail call is made only when the target's whole stack and frames still fit, which they do unless a
 * platform gives programs more stack than Linux. */
#include "runtime/interp.h"
#include "runtime/jit/jit.h"

#include <endian.h>
#include <string.h>

/* For every tail call made by the innermost of eight functions: what the others hold stays until they return. */
enum { STACK_BYTES = 24576, FRAMES = IOV_MAX_TAIL_CALLS * 7 + 8 };
_Static_assert(STACK_BYTES >= (IOV_MAX_TAIL_CALLS + 1) * (IOV_FRAME_STACK + 8 * INTERP_FRAME_ALIGN), "512 bytes each");

struct frame {
	const struct iov_op *ret;
	uint64_t saved[5]; /**< r6..r10 of the caller */
	uint32_t may_goto;
};

typedef uint8_t u8_u;
typedef uint16_t __attribute__((aligned(1), may_alias)) u16_u;
typedef uint32_t __attribute__((aligned(1), may_alias)) u32_u;
typedef uint64_t __attribute__((aligned(1), may_alias)) u64_u;
typedef uint8_t a8;
typedef uint16_t __attribute__((may_alias)) a16;
typedef uint32_t __attribute__((may_alias)) a32;
typedef uint64_t __attribute__((may_alias)) a64;

#define SRC_K op->k
#define SRC_X r[op->src]
#define SRC_N 0
#define ADDR(T, reg) ((T *)(uintptr_t)(r[op->reg] + (uint64_t)(int64_t)op->off))
#define NEXT(n) do { op += (n); goto *op->go; } while (0)
/* The barrier keeps the two ways of a conditional jump apart: each is predicted for itself. */
#define JUMP                                                                                                           \
	do {                                                                                                           \
		__asm__ volatile("");                                                                                  \
		op = (const struct iov_op *)(const void *)((const char *)op + op->jump);                               \
		goto *op->go;                                                                                          \
	} while (0)
#define SRC r[op->src]
#define INDEXED (SRC + op->k + (r[(uint8_t)op->off] << (op->off >> 8)))

/* Arithmetic on unsigned operands of the row's width. */
#define ALU_ADD(w, a, b) ((a) + (b))
#define ALU_SUB(w, a, b) ((a) - (b))
#define ALU_MUL(w, a, b) ((a) * (b))
#define ALU_DIV(w, a, b) ((b) ? (a) / (b) : 0)
#define ALU_MOD(w, a, b) ((b) ? (a) % (b) : (a))
#define ALU_SDIV(w, a, b)                                                                                              \
	((b) == 0 ? 0 : (b) == (uint##w##_t) - 1 ? 0 - (a) : (uint##w##_t)((int##w##_t)(a) / (int##w##_t)(b)))
#define ALU_SMOD(w, a, b)                                                                                              \
	((b) == 0 ? (a) : (b) == (uint##w##_t) - 1 ? 0 : (uint##w##_t)((int##w##_t)(a) % (int##w##_t)(b)))
#define ALU_OR(w, a, b) ((a) | (b))
#define ALU_AND(w, a, b) ((a) & (b))
#define ALU_XOR(w, a, b) ((a) ^ (b))
#define ALU_LSH(w, a, b) ((a) << ((b) & ((w) - 1)))
#define ALU_RSH(w, a, b) ((a) >> ((b) & ((w) - 1)))
#define ALU_ARSH(w, a, b) ((uint##w##_t)((int##w##_t)(a) >> ((b) & ((w) - 1))))
#define ALU_NEG(w, a, b) (0 - (a))
#define ALU_MOV(w, a, b) (b)
#define ALU_MOVSX8(w, a, b) ((uint##w##_t)(int##w##_t)(int8_t)(b))
#define ALU_MOVSX16(w, a, b) ((uint##w##_t)(int##w##_t)(int16_t)(b))
#define ALU_MOVSX32(w, a, b) ((uint##w##_t)(int##w##_t)(int32_t)(b))
#define DO_ALU(oper, w, s)                                                                                             \
	{                                                                                                              \
		uint##w##_t a = (uint##w##_t)r[op->dst], b = (uint##w##_t)(SRC_##s);                                   \
		(void)a, (void)b;                                                                                      \
		r[op->dst] = (uint##w##_t)ALU_##oper(w, a, b);                                                         \
		NEXT(1);                                                                                               \
	}

/* Byte order of this machine decides what TO_LE and TO_BE do. */
#define END_TO_LE(w, v) htole##w(v)
#define END_TO_BE(w, v) htobe##w(v)
#define END_BSWAP(w, v) __builtin_bswap##w(v)
#define DO_END(oper, w, s)                                                                                             \
	r[op->dst] = END_##oper(w, (uint##w##_t)r[op->dst]);                                                           \
	NEXT(1);

/* One address space: a cast keeps the pointer. */
#define DO_CAST(oper, w, s)                                                                                            \
	r[op->dst] = r[op->src];                                                                                       \
	NEXT(1);

#define DO_JA(oper, w, s) JUMP;
#define JCC_JEQ(w, a, b) ((a) == (b))
#define JCC_JNE(w, a, b) ((a) != (b))
#define JCC_JGT(w, a, b) ((a) > (b))
#define JCC_JGE(w, a, b) ((a) >= (b))
#define JCC_JLT(w, a, b) ((a) < (b))
#define JCC_JLE(w, a, b) ((a) <= (b))
#define JCC_JSET(w, a, b) (((a) & (b)) != 0)
#define JCC_JSGT(w, a, b) ((int##w##_t)(a) > (int##w##_t)(b))
#define JCC_JSGE(w, a, b) ((int##w##_t)(a) >= (int##w##_t)(b))
#define JCC_JSLT(w, a, b) ((int##w##_t)(a) < (int##w##_t)(b))
#define JCC_JSLE(w, a, b) ((int##w##_t)(a) <= (int##w##_t)(b))
#define DO_JCC(oper, w, s)                                                                                             \
	if (JCC_##oper(w, (uint##w##_t)r[op->dst], (uint##w##_t)(SRC_##s)))                                            \
		JUMP;                                                                                                  \
	NEXT(1);
#define DO_MAY_GOTO(oper, w, s)                                                                                        \
	if (!frames[depth].may_goto)                                                                                   \
		JUMP;                                                                                                  \
	frames[depth].may_goto--;                                                                                      \
	NEXT(1);

#define CALL_HELPER(target) goto call_helper;
#define CALL_KFUNC(target) goto call_helper;
#define CALL_SUBPROG(target)                                                                                           \
	callee = (const struct iov_op *)(uintptr_t)op->k;                                                              \
	goto call_subprog;
#define CALL_INDIRECT(target)                                                                                          \
	callee = (const struct iov_op *)(uintptr_t)r[op->dst];                                                         \
	goto call_subprog;
#define DO_CALL(oper, w, s) CALL_##oper(0)
#define DO_EXIT(oper, w, s) goto leave;

#define DO_LDX(oper, w, s)                                                                                             \
	r[op->dst] = *ADDR(u##w##_u, src);                                                                             \
	NEXT(1);
#define DO_LDSX(oper, w, s)                                                                                            \
	r[op->dst] = (uint64_t)(int64_t)(int##w##_t) * ADDR(u##w##_u, src);                                            \
	NEXT(1);
#define DO_ST(oper, w, s)                                                                                              \
	*ADDR(u##w##_u, dst) = (uint##w##_t)op->k;                                                                     \
	NEXT(1);
#define DO_STX(oper, w, s)                                                                                             \
	*ADDR(u##w##_u, dst) = (uint##w##_t)r[op->src];                                                                \
	NEXT(1);

/* Atomics: the fetching ones are sequentially consistent, the others have no order (kernel, memory-barriers). */
#define RMW(w, f, order) __atomic_fetch_##f(ADDR(a##w, dst), (uint##w##_t)r[op->src], __ATOMIC_##order)
#define ATOMIC_ADD(w) (void)RMW(w, add, RELAXED);
#define ATOMIC_OR(w) (void)RMW(w, or, RELAXED);
#define ATOMIC_AND(w) (void)RMW(w, and, RELAXED);
#define ATOMIC_XOR(w) (void)RMW(w, xor, RELAXED);
#define ATOMIC_FETCH_ADD(w) r[op->src] = RMW(w, add, SEQ_CST);
#define ATOMIC_FETCH_OR(w) r[op->src] = RMW(w, or, SEQ_CST);
#define ATOMIC_FETCH_AND(w) r[op->src] = RMW(w, and, SEQ_CST);
#define ATOMIC_FETCH_XOR(w) r[op->src] = RMW(w, xor, SEQ_CST);
#define ATOMIC_XCHG(w) r[op->src] = __atomic_exchange_n(ADDR(a##w, dst), (uint##w##_t)r[op->src], __ATOMIC_SEQ_CST);
#define ATOMIC_CMPXCHG(w)                                                                                              \
	uint##w##_t expected = (uint##w##_t)r[0];                                                                      \
	__atomic_compare_exchange_n(ADDR(a##w, dst), &expected, (uint##w##_t)r[op->src], false, __ATOMIC_SEQ_CST,      \
				    __ATOMIC_SEQ_CST);                                                                 \
	r[0] = expected;
#define ATOMIC_LOAD_ACQ(w) r[op->dst] = __atomic_load_n(ADDR(a##w, src), __ATOMIC_ACQUIRE);
#define ATOMIC_STORE_REL(w) __atomic_store_n(ADDR(a##w, dst), (uint##w##_t)r[op->src], __ATOMIC_RELEASE);
#define DO_ATOMIC(oper, w, s)                                                                                          \
	{                                                                                                              \
		ATOMIC_##oper(w) NEXT(1);                                                                              \
	}

#define DO_LDIMM64(oper, w, s)                                                                                         \
	r[op->dst] = op->k;                                                                                            \
	NEXT(1);

/* Legacy packet loads: a byte outside the packet ends its function with 0, a subprogram too (kernel, gen_ld_abs). */
#define DO_LDABS(oper, w, s) DO_PACKET(w, (int64_t)op->k)
#define DO_LDIND(oper, w, s) DO_PACKET(w, (int64_t)(int32_t)((uint32_t)r[op->src] + (uint32_t)op->k))
#define DO_PACKET(w, at)                                                                                               \
	{                                                                                                              \
		const u##w##_u *p = packet_at((const struct iov_ctx *)(uintptr_t)r[6], at, (w) / 8);                   \
		if (!p)                                                                                                \
			goto out_of_packet;                                                                            \
		r[0] = PACKET_##w(*p);                                                                                 \
		NEXT(1);                                                                                               \
	}
#define PACKET_8(v) (v)
#define PACKET_16(v) be16toh(v)
#define PACKET_32(v) be32toh(v)

/* Offsets below zero name a header instead (uapi SKF_NET_OFF, SKF_LL_OFF): here both packets start at the link header,
 * 14 bytes long. */
static const void *packet_at(const struct iov_ctx *ctx, int64_t at, unsigned size)
{
	enum { NET_OFF = -0x100000, LL_OFF = -0x200000, LINK_HEADER = 14 };

	if (at < 0 && at >= NET_OFF)
		at += -(int64_t)NET_OFF + LINK_HEADER;
	else if (at < NET_OFF && at >= LL_OFF)
		at += -(int64_t)LL_OFF;
	if (at < 0 || at + size > ctx->data_end - ctx->data)
		return NULL;
	return ctx->data + at;
}

static uint64_t sum_of(const uint8_t *at, uint64_t step, uint64_t turns, int width)
{
	uint64_t sum = 0;

	if (width == 8)
		for (; turns; turns--, at += step)
			sum += *at;
	else if (width == 16)
		for (; turns; turns--, at += step)
			sum += *(const u16_u *)at;
	else if (width == 32)
		for (; turns; turns--, at += step)
			sum += *(const u32_u *)at;
	else
		for (; turns; turns--, at += step)
			sum += *(const u64_u *)at;
	return sum;
}

/* The turns of a loop (jit/sum.c) that are sure to be followed by one more, which is left to the loop. */
static void sum_turns(const struct jit_sum *s, uint64_t *r)
{
	uint64_t limit = s->limit_known ? (uint64_t)(int64_t)s->limit : r[s->limit_reg], from = r[s->counter];
	uint64_t base = s->base_known ? s->address : s->base >= 0 ? r[s->base] : 0;
	uint64_t turns = from < limit ? (limit - from - 1) / (uint64_t)s->step : 0;

	r[s->sum] += sum_of((const uint8_t *)(uintptr_t)(base + from + (uint64_t)(int64_t)s->disp), (uint64_t)s->step,
			    turns, s->width);
	r[s->counter] += turns * (uint64_t)s->step;
}

static const struct iov_image *tail_target(struct iov_map_head *map, uint32_t index, struct iov_env *env)
{
	const struct iov_image *image;

	if (index >= map->max_entries || env->tail_calls >= IOV_MAX_TAIL_CALLS)
		return NULL;
	image = __atomic_load_n((const struct iov_image **)(uintptr_t)map->data + index, __ATOMIC_ACQUIRE);
	if (image)
		env->tail_calls++;
	return image;
}

static uint64_t inside(void *ctx, struct iov_env *env);

/* A tail call into a program that may throw is a run of its own. */
static bool guarded(const struct iov_image *target, struct iov_env *env, uint64_t *r)
{
	if (!target->guard)
		return false;
	env->image = target;
	r[0] = target->guard((void *)(uintptr_t)r[1], env, inside);
	return true;
}

/* `labels` not NULL: only give the handlers' addresses. */
static uint64_t exec(const struct iov_op *op, struct iov_env *env, const void *const **labels, uint64_t r1,
		     uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)
{
	static const void *const handlers[INTERP_HANDLERS] = {
#define ISA(name, ...) [ISA_##name] = &&do_##name,
#include "asm/isa/isa.def"
#undef ISA
		[INTERP_tail_call] = &&tail_call, [INTERP_sum] = &&sum,
#define X(name, value) [INTERP_##name] = &&name,
		INTERP_FUSED(X)
#undef X
	};
	uint64_t r[IOV_REGS + 5];
	struct frame frames[FRAMES];
	uint8_t stack[STACK_BYTES] __attribute__((aligned(16)));
	const struct iov_op *callee;
	uint32_t depth = 0;

	if (labels) {
		*labels = handlers;
		return 0;
	}
	memcpy(&r[1], (const uint64_t[]){r1, r2, r3, r4, r5}, 5 * sizeof(r[1]));
	r[IOV_R10] = (uintptr_t)(stack + sizeof(stack));
	frames[0].may_goto = IOV_MAY_GOTO_LIMIT;
	goto *op->go;

#define ISA(name, code, sel, val, kind, oper, width, operand, ...) do_##name : DO_##kind(oper, width, operand)
#include "asm/isa/isa.def"
#undef ISA

#define X(name, value) name: r[op->dst] = (value); NEXT(1);
	INTERP_FUSED(X)
#undef X

sum:
	sum_turns((const struct jit_sum *)(uintptr_t)op->k, r);
	NEXT(1);

call_helper:
	r[0] = ((iov_helper_fn *)(uintptr_t)op->k)(r[1], r[2], r[3], r[4], r[5], env);
	NEXT(1);

call_subprog:
	frames[++depth].ret = op + 1;
	frames[depth].may_goto = IOV_MAY_GOTO_LIMIT;
	memcpy(frames[depth].saved, &r[IOV_R6], sizeof(frames[depth].saved));
	r[IOV_R10] -= (uint64_t)op->jump;
	op = callee;
	goto *op->go;

leave:
	if (!depth)
		return r[0];
	memcpy(&r[IOV_R6], frames[depth].saved, sizeof(frames[depth].saved));
	op = frames[depth--].ret;
	goto *op->go;

tail_call: {
	const struct iov_image *target = tail_target((struct iov_map_head *)(uintptr_t)r[2], (uint32_t)r[3], env);
	const struct interp_code *code = target ? target->engine_data : NULL;

	if (!code || code->stack > r[IOV_R10] - (uintptr_t)stack || code->frames > FRAMES - depth)
		NEXT(1);
	if (guarded(target, env, r))
		goto leave;
	frames[depth].may_goto = IOV_MAY_GOTO_LIMIT;
	op = code->ops;
	goto *op->go;
}

out_of_packet:
	r[0] = 0;
	goto leave;
}

static uint64_t callback(struct iov_env *env, uint64_t fn, const uint64_t args[5])
{
	return exec((const struct iov_op *)(uintptr_t)fn, env, NULL, args[0], args[1], args[2], args[3], args[4]);
}

static uint64_t inside(void *ctx, struct iov_env *env)
{
	const struct interp_code *code = env->image->engine_data;

	return exec(code->ops, env, NULL, (uintptr_t)ctx, 0, 0, 0, 0);
}

uint64_t interp_run(const struct iov_image *image, struct iov_env *env, void *ctx)
{
	const struct interp_code *code = image->engine_data;
	uint64_t r0;

	env->callback = callback;
	r0 = image->guard ? image->guard(ctx, env, inside) : exec(code->ops, env, NULL, (uintptr_t)ctx, 0, 0, 0, 0);
	env->callback = NULL;
	return r0;
}

enum iov_status interp_prepare(struct iov_image *image, struct iov_arena *arena)
{
	struct interp_code *code;
	const void *const *handlers;
	enum iov_status status;

	exec(NULL, NULL, &handlers, 0, 0, 0, 0, 0);
	status = interp_decode(image, arena, handlers, &code);
	if (status)
		return status;
	code->frames = image->facts ? image->facts->frames : 8;
	code->stack = image->facts ? image->facts->stack + code->frames * INTERP_FRAME_ALIGN :
				     code->frames * IOV_FRAME_STACK;
	if (code->frames > FRAMES || code->stack > STACK_BYTES)
		return IOV_BUG;
	image->engine_data = code;
	return IOV_OK;
}
