/* SPDX-License-Identifier: Apache-2.0 */
/* The encoders of 64-bit ARM against LLVM's assembler: each word is held against llvm-mc-19's for the same text. Those
 * of x86-64 are held to it by what the code does (vectors.c); here nothing has to run. */
#include "asm/base/buf.h"
#include "runtime/jit/a64_emit.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_WORDS = 40000 };

static struct jit_code code;
static struct iov_buf text;
static uint32_t expected;

static void start(void)
{
	cr_assert(code_begin(&code, alloc_libc(), 1 << 16));
	text = (struct iov_buf){0};
	expected = 0;
}

/* The word that was just emitted, as text. */
__attribute__((format(printf, 1, 2))) static void says(const char *format, ...)
{
	char line[128];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	buf_printf(&text, "%s\n", line);
	expected += 4;
	cr_assert_eq(code_at(&code), expected, "not one word: %s", line);
}

static void assemble(char *name, uint32_t *words)
{
	char command[256], line[512];
	uint32_t count = 0;
	FILE *out;

	snprintf(command, sizeof(command),
		 "llvm-mc-19 -triple=aarch64 -mattr=+v8.5a -filetype=asm -show-encoding %s 2>&1", name);
	out = popen(command, "r");
	cr_assert_not_null(out);
	while (fgets(line, sizeof(line), out)) {
		unsigned b[4];
		const char *at = strstr(line, "encoding: [");

		cr_assert(!strstr(line, "error:"), "%s", line);
		if (at && count < MAX_WORDS &&
		    sscanf(at, "encoding: [0x%x,0x%x,0x%x,0x%x]", &b[0], &b[1], &b[2], &b[3]) == 4)
			words[count++] = b[0] | b[1] << 8 | b[2] << 16 | b[3] << 24;
	}
	pclose(out);
	cr_assert_eq(count, expected / 4, "llvm-mc-19 gave %u words for %u", count, expected / 4);
}

static void finish(void)
{
	static uint32_t words[MAX_WORDS];
	char name[] = "/tmp/iov-encoders-XXXXXX";
	const char *line = buf_cstr(&text);
	int fd = mkstemp(name);

	cr_assert(fd >= 0 && write(fd, line, strlen(line)) == (ssize_t)strlen(line));
	close(fd);
	assemble(name, words);
	unlink(name);
	for (uint32_t i = 0; i < expected / 4; i++) {
		size_t length = strcspn(line, "\n");
		uint32_t word;

		memcpy(&word, code.base + 4 * i, 4);
		cr_assert_eq(word, words[i], "%.*s: %08x, llvm-mc %08x", (int)length, line, word, words[i]);
		line += length + 1;
	}
	code_end(&code);
	buf_free(&text);
}

static const int regs[] = {A64_X0, A64_X7, A64_X16, A64_X22, A64_LR};
enum { REGS = sizeof(regs) / sizeof(*regs) };
#define EACH(a) for (const int *a = regs; a < regs + REGS; a++)

static char letter(int w)
{
	return w == 64 ? 'x' : 'w';
}

Test(encoders, arithmetic)
{
	static const struct {
		enum a64_alu op;
		const char *name;
	} alus[] = {{A64_ADD, "add"}, {A64_ADDS, "adds"}, {A64_SUB, "sub"}, {A64_SUBS, "subs"}, {A64_AND, "and"},
		    {A64_ORR, "orr"}, {A64_ORN, "orn"}, {A64_EOR, "eor"}, {A64_ANDS, "ands"}};
	static const char *const shifts[] = {"lsl", "lsr", "asr"};

	start();
	for (unsigned i = 0; i < sizeof(alus) / sizeof(*alus); i++)
		for (int w = 32; w <= 64; w += 32)
			EACH(d) EACH(n) EACH(m) {
				int by = (int)((unsigned)(*d + *n * 3 + *m) % (unsigned)w), how = (*d + *n) % 3;
				char r = letter(w);

				a64_alu(&code, alus[i].op, w, *d, *n, *m);
				says("%s %c%d, %c%d, %c%d", alus[i].name, r, *d, r, *n, r, *m);
				a64_alu_shifted(&code, alus[i].op, w, *d, *n, *m, (enum a64_shift)how, (unsigned)by);
				says("%s %c%d, %c%d, %c%d, %s #%d", alus[i].name, r, *d, r, *n, r, *m, shifts[how], by);
			}
	finish();
}

Test(encoders, add_and_subtract_immediates)
{
	static const int64_t imms[] = {0, 1, 5, 4095, 4096, 8192, 0xfff000, -1, -4095, -4096, -0xfff000};
	static const int64_t none[] = {4097, 0x1000000, -4097, INT32_MIN, INT64_MIN};

	start();
	for (unsigned i = 0; i < sizeof(imms) / sizeof(*imms); i++)
		for (int w = 32; w <= 64; w += 32)
			EACH(d) EACH(n) {
				int64_t k = imms[i] < 0 ? -imms[i] : imms[i];
				char r = letter(w);

				cr_assert(a64_addsub_imm(&code, A64_ADD, w, *d, *n, imms[i]));
				says("%s %c%d, %c%d, #%" PRId64, imms[i] < 0 ? "sub" : "add", r, *d, r, *n, k);
				cr_assert(a64_addsub_imm(&code, A64_SUBS, w, A64_ZR, *n, imms[i]));
				says("%s %c%d, #%" PRId64, imms[i] < 0 ? "cmn" : "cmp", r, *n, k);
			}
	cr_assert(a64_addsub_imm(&code, A64_SUB, 64, A64_SP, A64_SP, 512));
	says("sub sp, sp, #512");
	for (unsigned i = 0; i < sizeof(none) / sizeof(*none); i++)
		cr_assert(!a64_addsub_imm(&code, A64_ADD, 64, 0, 0, none[i]));
	cr_assert_eq(code_at(&code), expected);
	finish();
}

/* Every bitmask that there is, and neighbours that are none. */
Test(encoders, bitmask_immediates)
{
	uint32_t count = 0;

	start();
	for (unsigned size = 2; size <= 64; size *= 2)
		for (unsigned ones = 1; ones < size; ones++)
			for (unsigned turn = 0; turn < size; turn++) {
				uint64_t v = ((uint64_t)1 << ones) - 1;
				uint64_t low = size == 64 ? UINT64_MAX : ((uint64_t)1 << size) - 1;

				v = ((v >> turn) | (turn ? v << (size - turn) : 0)) & low;
				for (unsigned at = size; at < 64; at *= 2)
					v |= v << at;
				cr_assert(a64_logic_imm(&code, A64_AND, 64, 3, 19, v), "%#" PRIx64, v);
				says("and x3, x19, #%#" PRIx64, v);
				count++;
				if (size == 64)
					continue;
				cr_assert(a64_logic_imm(&code, A64_EOR, 32, 3, 19, (uint32_t)v));
				says("eor w3, w19, #%#x", (uint32_t)v);
			}
	cr_assert_eq(count, 5334);
	finish();
	start();
	for (uint64_t v = 0; v < 5000; v++) {
		uint64_t spread = v * 0x9e3779b97f4a7c15;

		cr_assert(!a64_logic_imm(&code, A64_AND, 64, 0, 0, spread) || code_at(&code) > 0);
	}
	cr_assert_eq(code_at(&code), 0);
	cr_assert(!a64_logic_imm(&code, A64_AND, 32, 0, 0, UINT32_MAX) && !a64_logic_imm(&code, A64_AND, 64, 0, 0, 5));
	code_end(&code);
}

Test(encoders, shifts_extensions_and_multiplications)
{
	static const char *const shifts[] = {"lsl", "lsr", "asr"};

	start();
	for (int w = 32; w <= 64; w += 32)
		EACH(d) EACH(n) {
			char r = letter(w);

			for (unsigned by = 0; by < (unsigned)w; by++) {
				int how = (int)(by + (unsigned)*d) % 3;

				a64_shift_imm(&code, (enum a64_shift)how, w, *d, *n, by);
				says("%s %c%d, %c%d, #%u", shifts[how], r, *d, r, *n, by);
				a64_rotate_imm(&code, w, *d, *n, by);
				says("ror %c%d, %c%d, #%u", r, *d, r, *n, by);
			}
			for (unsigned bits = 8; bits < (unsigned)w; bits *= 2) {
				a64_extend(&code, true, w, *d, *n, bits);
				says("sxt%c %c%d, w%d", bits == 8 ? 'b' : bits == 16 ? 'h' : 'w', r, *d, *n);
				a64_extend(&code, false, w, *d, *n, bits);
				says("ubfx %c%d, %c%d, #0, #%u", r, *d, r, *n, bits);
			}
			a64_two(&code, A64_UDIV, w, *d, *n, A64_X9);
			says("udiv %c%d, %c%d, %c9", r, *d, r, *n, r);
			a64_two(&code, A64_SDIV, w, *d, *n, A64_X9);
			says("sdiv %c%d, %c%d, %c9", r, *d, r, *n, r);
			a64_two(&code, A64_LSLV, w, *d, *n, A64_X9);
			says("lsl %c%d, %c%d, %c9", r, *d, r, *n, r);
			a64_two(&code, A64_LSRV, w, *d, *n, A64_X9);
			says("lsr %c%d, %c%d, %c9", r, *d, r, *n, r);
			a64_two(&code, A64_ASRV, w, *d, *n, A64_X9);
			says("asr %c%d, %c%d, %c9", r, *d, r, *n, r);
			a64_three(&code, A64_MADD, w, *d, *n, A64_X4, A64_X8);
			says("madd %c%d, %c%d, %c4, %c8", r, *d, r, *n, r, r);
			a64_three(&code, A64_MSUB, w, *d, *n, A64_X4, *d);
			says("msub %c%d, %c%d, %c4, %c%d", r, *d, r, *n, r, r, *d);
			a64_rev(&code, w, *d, *n);
			says("rev %c%d, %c%d", r, *d, r, *n);
		}
	EACH(d) EACH(n) {
		a64_three(&code, A64_UMADDL, 64, *d, *n, A64_X4, A64_ZR);
		says("umull x%d, w%d, w4", *d, *n);
		a64_three(&code, A64_UMULH, 64, *d, *n, A64_X4, A64_ZR);
		says("umulh x%d, x%d, x4", *d, *n);
		a64_three(&code, A64_SMULH, 64, *d, *n, A64_X4, A64_ZR);
		says("smulh x%d, x%d, x4", *d, *n);
		a64_rev16(&code, *d, *n);
		says("rev16 w%d, w%d", *d, *n);
		a64_mov(&code, 32, *d, *n);
		says("mov w%d, w%d", *d, *n);
		a64_add_extended(&code, *d, A64_SP, *n, 3);
		says("add x%d, sp, x%d, uxtx #3", *d, *n);
	}
	finish();
}

/* One word: moves of 16 bits, their complements, bitmasks. */
Test(encoders, moves_of_one_word)
{
	start();
	EACH(d) {
		for (int at = 0; at < 64; at += 16) {
			uint64_t v = (uint64_t)0x1234 << at;

			a64_mov_imm(&code, *d, v);
			says("mov %c%d, #%#" PRIx64, at < 32 ? 'w' : 'x', *d, v);
			a64_mov_imm(&code, *d, ~v);
			says("mov x%d, #%" PRId64, *d, (int64_t)~v);
		}
		a64_mov_imm(&code, *d, 0);
		says("mov w%d, #0", *d);
		a64_mov_imm(&code, *d, UINT64_MAX);
		says("mov x%d, #-1", *d);
		a64_mov_imm(&code, *d, 0xffffedcb);
		says("mov w%d, #-4661", *d);
		a64_mov_imm(&code, *d, 0x00ff00ff00ff00ff);
		says("orr x%d, xzr, #0x00ff00ff00ff00ff", *d);
	}
	finish();
}

Test(encoders, memory)
{
	static const char *const loads[] = {"ldrb w", "ldrh w", "ldr w", "ldr x"};
	static const char *const sloads[] = {"ldrsb x", "ldrsh x", "ldrsw x"};
	static const char *const stores[] = {"strb w", "strh w", "str w", "str x"};
	static const char *const uloads[] = {"ldurb w", "ldurh w", "ldur w", "ldur x"};

	start();
	for (unsigned size = 0; size < 4; size++)
		EACH(t) EACH(n) {
			int far = 4095 << size;

			cr_assert(a64_access_imm(&code, A64_LOAD, size, *t, *n, far));
			says("%s%d, [x%d, #%d]", loads[size], *t, *n, far);
			cr_assert(a64_access_imm(&code, A64_STORE, size, *t, A64_SP, 8));
			says("%s%d, [sp, #8]", stores[size], *t);
			cr_assert(a64_access_imm(&code, A64_LOAD, size, *t, *n, -256));
			says("%s%d, [x%d, #-256]", uloads[size], *t, *n);
			cr_assert(!a64_access_imm(&code, A64_LOAD, size, *t, *n, far + 1));
			cr_assert(!a64_access_imm(&code, A64_LOAD, size, *t, *n, -257));
			a64_access_reg(&code, A64_STORE, size, *t, *n, A64_X13, 0);
			says("%s%d, [x%d, x13]", stores[size], *t, *n);
			if (size) {
				a64_access_reg(&code, A64_LOAD, size, *t, *n, A64_X13, size);
				says("%s%d, [x%d, x13, lsl #%u]", loads[size], *t, *n, size);
				a64_access_u32(&code, A64_LOAD, size, *t, *n, A64_X13);
				says("%s%d, [x%d, w13, uxtw #%u]", loads[size], *t, *n, size);
			}
			if (size < 3) {
				cr_assert(a64_access_imm(&code, A64_LOAD_SIGNED, size, *t, *n, 0));
				says("%s%d, [x%d]", sloads[size], *t, *n);
			}
		}
	a64_push2(&code, A64_LR, A64_X23);
	says("stp x30, x23, [sp, #-16]!");
	a64_pop2(&code, A64_LR, A64_X23);
	says("ldp x30, x23, [sp], #16");
	a64_push1(&code, A64_X20);
	says("str x20, [sp, #-16]!");
	a64_pop1(&code, A64_X20);
	says("ldr x20, [sp], #16");
	finish();
}

Test(encoders, atomics)
{
	static const struct {
		uint32_t op;
		const char *name;
	} ops[] = {{A64_LDADD, "ldadd"}, {A64_LDCLR, "ldclr"}, {A64_LDEOR, "ldeor"}, {A64_LDSET, "ldset"}};
	static const char *const suffixes[] = {"b", "h", "", ""};

	start();
	for (unsigned size = 0; size < 4; size++)
		EACH(s) EACH(n) {
			const char *suffix = suffixes[size];
			char r = size == 3 ? 'x' : 'w';

			for (unsigned i = 0; size >= 2 && i < 4; i++) {
				a64_lse(&code, ops[i].op | A64_LSE_AL, size, *s, A64_X4, *n);
				says("%sal %c%d, %c4, [x%d]", ops[i].name, r, *s, r, *n);
				a64_lse(&code, ops[i].op, size, *s, A64_ZR, *n);
				says("%s %c%d, %czr, [x%d]", ops[i].name, r, *s, r, *n);
			}
			a64_lse(&code, A64_SWP | A64_LSE_AL, size, *s, *s, *n);
			says("swpal%s %c%d, %c%d, [x%d]", suffix, r, *s, r, *s, *n);
			a64_cas(&code, size, A64_R0, *s, *n);
			says("casal%s %c7, %c%d, [x%d]", suffix, r, r, *s, *n);
			a64_load_acquire(&code, size, *s, *n);
			says("ldar%s %c%d, [x%d]", suffix, r, *s, *n);
			a64_store_release(&code, size, *s, *n);
			says("stlr%s %c%d, [x%d]", suffix, r, *s, *n);
			a64_load_exclusive(&code, size, *s, *n);
			says("ldaxr%s %c%d, [x%d]", suffix, r, *s, *n);
			a64_store_exclusive(&code, size, A64_T2, *s, A64_X4);
			says("stlxr%s w9, %c%d, [x4]", suffix, r, *s);
		}
	finish();
}

Test(encoders, branches)
{
	static const char *const conditions[] = {"eq", "ne", "hs", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt",
						 "gt", "le"};
	static const int distances[] = {4, -4, 8, 1024, -1024, 32764, -32768};

	start();
	for (unsigned i = 0; i < sizeof(distances) / sizeof(*distances); i++) {
		int far = distances[i];

		for (int cc = 0; cc < 14; cc++) {
			a64_word(&code, a64_with_distance(a64_bcc((enum a64_cc)cc), far * 32));
			says("b.%s #%d", conditions[cc], far * 32);
			a64_word(&code, a64_with_distance(a64_opposite(a64_bcc((enum a64_cc)cc)), far));
			says("b.%s #%d", conditions[cc ^ 1], far);
		}
		for (int bit = 0; bit < 64; bit += 9) {
			a64_word(&code, a64_with_distance(a64_tb(true, 7, (unsigned)bit), far));
			says("tbz %c7, #%d, #%d", bit < 32 ? 'w' : 'x', bit, far);
			a64_word(&code, a64_with_distance(a64_opposite(a64_tb(true, 7, (unsigned)bit)), far));
			says("tbnz %c7, #%d, #%d", bit < 32 ? 'w' : 'x', bit, far);
		}
		a64_word(&code, a64_with_distance(a64_cb(true, 64, 22), far * 32));
		says("cbz x22, #%d", far * 32);
		a64_word(&code, a64_with_distance(a64_opposite(a64_cb(true, 32, 22)), far));
		says("cbnz w22, #%d", far);
		a64_word(&code, a64_with_distance(A64_B, far * 4096));
		says("b #%d", far * 4096);
		a64_word(&code, a64_with_distance((uint32_t)A64_BL, far * 4096));
		says("bl #%d", far * 4096);
		a64_word(&code, a64_adr(3, far * 32 + 3));
		says("adr x3, #%d", far * 32 + 3);
		a64_word(&code, a64_adrp(3, 0x7000000ff0, 0x7000000ff0 + (uint64_t)((int64_t)far * 4096)));
		says("adrp x3, #%" PRId64, (int64_t)far * 4096);
	}
	a64_br(&code, 8);
	says("br x8");
	a64_blr(&code, 16);
	says("blr x16");
	a64_csel(&code, A64_LO, 32, 9, 2, A64_ZR);
	says("csel w9, w2, wzr, lo");
	a64_cset(&code, A64_HS, 4);
	says("cset w4, hs");
	a64_word(&code, (uint32_t)A64_RET);
	says("ret");
	a64_word(&code, (uint32_t)A64_BRK);
	says("brk #0");
	a64_word(&code, (uint32_t)A64_DMB_ISH);
	says("dmb ish");
	a64_word(&code, (uint32_t)A64_DSB_SY);
	says("dsb sy");
	a64_word(&code, (uint32_t)A64_ISB);
	says("isb");
	a64_word(&code, (uint32_t)A64_CSDB);
	says("csdb");
	a64_word(&code, (uint32_t)A64_BTI_JC);
	says("bti jc");
	finish();
}
