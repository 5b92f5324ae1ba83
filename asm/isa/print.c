/* SPDX-License-Identifier: Apache-2.0 */
/* From slots to text: a row's form with its placeholders filled in. The kernel dialect is the one of llvm-objdump-19
 * --print-imm-hex=false; where LLVM has no form that says everything (calls to subprograms and kfuncs, map and function
 * references) the forms are ours: "call pc+3", "call kfunc#7", "r1 = map[2] ll", "r1 = map[2]+8 ll", "r1 = pc+9 ll". */
#include "asm/isa/isa.h"
#include "asm/isa/operand.h"

#include <inttypes.h>
#include <string.h>

/* By hand, because the assembler asks this for every line: the length after the letter tells the rest apart. */
enum isa_operand isa_operand_at(const char *form, const char **next)
{
	const char *name = form + 1;
	size_t len = strcspn(name, "}");

	*next = name + len + 1;
	switch (name[0]) {
	case 'd': return OPERAND_D;
	case 's': return OPERAND_S;
	case 'w': return name[1] == 'd' ? OPERAND_WD : OPERAND_WS;
	case 'i': return len == 1 ? OPERAND_I : OPERAND_I64;
	case 'o': return len == 1 ? OPERAND_O : OPERAND_OI;
	case 'L': return len == 1 ? OPERAND_L : OPERAND_L32;
	case 'h': return OPERAND_HELPER;
	case 'f': return len == 2 ? OPERAND_FN : OPERAND_FUNC;
	case 'k': return OPERAND_KFUNC;
	case 'm':
		return len == 3         ? OPERAND_MAP
		       : len == 9       ? OPERAND_MAPIDXVAL
		       : name[3] == 'v' ? OPERAND_MAPVAL
					: OPERAND_MAPIDX;
	case 'b': return OPERAND_BTF;
	case 'a': return OPERAND_AS;
	default: return OPERAND_NONE;
	}
}

struct printer {
	struct iov_buf *out;
	const struct iov_insn *insn;
	size_t at;
	const struct iov_isa_row *row;
	enum iov_dialect dialect;
	const struct iov_isa_names *names;
};

/* "+ 8", "- 8"; without the space in the mnemonic dialect. */
static void print_offset(const struct printer *p, int64_t value)
{
	buf_printf(p->out, "%c%s%" PRId64, value < 0 ? '-' : '+', p->dialect == IOV_DIALECT_KERNEL ? " " : "",
		   value < 0 ? -value : value);
}

/* A target: "+5", "+5 <L1>" or "L1". */
static void print_target(const struct printer *p, const char *before, int32_t distance)
{
	const char *label = NULL;

	if (p->names && p->names->label)
		label = p->names->label(p->names->ud, isa_target(p->row, p->insn, p->at));
	if (label && p->names->labels_alone)
		buf_puts(p->out, label);
	else
		buf_printf(p->out, "%s%+" PRId32, before, distance);
	if (label && !p->names->labels_alone)
		buf_printf(p->out, " <%s>", label);
}

static void print_helper(const struct printer *p)
{
	const char *name = p->names && p->names->helper ? p->names->helper(p->names->ud, p->insn->imm) : NULL;

	if (name)
		buf_puts(p->out, name);
	else
		buf_printf(p->out, "%" PRId32, p->insn->imm);
}

static void print_kfunc(const struct printer *p)
{
	const char *name = NULL;

	if (p->names && p->names->kfunc)
		name = p->names->kfunc(p->names->ud, p->insn->imm, p->insn->off);
	if (name) {
		buf_puts(p->out, name);
		return;
	}
	buf_printf(p->out, "kfunc#%" PRId32, p->insn->imm);
	if (p->insn->off)
		buf_printf(p->out, ",%d", p->insn->off);
}

static void print_map(const struct printer *p, const char *kind, bool with_offset)
{
	const char *name = p->names && p->names->map ? p->names->map(p->names->ud, p->insn->imm) : NULL;

	if (name)
		buf_puts(p->out, name);
	else
		buf_printf(p->out, "%s[%" PRId32 "]", kind, p->insn->imm);
	if (with_offset)
		buf_printf(p->out, "+%" PRIu32, (uint32_t)p->insn[1].imm);
}

static void print_btf(const struct printer *p)
{
	buf_printf(p->out, "btf[%" PRId32, p->insn->imm);
	if (p->insn[1].imm)
		buf_printf(p->out, ",%" PRId32, p->insn[1].imm);
	buf_putc(p->out, ']');
}

static void print_operand(const struct printer *p, enum isa_operand operand)
{
	const struct iov_insn *insn = p->insn;

	switch (operand) {
	case OPERAND_D: buf_printf(p->out, "r%d", insn->dst); break;
	case OPERAND_S: buf_printf(p->out, "r%d", insn->src); break;
	case OPERAND_WD: buf_printf(p->out, "w%d", insn->dst); break;
	case OPERAND_WS: buf_printf(p->out, "w%d", insn->src); break;
	case OPERAND_I: buf_printf(p->out, "%" PRId32, insn->imm); break;
	case OPERAND_I64: buf_printf(p->out, "0x%" PRIx64, isa_imm64(insn)); break;
	case OPERAND_O: print_offset(p, insn->off); break;
	case OPERAND_OI:
		if (insn->imm) {
			buf_putc(p->out, ' ');
			print_offset(p, insn->imm);
		}
		break;
	case OPERAND_L: print_target(p, "", insn->off); break;
	case OPERAND_L32: print_target(p, "", insn->imm); break;
	case OPERAND_HELPER: print_helper(p); break;
	case OPERAND_KFUNC: print_kfunc(p); break;
	case OPERAND_FUNC: case OPERAND_FN: print_target(p, "pc", insn->imm); break;
	case OPERAND_MAP: print_map(p, "map", false); break;
	case OPERAND_MAPVAL: print_map(p, "map", true); break;
	case OPERAND_MAPIDX: print_map(p, "map_idx", false); break;
	case OPERAND_MAPIDXVAL: print_map(p, "map_idx", true); break;
	case OPERAND_BTF: print_btf(p); break;
	case OPERAND_AS: buf_printf(p->out, "%u, %u", (uint32_t)insn->imm >> 16, (uint32_t)insn->imm & 0xffff); break;
	case OPERAND_NONE: break;
	}
}

static void print_bytes(struct iov_buf *out, const struct iov_insn *insn)
{
	uint8_t bytes[8];

	isa_encode(insn, false, bytes);
	buf_puts(out, ".byte");
	for (int i = 0; i < 8; i++)
		buf_printf(out, "%s0x%02x", i ? ", " : " ", bytes[i]);
}

void isa_print(struct iov_buf *out, const struct iov_insn *insn, size_t at, enum iov_dialect dialect,
	       const struct iov_isa_names *names)
{
	struct printer p = {out, insn, at, isa_find(insn), dialect, names};
	const char *form;

	if (!p.row) {
		print_bytes(out, insn);
		return;
	}
	form = dialect == IOV_DIALECT_KERNEL ? p.row->text : p.row->mnemonic;
	while (*form) {
		if (*form == '{')
			print_operand(&p, isa_operand_at(form, &form));
		else
			buf_putc(out, *form++);
	}
}
