/* SPDX-License-Identifier: Apache-2.0 */
/* From text to slots: the text is matched against the rows' forms, and the one that fits to the end of the text wins (a
 * unit test holds that no two do). When none fits, the error is the one of the form that matched furthest.
 *
 *   insn     = a row's text with every placeholder replaced
 *   number   = ["+" | "-"] (decimal | "0x" hexadecimal), blanks allowed after the sign
 *   register = "r" 0..10 | "w" 0..10
 *   target   = number ["<" anything ">"]
 * A blank of a form stands for any run of blanks, none where two words do not touch. */
#include "asm/isa/isa.h"
#include "asm/isa/operand.h"

#include <ctype.h>
#include <string.h>

static const char expected_insn[] = "no such instruction";
static const char expected_register[] = "a register is expected here";
static const char bad_register[] = "there is no such register: they are r0 to r10, and w0 to w10 for 32 bits";
static const char expected_wide[] = "a 64-bit register is expected here, r0 to r10";
static const char expected_narrow[] = "a 32-bit register is expected here, w0 to w10";
static const char expected_same[] = "this must be the same register as before";
static const char expected_number[] = "a number is expected here";
static const char expected_end[] = "nothing may follow here";
static const char range_imm[] = "the immediate does not fit in 32 bits";
static const char range_signed[] =
	"the immediate is sign-extended from 32 bits to 64 and would not keep this value: load it with 'll' first";
static const char range_off[] = "the offset does not fit in 16 bits";
static const char range_as[] = "an address space is a number up to 65535";

struct parser {
	const char *text, *p;
	const struct iov_isa_row *row;
	struct iov_insn insn[2];
	bool have_dst, have_src;
	const char *error; /* of this attempt, at p */
	enum { LITERAL, EXPECTED, OPERAND_WRONG, VALUE_WRONG } weight; /* how much the error says */
};

static bool word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.';
}

static void blanks(struct parser *s)
{
	while (*s->p == ' ' || *s->p == '\t')
		s->p++;
}

static bool fail(struct parser *s, const char *error)
{
	s->error = error;
	s->weight = error == expected_insn ? LITERAL
		    : error == expected_register || error == expected_number || error == expected_end ? EXPECTED
		    : error == expected_wide || error == expected_narrow || error == bad_register ? OPERAND_WRONG
		    : VALUE_WRONG;
	return false;
}

/* A run of digits; 18446744073709551616 and more saturate and set *overflow. */
static bool digits(struct parser *s, uint64_t *value, bool *overflow)
{
	bool hex = s->p[0] == '0' && (s->p[1] == 'x' || s->p[1] == 'X');
	const char *start = s->p + (hex ? 2 : 0), *p = start;
	uint64_t v = 0;

	for (; hex ? isxdigit((unsigned char)*p) : isdigit((unsigned char)*p); p++) {
		unsigned digit = (unsigned)(*p <= '9' ? *p - '0' : (*p | 32) - 'a' + 10);
		uint64_t base = hex ? 16 : 10;

		if (v > (UINT64_MAX - digit) / base)
			*overflow = true;
		v = v * base + digit;
	}
	if (p == start || word_char(*p))
		return fail(s, expected_number);
	s->p = p;
	*value = v;
	return true;
}

/* number: sign and magnitude. */
static bool number(struct parser *s, bool *negative, uint64_t *magnitude, bool *overflow)
{
	blanks(s);
	*negative = *s->p == '-';
	if (*s->p == '-' || *s->p == '+') {
		s->p++;
		blanks(s);
	}
	*overflow = false;
	return digits(s, magnitude, overflow);
}

/* A number in [min, max], at most 64 bits; the error names the range. */
static bool ranged(struct parser *s, int64_t min, int64_t max, const char *error, int64_t *value)
{
	const char *start;
	uint64_t magnitude;
	bool negative, overflow;

	blanks(s);
	start = s->p;
	if (!number(s, &negative, &magnitude, &overflow))
		return false;
	if (overflow || magnitude > (negative ? -(uint64_t)min : (uint64_t)max)) {
		s->p = start;
		return fail(s, error);
	}
	*value = negative ? -(int64_t)magnitude : (int64_t)magnitude;
	return true;
}

/* Whether this register is the value, not the address, of an access that is at most 32 bits wide: r and w alike. */
static bool either_width(const struct iov_isa_row *row, bool is_dst)
{
	bool load = row->kind == ISA_K_LDX || row->oper == ISA_O_LOAD_ACQ;
	bool store = row->kind == ISA_K_STX || (row->kind == ISA_K_ATOMIC && row->oper != ISA_O_LOAD_ACQ);

	return row->width <= 32 && (is_dst ? load : store);
}

static bool parse_register(struct parser *s, bool is_dst, bool narrow)
{
	const char *start, *wrong = narrow ? expected_narrow : expected_wide;
	bool *have = is_dst ? &s->have_dst : &s->have_src;
	uint8_t *field = is_dst ? &s->insn[0].dst : &s->insn[0].src;
	unsigned n = 0;

	blanks(s);
	start = s->p;
	if (*s->p == '%')
		s->p++;
	if ((*s->p != 'r' && *s->p != 'w') || !isdigit((unsigned char)s->p[1]))
		return s->p = start, fail(s, start == s->text ? expected_insn : expected_register);
	if ((*s->p == 'w') != narrow && !either_width(s->row, is_dst))
		return s->p = start, fail(s, wrong);
	for (s->p++; isdigit((unsigned char)*s->p) && n < 100; s->p++)
		n = n * 10 + (unsigned)(*s->p - '0');
	if (n >= IOV_REGS || word_char(*s->p))
		return s->p = start, fail(s, bad_register);
	if (*have && *field != n)
		return s->p = start, fail(s, expected_same);
	*have = true;
	*field = (uint8_t)n;
	return true;
}

/* Operations on 64 bits extend the sign of their immediate; the others take any 32 bits, signed or not. */
static bool parse_imm(struct parser *s)
{
	bool extends = s->row->width == 64 && s->row->kind != ISA_K_LDABS && s->row->kind != ISA_K_LDIND;
	int64_t value;

	if (!ranged(s, INT32_MIN, extends ? INT32_MAX : UINT32_MAX, extends ? range_signed : range_imm, &value))
		return false;
	s->insn[0].imm = (int32_t)(uint32_t)value;
	return true;
}

static bool parse_imm32(struct parser *s)
{
	int64_t value;

	if (!ranged(s, INT32_MIN, INT32_MAX, range_imm, &value))
		return false;
	s->insn[0].imm = (int32_t)value;
	return true;
}

static bool parse_imm64(struct parser *s)
{
	uint64_t value;
	bool negative, overflow;

	if (!number(s, &negative, &value, &overflow))
		return false;
	if (overflow || (negative && value > (uint64_t)INT64_MAX + 1))
		return fail(s, "the immediate does not fit in 64 bits");
	if (negative)
		value = -value;
	s->insn[0].imm = (int32_t)(uint32_t)value;
	s->insn[1].imm = (int32_t)(uint32_t)(value >> 32);
	return true;
}

static bool parse_off(struct parser *s, bool sign_needed)
{
	int64_t value;

	blanks(s);
	if (sign_needed && *s->p != '+' && *s->p != '-')
		return fail(s, "an offset, + or - and a number, is expected here");
	if (!ranged(s, INT16_MIN, INT16_MAX, range_off, &value))
		return false;
	s->insn[0].off = (int16_t)value;
	return true;
}

/* "<label>", as disassemblers write after a number. */
static bool skip_label(struct parser *s)
{
	const char *end, *start = s->p;

	blanks(s);
	if (*s->p != '<') {
		s->p = start;
		return true;
	}
	end = strchr(s->p, '>');
	if (!end)
		return fail(s, "a '>' is missing");
	s->p = end + 1;
	return true;
}

static bool parse_literal(struct parser *s, const char *literal)
{
	size_t len = strlen(literal);

	blanks(s);
	if (strncmp(s->p, literal, len))
		return fail(s, expected_insn);
	s->p += len;
	return true;
}

static bool parse_relative(struct parser *s)
{
	if (!parse_literal(s, "pc"))
		return false;
	if (*s->p != '+' && *s->p != '-')
		return fail(s, "a distance, pc+N or pc-N, is expected here");
	return parse_imm32(s) && skip_label(s);
}

static bool parse_kfunc(struct parser *s)
{
	int64_t value;

	if (!parse_literal(s, "kfunc#") || !parse_imm32(s))
		return false;
	blanks(s);
	if (*s->p != ',')
		return true;
	s->p++;
	if (!ranged(s, INT16_MIN, INT16_MAX, range_off, &value))
		return false;
	s->insn[0].off = (int16_t)value;
	return true;
}

static bool parse_map(struct parser *s, const char *kind, bool with_offset)
{
	int64_t value;

	if (!parse_literal(s, kind) || !parse_literal(s, "[") || !parse_imm32(s) || !parse_literal(s, "]"))
		return false;
	if (!with_offset)
		return true;
	if (!parse_literal(s, "+") || !ranged(s, 0, UINT32_MAX, range_imm, &value))
		return false;
	s->insn[1].imm = (int32_t)(uint32_t)value;
	return true;
}

static bool parse_btf(struct parser *s)
{
	int64_t value;

	if (!parse_literal(s, "btf[") || !parse_imm32(s))
		return false;
	blanks(s);
	if (*s->p == ',') {
		s->p++;
		if (!ranged(s, INT32_MIN, INT32_MAX, range_imm, &value))
			return false;
		s->insn[1].imm = (int32_t)value;
	}
	return parse_literal(s, "]");
}

static bool parse_address_spaces(struct parser *s)
{
	int64_t to, from;

	if (!ranged(s, 0, 65535, range_as, &to) || !parse_literal(s, ",") || !ranged(s, 0, 65535, range_as, &from))
		return false;
	s->insn[0].imm = (int32_t)(uint32_t)((uint64_t)to << 16 | (uint64_t)from);
	return true;
}

static bool parse_operand(struct parser *s, enum isa_operand operand)
{
	switch (operand) {
	case OPERAND_D: return parse_register(s, true, false);
	case OPERAND_S: return parse_register(s, false, false);
	case OPERAND_WD: return parse_register(s, true, true);
	case OPERAND_WS: return parse_register(s, false, true);
	case OPERAND_I: return parse_imm(s);
	case OPERAND_I64: return parse_imm64(s);
	case OPERAND_O: return parse_off(s, true);
	case OPERAND_OI:
		blanks(s);
		return (*s->p != '+' && *s->p != '-') || parse_imm32(s);
	case OPERAND_L: return parse_off(s, false) && skip_label(s);
	case OPERAND_L32: return parse_imm32(s) && skip_label(s);
	case OPERAND_HELPER: return parse_imm32(s) && skip_label(s);
	case OPERAND_KFUNC: return parse_kfunc(s) && skip_label(s);
	case OPERAND_FUNC: case OPERAND_FN: return parse_relative(s);
	case OPERAND_MAP: return parse_map(s, "map", false);
	case OPERAND_MAPVAL: return parse_map(s, "map", true);
	case OPERAND_MAPIDX: return parse_map(s, "map_idx", false);
	case OPERAND_MAPIDXVAL: return parse_map(s, "map_idx", true);
	case OPERAND_BTF: return parse_btf(s);
	case OPERAND_AS: return parse_address_spaces(s);
	default: return fail(s, expected_insn);
	}
}

/* One character of a form. A blank stands for any blanks, but two words do not grow together. A word that does not
 * match is wrong from its start (`run`). */
static bool parse_char(struct parser *s, char c, const char *run)
{
	const char *start = s->p;

	if (c == ' ') {
		blanks(s);
		return s->p > start || start == s->text || !word_char(start[-1]) || !word_char(*start) ||
		       (s->p = run, fail(s, expected_insn));
	}
	if (strchr("(),[]", c))
		blanks(s);
	if (*s->p != c)
		return s->p = run, fail(s, expected_insn);
	s->p++;
	return true;
}

static bool try_row(struct parser *s, const char *form)
{
	const char *run = s->p;

	while (*form) {
		if (*form == '{') {
			if (!parse_operand(s, isa_operand_at(form, &form)))
				return false;
			run = s->p;
		} else {
			if (!parse_char(s, *form, run))
				return false;
			if (*form++ == ' ')
				run = s->p;
		}
	}
	blanks(s);
	return !*s->p || fail(s, expected_end);
}

/* The selector's value and what the form itself says. */
static void start_row(struct parser *s, const struct iov_isa_row *row, const char *text)
{
	*s = (struct parser){.text = text, .p = text, .row = row, .insn[0].code = row->code};
	if (row->sel == ISA_SEL_SRC)
		s->insn[0].src = (uint8_t)row->sel_value;
	else if (row->sel == ISA_SEL_OFF)
		s->insn[0].off = (int16_t)row->sel_value;
	else if (row->sel == ISA_SEL_IMM)
		s->insn[0].imm = row->sel_value;
}

/* What a line looks like, found once: most rows are ruled out by it. */
struct shape {
	const char *start;
	const char *oper;  /* after the first register and blanks, or NULL: the line does not begin with one */
	const char *value; /* after "=" and blanks, or NULL */
};

static struct shape shape_of(const char *start)
{
	struct shape shape = {.start = start};
	const char *p = start + (*start == '%');

	if ((*p != 'r' && *p != 'w') || !isdigit((unsigned char)p[1]))
		return shape;
	p += 1 + strspn(p + 1, "0123456789");
	shape.oper = p + strspn(p, " \t");
	if (*shape.oper == '=' && shape.oper[1] != '=')
		shape.value = shape.oper + 1 + strspn(shape.oper + 1, " \t");
	return shape;
}

/* Whether the first character of what stands for `form` may be c. */
static bool may_begin(const char *form, char c)
{
	if (*form != '{')
		return *form == c;
	switch (form[1]) {
	case 'd': case 's': case 'w': return c == 'r' || c == 'w' || c == '%';
	case 'i': return isdigit((unsigned char)c) || c == '-' || c == '+';
	default: return true;
	}
}

static bool may_fit(const char *form, const struct shape *shape)
{
	const char *oper;

	if (*form != '{')
		return *form == *shape->start;
	oper = strchr(form, '}') + 1;
	if (*oper != ' ' || !shape->oper)
		return shape->oper;
	if (oper[1] != shape->oper[0])
		return false;
	return oper[1] != '=' || (shape->value && may_begin(oper + 3, *shape->value));
}

/* A wrong value says most, wherever it stands; else the attempt that came furthest. */
static bool says_more(const struct parser *a, const struct parser *b)
{
	if ((a->weight == VALUE_WRONG) != (b->weight == VALUE_WRONG))
		return a->weight == VALUE_WRONG;
	return a->p > b->p || (a->p == b->p && a->weight > b->weight);
}

/* No row fits: the attempt that says most, of all. */
static struct iov_isa_parse explain(const char *text, const char *start, enum iov_dialect dialect)
{
	struct parser best = {.p = start, .error = expected_insn}, s;

	for (int i = 0; i < ISA_COUNT; i++) {
		const char *form = dialect == IOV_DIALECT_KERNEL ? isa_rows[i].text : isa_rows[i].mnemonic;

		if (*form != '{' && *form != *start)
			continue;
		start_row(&s, &isa_rows[i], start);
		if (!try_row(&s, form) && says_more(&s, &best))
			best = s;
	}
	return (struct iov_isa_parse){.col = (uint32_t)(best.p - text) + 1, .error = best.error};
}

struct iov_isa_parse isa_parse(const char *text, enum iov_dialect dialect, struct iov_insn out[2])
{
	const char *start = text + strspn(text, " \t");
	struct shape shape = shape_of(start);
	struct parser s;

	for (int i = 0; i < ISA_COUNT; i++) {
		const char *form = dialect == IOV_DIALECT_KERNEL ? isa_rows[i].text : isa_rows[i].mnemonic;
		uint32_t slots;

		if (!may_fit(form, &shape))
			continue;
		start_row(&s, &isa_rows[i], start);
		if (!try_row(&s, form))
			continue;
		slots = isa_is_wide(&s.insn[0]) ? 2 : 1;
		memcpy(out, s.insn, slots * sizeof(*out));
		return (struct iov_isa_parse){.ok = true, .slots = slots};
	}
	return explain(text, start, dialect);
}
