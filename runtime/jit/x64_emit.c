/* SPDX-License-Identifier: Apache-2.0 */
/* Encoders for x86-64. Encoding: prefixes, REX (or VEX), opcode, ModRM, SIB, displacement, immediate. */
#include "runtime/jit/x64_emit.h"

#include <string.h>

static inline uint8_t *put32(uint8_t *p, uint32_t v)
{
	memcpy(p, &v, 4);
	return p + 4;
}

void x64_byte(struct jit_code *c, uint8_t byte)
{
	*code_room(c) = byte;
	c->next++;
}

void x64_bytes(struct jit_code *c, const void *bytes, unsigned count)
{
	memcpy(code_room(c), bytes, count);
	c->next += count;
}

/* REX bits are W 8, R 4, X 2, B 1. */
static inline uint8_t *prefix(uint8_t *p, uint32_t op, unsigned rex)
{
	if (op & X64_OP_LOCK)
		*p++ = 0xf0;
	if (op & X64_OP_16)
		*p++ = 0x66;
	if (rex)
		*p++ = (uint8_t)(0x40 | (rex & 15));
	if (op & (X64_OP_0F | X64_OP_0F38))
		*p++ = 0x0f;
	if (op & X64_OP_0F38)
		*p++ = 0x38;
	*p++ = (uint8_t)op;
	return p;
}

enum { REX_BARE = 16 };

static inline unsigned rex_of(uint32_t op, int w, int reg, int index, int base)
{
	unsigned rex = (unsigned)(reg >> 3) << 2 | (unsigned)(index >> 3) << 1 | (unsigned)(base >> 3);

	return rex | (w == 64 ? 8u : 0u) | ((op & X64_OP_BYTE) && reg >= 4 ? REX_BARE : 0u);
}

static inline uint8_t *modrm_reg(uint8_t *p, int reg, int rm)
{
	*p++ = (uint8_t)(0xc0 | (reg & 7) << 3 | (rm & 7));
	return p;
}

static inline uint8_t *modrm_mem(uint8_t *p, int reg, struct x64_mem m)
{
	bool sib = m.index >= 0 || (m.base & 7) == X64_RSP, small = m.disp >= -128 && m.disp <= 127;
	int mod = m.disp == 0 && (m.base & 7) != X64_RBP ? 0 : small ? 1 : 2;

	*p++ = (uint8_t)(mod << 6 | (reg & 7) << 3 | (sib ? 4 : m.base & 7));
	if (sib)
		*p++ = (uint8_t)(m.scale << 6 | (m.index >= 0 ? m.index & 7 : 4) << 3 | (m.base & 7));
	if (mod == 1)
		*p++ = (uint8_t)m.disp;
	return mod == 2 ? put32(p, (uint32_t)m.disp) : p;
}

void x64_rr(struct jit_code *c, uint32_t op, int w, int reg, int rm)
{
	unsigned rex = rex_of(op, w, reg, 0, rm) | ((op & X64_OP_BYTE_RM) && rm >= 4 ? REX_BARE : 0u);

	c->next = modrm_reg(prefix(code_room(c), op, rex), reg, rm);
}

void x64_rm(struct jit_code *c, uint32_t op, int w, int reg, struct x64_mem m)
{
	uint8_t *p = prefix(code_room(c), op, rex_of(op, w, reg, m.index < 0 ? 0 : m.index, m.base));

	c->next = modrm_mem(p, reg, m);
}

void x64_alu_rr(struct jit_code *c, enum x64_alu op, int w, int rd, int rs)
{
	x64_rr(c, op * 8 + 1u, w, rs, rd);
}

static void imm_by_size(struct jit_code *c, int32_t imm)
{
	if (imm >= -128 && imm <= 127)
		*c->next++ = (uint8_t)imm;
	else
		c->next = put32(c->next, (uint32_t)imm);
}

static inline uint32_t group1(int32_t imm)
{
	return imm >= -128 && imm <= 127 ? 0x83 : 0x81;
}

void x64_alu_ri(struct jit_code *c, enum x64_alu op, int w, int rd, int32_t imm)
{
	x64_rr(c, group1(imm), w, (int)op, rd);
	imm_by_size(c, imm);
}

void x64_alu_mi(struct jit_code *c, enum x64_alu op, int w, struct x64_mem m, int32_t imm)
{
	x64_rm(c, group1(imm), w, (int)op, m);
	imm_by_size(c, imm);
}

void x64_test_ri(struct jit_code *c, int w, int rd, int32_t imm)
{
	if (imm >= 0 && imm <= 127) {
		x64_rr(c, 0xf6 | X64_OP_BYTE_RM, 32, 0, rd);
		*c->next++ = (uint8_t)imm;
		return;
	}
	x64_rr(c, 0xf7, imm >= 0 ? 32 : w, 0, rd);
	c->next = put32(c->next, (uint32_t)imm);
}

void x64_shift_i(struct jit_code *c, enum x64_shift op, int w, int rd, unsigned count)
{
	if (count == 1) {
		x64_rr(c, 0xd1, w, (int)op, rd);
		return;
	}
	x64_rr(c, 0xc1, w, (int)op, rd);
	*c->next++ = (uint8_t)count;
}

void x64_shift_cl(struct jit_code *c, enum x64_shift op, int w, int rd)
{
	x64_rr(c, 0xd3, w, (int)op, rd);
}

/* Three-byte VEX: map 2 or 3, pp 1: 66, 2: f3, 3: f2; vvvv inverted. */
static void vex_rr(struct jit_code *c, unsigned map, unsigned pp, unsigned op, int w, int reg, int vvvv, int rm)
{
	uint8_t *p = code_room(c);

	*p++ = 0xc4;
	*p++ = (uint8_t)((reg & 8 ? 0 : 0x80) | 0x40 | (rm & 8 ? 0 : 0x20) | map);
	*p++ = (uint8_t)((w == 64 ? 0x80 : 0) | (~vvvv & 15) << 3 | pp);
	*p++ = (uint8_t)op;
	c->next = modrm_reg(p, reg, rm);
}

void x64_shiftx(struct jit_code *c, enum x64_shift op, int w, int rd, int rs, int count)
{
	vex_rr(c, 2, op == X64_SHL ? 1 : op == X64_SAR ? 2 : 3, 0xf7, w, rd, count, rs);
}

void x64_rorx(struct jit_code *c, int w, int rd, int rs, unsigned count)
{
	vex_rr(c, 3, 3, 0xf0, w, rd, 0, rs);
	*c->next++ = (uint8_t)count;
}

void x64_group3(struct jit_code *c, enum x64_group3 op, int w, int rm)
{
	x64_rr(c, 0xf7, w, (int)op, rm);
}

void x64_imul_rri(struct jit_code *c, int w, int rd, int rs, int32_t imm)
{
	x64_rr(c, imm >= -128 && imm <= 127 ? 0x6b : 0x69, w, rd, rs);
	imm_by_size(c, imm);
}

void x64_sign_rdx(struct jit_code *c, int w)
{
	if (w == 64)
		x64_byte(c, 0x48);
	x64_byte(c, 0x99);
}

void x64_bswap(struct jit_code *c, int w, int rd)
{
	uint8_t *p = prefix(code_room(c), (0xc8u + (unsigned)(rd & 7)) | X64_OP_0F, rex_of(0, w, 0, 0, rd));

	c->next = p;
}

void x64_mov(struct jit_code *c, int w, int rd, int rs)
{
	if (rd != rs || w == 32)
		x64_rr(c, X64_MOV_STORE, w, rs, rd);
}

void x64_movabs(struct jit_code *c, int rd, uint64_t value)
{
	uint8_t *p = prefix(code_room(c), 0xb8u + (unsigned)(rd & 7), rex_of(0, 64, 0, 0, rd));

	memcpy(p, &value, 8);
	c->next = p + 8;
}

void x64_mov_imm(struct jit_code *c, int rd, uint64_t value)
{
	if (value == 0) {
		x64_alu_rr(c, X64_XOR, 32, rd, rd);
	} else if (value <= UINT32_MAX) {
		uint8_t *p = prefix(code_room(c), 0xb8u + (unsigned)(rd & 7), rex_of(0, 32, 0, 0, rd));

		c->next = put32(p, (uint32_t)value);
	} else if ((int64_t)value == (int32_t)value) {
		x64_rr(c, 0xc7, 64, 0, rd);
		c->next = put32(c->next, (uint32_t)value);
	} else {
		x64_movabs(c, rd, value);
	}
}

void x64_store_imm(struct jit_code *c, int bits, struct x64_mem m, int32_t imm)
{
	uint32_t op = bits == 8 ? 0xc6u : bits == 16 ? 0xc7u | X64_OP_16 : 0xc7u;

	x64_rm(c, op, bits, 0, m);
	if (bits == 8) {
		*c->next++ = (uint8_t)imm;
	} else if (bits == 16) {
		*c->next++ = (uint8_t)imm;
		*c->next++ = (uint8_t)((uint32_t)imm >> 8);
	} else {
		c->next = put32(c->next, (uint32_t)imm);
	}
}

static void one_reg(struct jit_code *c, unsigned op, int reg)
{
	c->next = prefix(code_room(c), op + (unsigned)(reg & 7), rex_of(0, 32, 0, 0, reg));
}

void x64_push(struct jit_code *c, int reg)
{
	one_reg(c, 0x50, reg);
}

void x64_pop(struct jit_code *c, int reg)
{
	one_reg(c, 0x58, reg);
}

void x64_call_reg(struct jit_code *c, int reg)
{
	x64_rr(c, 0xff, 32, 2, reg);
}

void x64_jmp_reg(struct jit_code *c, int reg)
{
	x64_rr(c, 0xff, 32, 4, reg);
}

void x64_jmp_mem(struct jit_code *c, struct x64_mem m)
{
	x64_rm(c, 0xff, 32, 4, m);
}

uint32_t x64_jcc_short(struct jit_code *c, enum x64_cc cc)
{
	x64_bytes(c, (const uint8_t[2]){(uint8_t)(0x70 | cc), 0}, 2);
	return code_at(c);
}

uint32_t x64_jmp_short(struct jit_code *c)
{
	x64_bytes(c, (const uint8_t[2]){0xeb, 0}, 2);
	return code_at(c);
}

void x64_bind(struct jit_code *c, uint32_t jump)
{
	uint32_t distance = code_at(c) - jump;

	if (c->failed)
		return;
	c->bug |= distance > 127;
	c->base[jump - 1] = (uint8_t)distance;
}

void x64_jcc_back(struct jit_code *c, enum x64_cc cc, uint32_t to)
{
	int32_t distance = (int32_t)to - (int32_t)code_at(c) - 2;

	c->bug |= distance < -128 && !c->failed;
	x64_bytes(c, (const uint8_t[2]){(uint8_t)(0x70 | cc), (uint8_t)distance}, 2);
}
