/* SPDX-License-Identifier: Apache-2.0 */
/* The walk as text: before each instruction the source line when it changes, the instruction, and what is known. */
#include "backend/verify/internal.h"

#include <inttypes.h>
#include <string.h>

static void put_num(struct iov_buf *out, const struct num *n)
{
	const struct bound *f = &n->full;
	bool any = f->umin == 0 && f->umax == UINT64_MAX && f->smin == INT64_MIN && f->smax == INT64_MAX;

	if (f->umin == f->umax)
		buf_printf(out, "%" PRId64, (int64_t)f->umin);
	else if (any && !n->half.bits.value && n->half.umax == UINT32_MAX && n->half.smin == INT32_MIN)
		buf_puts(out, "any");
	else if (f->smin < 0)
		buf_printf(out, "%" PRId64 "..%" PRId64, f->smin, f->smax);
	else
		buf_printf(out, "%" PRIu64 "..%" PRIu64, f->umin, f->umax);
	if (f->umin != f->umax && f->bits.mask != UINT64_MAX)
		buf_printf(out, " bits %#" PRIx64 "/%#" PRIx64, f->bits.value, f->bits.mask);
	if (f->umin != f->umax && f->umax > UINT32_MAX && n->half.umax < UINT32_MAX)
		buf_printf(out, " low %" PRIu64 "..%" PRIu64, n->half.umin, n->half.umax);
}

const char *trace_kind(uint8_t kind)
{
	static const char *const names[] = {
		[V_UNINIT] = "nothing",
		[V_SCALAR] = "number",
		[V_CTX] = "ctx",
		[V_STACK] = "stack",
		[V_PACKET] = "packet",
		[V_META] = "meta",
		[V_END] = "end",
		[V_MAP] = "map",
		[V_VALUE] = "value",
		[V_RECORD] = "memory",
		[V_FLOW_KEYS] = "flow_keys",
		[V_SOCK] = "socket",
		[V_FUNC] = "function",
		[V_STALE] = "stale",
		[V_HALF] = "half",
		[V_FREED] = "freed",
		[V_KERNEL] = "kernel object",
		[V_DYNPTR] = "dynptr",
		[V_ITER] = "iterator",
		[V_OBJECT] = "object",
	};

	return kind < sizeof(names) / sizeof(*names) && names[kind] ? names[kind] : "?";
}

static void put_reg(struct iov_buf *out, const struct vreg *r)
{
	if (r->kind == V_SCALAR) {
		put_num(out, &r->n);
		if (r->id)
			buf_printf(out, " =%s#%u%+d", r->low ? "low" : "", r->id, r->off);
		return;
	}
	buf_puts(out, trace_kind(r->kind));
	if (r->map)
		buf_printf(out, "(%s)", r->map->name ? r->map->name : "?");
	if (r->off)
		buf_printf(out, "%+d", r->off);
	if (!num_is(&r->n, 0)) {
		buf_puts(out, "+(");
		put_num(out, &r->n);
		buf_putc(out, ')');
	}
	if (reg_is_packet(r) || r->kind == V_RECORD)
		buf_printf(out, "[%u]", r->range);
	if (r->maybe_null)
		buf_puts(out, " or NULL");
	if (r->ref)
		buf_printf(out, " ref %u", r->ref);
}

/* Bytes first..last of slot k, which are alike. */
static void put_run(const struct verifier *v, struct iov_buf *out, const struct vslot *s, uint32_t k, int first,
		    int last)
{
	int32_t base = -8 * ((int32_t)k + 1);
	const struct iov_var *var = prog_stack_var(v->prog, v->pc, base + first);

	buf_printf(out, last == first ? " [%d" : " [%d..%d", base + first, base + last);
	buf_puts(out, "]");
	if (var && var->name)
		buf_printf(out, "`%s`", var->name);
	buf_puts(out, s->tag[first] == S_MISC     ? "=written"
		      : s->tag[first] == S_SHARED ? "=shared"
		      : s->tag[first] == S_ZERO   ? "=0"
						  : "=");
	if (s->tag[first] == S_SPILL || s->tag[first] == S_OBJECT)
		put_reg(out, &s->reg);
}

static void put_slot(const struct verifier *v, struct iov_buf *out, const struct vslot *s, uint32_t k)
{
	for (int i = 0, last; i < 8; i = last + 1) {
		for (last = i; last < 7 && s->tag[last + 1] == s->tag[i]; last++)
			;
		if (s->tag[i] != S_UNINIT)
			put_run(v, out, s, k, i, last);
	}
}

static void put_state(const struct verifier *v, struct iov_buf *out, const struct vstate *s)
{
	const struct vframe *f = state_top(s);

	buf_puts(out, "     ;");
	if (s->frames > 1)
		buf_printf(out, " frame %u:", s->frames - 1);
	for (int r = 0; r < IOV_R10; r++) {
		const struct iov_var *var = prog_reg_var(v->prog, v->pc, r);

		if (f->r[r].kind == V_UNINIT)
			continue;
		buf_printf(out, " r%d", r);
		if (var && var->name)
			buf_printf(out, "`%s`", var->name);
		buf_putc(out, '=');
		put_reg(out, &f->r[r]);
	}
	for (uint32_t k = 0; k < f->slots; k++)
		put_slot(v, out, &f->s[k], k);
	for (uint32_t i = 0; i < s->ref_count; i++)
		buf_printf(out, " holds ref %u", s->refs[i].id);
	buf_putc(out, '\n');
}

static const char *helper_name(void *ud, int32_t id)
{
	struct verifier *v = ud;
	const struct iov_helper *h = platform_helper(v->platform, (uint32_t)id);

	return h ? arena_printf(&v->work, "bpf_%s#%d", h->name, id) : NULL;
}

static const char *map_name(void *ud, int32_t index)
{
	const struct verifier *v = ud;

	return index >= 0 && (uint32_t)index < v->prog->map_count ? v->prog->maps[index]->name : NULL;
}

void trace_text(struct verifier *v, struct iov_buf *out, uint32_t insn)
{
	const struct iov_isa_names names = {.helper = helper_name, .map = map_name, .ud = v};

	isa_print(out, &v->prog->insns[insn], insn, IOV_DIALECT_KERNEL, &names);
}

void trace_insn(struct verifier *v)
{
	struct iov_buf *out = v->options ? v->options->trace : NULL;
	const struct iov_line *l;

	if (!out)
		return;
	if (v->options->trace_json) {
		trace_json(v, out);
		return;
	}
	l = prog_line(v->prog, v->pc);
	if (l && l->text && (l->line != v->traced_line || l->file != v->traced_file)) {
		buf_printf(out, "; %s:%u: %s\n", l->file ? l->file : "?", l->line, l->text + strspn(l->text, " \t"));
		v->traced_line = l->line;
		v->traced_file = l->file;
	}
	put_state(v, out, v->st);
	buf_printf(out, "%4u: ", v->pc);
	trace_text(v, out, v->pc);
	buf_putc(out, '\n');
}

void trace_covered(struct verifier *v)
{
	if (v->options && v->options->trace)
		buf_printf(v->options->trace,
			   v->options->trace_json ? "{\"insn\": %u, \"covered\": true}\n" : "%4u: as verified before\n",
			   v->pc);
}
