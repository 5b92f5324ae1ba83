/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the interpreter's predecoded form: one operation for each group of slots that one handler does, in the order of
 * the slots, so that what is not a jump goes on with the next. Handlers are the rows of isa.def, then these. */
#ifndef IOV_RUNTIME_INTERP_H
#define IOV_RUNTIME_INTERP_H

#include "runtime/image.h"

enum { INTERP_FRAME_ALIGN = 16 };

/** Handlers that give one register a value from others; `value` is for interp.c. `k`: displacement, count or mask. lea
 * and loads: the address is src + k, and with _index + (r[low byte of off] << high byte of off). */
#define INTERP_FUSED(X) \
	X(rotate32, (uint32_t)SRC << op->k | (uint32_t)SRC >> (32 - op->k)) \
	X(rotate64, SRC << op->k | SRC >> (64 - op->k)) \
	X(lea, SRC + op->k) \
	X(lea_index, INDEXED) \
	X(load8, *(u8_u *)(uintptr_t)(SRC + op->k)) \
	X(load16, *(u16_u *)(uintptr_t)(SRC + op->k)) \
	X(load32, *(u32_u *)(uintptr_t)(SRC + op->k)) \
	X(load64, *(u64_u *)(uintptr_t)(SRC + op->k)) \
	X(load8_index, *(u8_u *)(uintptr_t)INDEXED) \
	X(load16_index, *(u16_u *)(uintptr_t)INDEXED) \
	X(load32_index, *(u32_u *)(uintptr_t)INDEXED) \
	X(load64_index, *(u64_u *)(uintptr_t)INDEXED) \
	X(load16_swapped, __builtin_bswap16(*(u16_u *)(uintptr_t)(SRC + op->k))) \
	X(load32_swapped, __builtin_bswap32(*(u32_u *)(uintptr_t)(SRC + op->k))) \
	X(load64_swapped, __builtin_bswap64(*(u64_u *)(uintptr_t)(SRC + op->k))) \
	X(zext8, (uint8_t)SRC) \
	X(zext16, (uint16_t)SRC) \
	X(zext32, (uint32_t)SRC) \
	X(sext8, (uint64_t)(int64_t)(int8_t)SRC) \
	X(sext16, (uint64_t)(int64_t)(int16_t)SRC) \
	X(sext32, (uint64_t)(int64_t)(int32_t)SRC) \
	X(and3_32, (uint32_t)(SRC & op->k)) \
	X(and3_64, SRC & op->k) \
	X(shl3_32, (uint32_t)SRC << (op->k & 31)) \
	X(shl3_64, SRC << (op->k & 63)) \
	X(shr3_32, (uint32_t)SRC >> (op->k & 31)) \
	X(shr3_64, SRC >> (op->k & 63))

/** tail_call: the helper; sum: turns of the loop that follows, `k` is its struct jit_sum. */
enum interp_handler {
	INTERP_tail_call = ISA_COUNT,
	INTERP_sum,
#define X(name, value) INTERP_##name,
	INTERP_FUSED(X)
#undef X
	INTERP_HANDLERS,
};

struct iov_op {
	const void *go;    /**< handler */
	uint64_t k;        /**< immediate sign-extended, 64-bit constant, function, or callee */
	int32_t jump;      /**< jumps: bytes from here; CALL_SUBPROG, CALLX, calls: bytes of stack of this subprogram */
	uint8_t dst, src;
	int16_t off;
};

struct interp_code {
	uint32_t stack, frames; /**< what a run needs at most: the caller's to set */
	struct iov_op ops[];
};

/** Into `arena` (interp_decode.c). */
enum iov_status interp_decode(const struct iov_image *image, struct iov_arena *arena, const void *const *handlers,
			      struct interp_code **out);

#endif
