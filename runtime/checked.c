/* SPDX-License-Identifier: Apache-2.0 */
/* The checked engine: RFC 9669, one instruction at a time, over values that know where they point. See checked.h. It
 * shares no code with the interpreter and the JIT but the helpers. */
#include "runtime/checked.h"
#include "runtime/guard.h"
#include "backend/verify/verify.h"
#include "runtime/maps/map.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool checked_fail(struct cmachine *m, int reg, uint64_t value, const char *fmt, ...)
{
	struct iov_buf text = {0};
	char what[360], where[24] = "";
	va_list ap;

	if (m->out->failed)
		return false;
	m->out->failed = true;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	isa_print(&text, &m->image->prog->insns[m->slot], m->slot, IOV_DIALECT_KERNEL, NULL);
	if (reg >= 0)
		snprintf(where, sizeof(where), "r%d = ", reg);
	snprintf(m->out->text, sizeof(m->out->text), "%s: insn %lld `%s`: %s%#llx %s",
		 m->image->prog->name ? m->image->prog->name : "?", prog_number(m->image->prog, m->slot),
		 buf_cstr(&text), where, (unsigned long long)value, what);
	buf_free(&text);
	return false;
}

static uint64_t alu64(int oper, uint64_t a, uint64_t b)
{
	int64_t sa = (int64_t)a, sb = (int64_t)b;

	switch (oper) {
	case ISA_O_ADD: return a + b;
	case ISA_O_SUB: return a - b;
	case ISA_O_MUL: return a * b;
	case ISA_O_DIV: return b ? a / b : 0;
	case ISA_O_MOD: return b ? a % b : a;
	case ISA_O_SDIV: return !b ? 0 : sb == -1 ? -a : (uint64_t)(sa / sb);
	case ISA_O_SMOD: return !b ? a : sb == -1 ? 0 : (uint64_t)(sa % sb);
	case ISA_O_OR: return a | b;
	case ISA_O_AND: return a & b;
	case ISA_O_XOR: return a ^ b;
	case ISA_O_LSH: return a << (b & 63);
	case ISA_O_RSH: return a >> (b & 63);
	case ISA_O_ARSH: return (uint64_t)(sa >> (b & 63));
	case ISA_O_NEG: return -a;
	case ISA_O_MOVSX8: return (uint64_t)(int8_t)b;
	case ISA_O_MOVSX16: return (uint64_t)(int16_t)b;
	case ISA_O_MOVSX32: return (uint64_t)(int32_t)b;
	default: return b; /* MOV */
	}
}

static uint32_t alu32(int oper, uint32_t a, uint32_t b)
{
	int32_t sa = (int32_t)a, sb = (int32_t)b;

	switch (oper) {
	case ISA_O_SDIV: return !b ? 0 : sb == -1 ? -a : (uint32_t)(sa / sb);
	case ISA_O_SMOD: return !b ? a : sb == -1 ? 0 : (uint32_t)(sa % sb);
	case ISA_O_LSH: return a << (b & 31);
	case ISA_O_RSH: return a >> (b & 31);
	case ISA_O_ARSH: return (uint32_t)(sa >> (b & 31));
	default: return (uint32_t)alu64(oper, a, b);
	}
}

static uint64_t swapped(unsigned width, uint64_t v)
{
	return width == 16 ? __builtin_bswap16((uint16_t)v) : width == 32 ? __builtin_bswap32((uint32_t)v)
									    : __builtin_bswap64(v);
}

static bool readable(struct cmachine *m, int reg)
{
	return checked_top(m)->r[reg].init || checked_fail(m, reg, 0, "is read and was never written");
}

static bool step_alu(struct cmachine *m, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	struct cvalue *r = checked_top(m)->r, a = r[insn->dst], b = {(uint64_t)(int64_t)insn->imm, 0, true};
	bool moves = row->oper >= ISA_O_MOV && row->oper <= ISA_O_MOVSX32, wide = row->width == 64;
	const struct iov_insn_fact *fact = &m->image->facts->insns[m->slot];
	struct cvalue out = {.init = true};

	if (row->src == ISA_SRC_X) {
		if (!readable(m, insn->src))
			return false;
		b = r[insn->src];
	}
	if (!moves && !readable(m, insn->dst))
		return false;
	out.v = wide ? alu64(row->oper, a.v, b.v) : alu32(row->oper, (uint32_t)a.v, (uint32_t)b.v);
	if (wide && row->oper == ISA_O_MOV)
		out.region = b.region;
	else if (wide && row->oper == ISA_O_ADD)
		out.region = !b.region ? a.region : !a.region ? b.region : 0;
	else if (wide && row->oper == ISA_O_SUB)
		out.region = b.region ? 0 : a.region;
	r[insn->dst] = out;
	return !fact->is_const || out.v == fact->value ||
	       checked_fail(m, insn->dst, out.v, "is not the constant that the facts say");
}

static bool step_end(struct cmachine *m, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	struct cvalue *d = &checked_top(m)->r[insn->dst];

	if (!readable(m, insn->dst))
		return false;
	if (row->oper == ISA_O_TO_LE)
		d->v = row->width == 64 ? d->v : d->v & ((1ull << row->width) - 1);
	else
		d->v = swapped(row->width, d->v);
	d->region = 0;
	return true;
}

static bool jumps(const struct cmachine *m, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	const struct cvalue *r = m->frames[m->depth].r;
	uint64_t a = r[insn->dst].v, b = row->src == ISA_SRC_X ? r[insn->src].v : (uint64_t)(int64_t)insn->imm;
	int64_t sa = (int64_t)a, sb = (int64_t)b;

	if (row->width == 32) {
		sa = (int32_t)a;
		sb = (int32_t)b;
		a = (uint32_t)a;
		b = (uint32_t)b;
	}
	switch (row->oper) {
	case ISA_O_JEQ: return a == b;
	case ISA_O_JNE: return a != b;
	case ISA_O_JGT: return a > b;
	case ISA_O_JGE: return a >= b;
	case ISA_O_JLT: return a < b;
	case ISA_O_JLE: return a <= b;
	case ISA_O_JSET: return (a & b) != 0;
	case ISA_O_JSGT: return sa > sb;
	case ISA_O_JSGE: return sa >= sb;
	case ISA_O_JSLT: return sa < sb;
	default: return sa <= sb;
	}
}

static bool step_load(struct cmachine *m, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	struct cvalue out;

	if (!checked_load(m, insn->src, insn->off, row->width / 8, &out))
		return false;
	if (row->kind == ISA_K_LDSX)
		out.v = (uint64_t)((int64_t)(out.v << (64 - row->width)) >> (64 - row->width));
	checked_top(m)->r[insn->dst] = out;
	return true;
}

static bool step_store(struct cmachine *m, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	struct cvalue value = {(uint64_t)(int64_t)insn->imm, 0, true};

	if (row->src == ISA_SRC_X) {
		if (!readable(m, insn->src))
			return false;
		value = checked_top(m)->r[insn->src];
	}
	return checked_store(m, insn->dst, insn->off, row->width / 8, &value);
}

static bool step_atomic(struct cmachine *m, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	struct cvalue *r = checked_top(m)->r, old;

	if (row->oper == ISA_O_LOAD_ACQ)
		return step_load(m, insn, row);
	if (!readable(m, insn->src) || (row->oper == ISA_O_CMPXCHG && !readable(m, IOV_R0)))
		return false;
	if (row->oper == ISA_O_STORE_REL)
		return step_store(m, insn, row);
	if (!checked_atomic(m, insn, row, &old))
		return false;
	old.region = 0;
	if (row->oper == ISA_O_CMPXCHG)
		r[IOV_R0] = old;
	else if (row->oper >= ISA_O_FETCH_ADD && row->oper <= ISA_O_XCHG)
		r[insn->src] = old;
	return true;
}

static bool data_address(struct cmachine *m, uint32_t index, uint32_t off, struct cvalue *d)
{
	const struct iov_map_def *def = m->image->prog->maps[index];
	const struct iov_map_head *head = m->image->maps && m->image->maps[index] ? &m->image->maps[index]->head : NULL;
	struct cregion *r;

	d->region = 0;
	for (uint32_t i = 1; i < m->region_count && !d->region; i++)
		if (m->regions[i].direct && m->regions[i].def == def)
			d->region = i;
	if (!d->region)
		d->region = checked_region(m, CR_VALUE, head ? (uintptr_t)head->data : 0, def->value_size);
	r = &m->regions[d->region];
	if (!r->def && !head && def->init)
		memcpy((void *)(uintptr_t)r->addr, def->init, def->value_size);
	r->def = def;
	r->direct = true;
	r->readonly = def->origin == IOV_MAP_RODATA || def->origin == IOV_MAP_KCONFIG;
	d->v = r->addr + off;
	return d->region != 0;
}

/* The address of a kernel function; a weak one may be missing. */
static bool kernel_symbol(struct cmachine *m, const struct iov_insn *insn, struct cvalue *d)
{
	const struct iov_extern *x = &m->image->prog->externs[insn->imm];
	bool offered = platform_kfunc(m->image->platform, x->name), known = catalogue_kfunc_by_name(x->name);

	d->v = 0;
	if ((known && !offered) || (x->weak && checked_random(m) >> 40 & 1))
		return true;
	d->region = checked_region(m, CR_RECORD, 0, 0);
	d->v = m->regions[d->region].addr;
	return d->region != 0;
}

static bool step_ldimm64(struct cmachine *m, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	struct cvalue *d = &checked_top(m)->r[insn->dst];
	struct iov_map *map;

	*d = (struct cvalue){.v = isa_imm64(insn), .init = true};
	if (row->oper == ISA_O_IMM64)
		return true;
	if (row->oper == ISA_O_FUNC) {
		d->v = m->slot + 1 + (uint64_t)insn->imm;
		d->region = checked_region(m, CR_FUNC, d->v, 0);
		return d->region != 0;
	}
	if (row->oper == ISA_O_MAP_VALUE)
		return data_address(m, (uint32_t)insn->imm, (uint32_t)insn[1].imm, d);
	if (row->oper == ISA_O_BTF_ID)
		return kernel_symbol(m, insn, d);
	if (row->oper != ISA_O_MAP)
		return checked_fail(m, -1, 0, "is not in the checked engine");
	map = m->image->maps ? m->image->maps[insn->imm] : NULL;
	d->v = map ? (uintptr_t)map : (uintptr_t)m->image->prog->maps[insn->imm];
	for (uint32_t i = 1; i < m->region_count && i < 64 && !d->region; i++)
		if (m->regions[i].kind == CR_MAP && m->regions[i].addr == d->v)
			d->region = i;
	if (!d->region)
		d->region = checked_region(m, CR_MAP, d->v, 0);
	m->regions[d->region].def = m->image->prog->maps[insn->imm];
	m->regions[d->region].map = map;
	return d->region != 0;
}

/* BPF_ABS, BPF_IND: outside the packet the program ends with 0. Negative offsets: from the network or link header. */
static bool step_legacy(struct cmachine *m, const struct iov_insn *insn, const struct iov_isa_row *row, bool *ends)
{
	enum { NET = 0x100000, LINK = 0x200000, LINK_HEADER = 14 };
	const struct iov_ctx *c = m->ctx;
	struct cvalue *r = checked_top(m)->r;
	uint64_t v = 0;
	int64_t at = insn->imm;

	if (row->kind == ISA_K_LDIND && !readable(m, insn->src))
		return false;
	if (r[IOV_R6].region != m->ctx_region)
		return checked_fail(m, IOV_R6, r[IOV_R6].v, "is not the context");
	if (row->kind == ISA_K_LDIND)
		at = (int32_t)(uint32_t)(r[insn->src].v + (uint64_t)at);
	if (at < 0)
		at = at >= -NET ? at + NET + LINK_HEADER : at + LINK;
	*ends = at < 0 || at + row->width / 8 > c->data_end - c->data;
	for (int i = IOV_R1; i <= IOV_R5; i++)
		r[i].init = false;
	if (!*ends)
		memcpy(&v, c->data + at, row->width / 8);
	r[IOV_R0] = (struct cvalue){row->width == 8 ? v : swapped(row->width, v), 0, true};
	return true;
}

bool checked_push(struct cmachine *m, uint32_t target, uint32_t ret, uint32_t callsite, uint32_t root)
{
	const struct iov_subprog *sub = prog_sub_at(m->image->prog, target);
	uint32_t bytes = sub ? m->image->facts->sub_stack[sub - m->image->prog->subs] : V_STACK_BYTES;
	struct cframe *f = &m->frames[m->depth];
	uint8_t *mem = f->mem ? f->mem : alloc_resize(guard_alloc(), NULL, 0, V_STACK_BYTES);

	memset(f, 0, sizeof(*f));
	f->image = m->image;
	f->mem = mem;
	if (!mem)
		return false;
	f->ret = ret;
	f->private = sub ? m->image->facts->sub_private[sub - m->image->prog->subs] : 0;
	f->callsite = callsite;
	f->root = root;
	f->region = checked_region(m, CR_STACK, (uintptr_t)(mem + V_STACK_BYTES - bytes), bytes);
	f->r[IOV_R10] = (struct cvalue){(uintptr_t)(mem + V_STACK_BYTES), f->region, true};
	return f->region != 0;
}

/* Memory that a global function may write counts as written, whatever it does. */
static void lend(struct cmachine *m, const struct iov_subprog *sub)
{
	for (uint32_t i = 0; i < sub->param_count; i++) {
		const struct cvalue *p = &checked_top(m)->r[IOV_R1 + i];
		const struct cregion *r = &m->regions[p->region];

		if ((sub->params[i].kind == IOV_PARAM_MEM || sub->params[i].kind == IOV_PARAM_MEM_NONNULL) &&
		    r->kind == CR_STACK && p->v >= r->addr && p->v - r->addr + sub->params[i].size <= r->size)
			checked_written(m, (const uint8_t *)(uintptr_t)p->v, sub->params[i].size);
	}
}

static bool call_sub(struct cmachine *m, const struct iov_insn *insn, uint32_t *next)
{
	uint32_t target = m->slot + 1 + (uint32_t)insn->imm, root = checked_top(m)->root;
	const struct iov_subprog *sub = prog_sub_at(m->image->prog, target);
	struct cvalue *r = checked_top(m)->r;

	if (m->depth + 1 == CHECKED_FRAMES)
		return checked_fail(m, -1, m->depth, "calls nest too deep");
	if (sub && sub->global)
		lend(m, sub);
	m->depth++;
	if (!checked_push(m, target, m->slot + 1, sub && sub->global ? CHECKED_NOWHERE : m->slot,
		  sub && sub->global ? m->depth : root))
		return false;
	memcpy(&checked_top(m)->r[IOV_R1], &r[IOV_R1], 5 * sizeof(*r));
	for (int i = IOV_R0; i <= IOV_R5; i++)
		r[i] = (struct cvalue){.v = checked_random(m)};
	*next = target;
	return true;
}

/* Which program's code runs; after a tail call in a function, the one that called that is another's. */
static void go_to(struct cmachine *m, const struct iov_image *image)
{
	m->image = m->env->image = image;
	m->type = platform_prog_type(image->platform, image->prog->type);
}

static bool leave(struct cmachine *m, bool *ends, uint32_t *next)
{
	struct cframe *f = checked_top(m);

	if (!m->depth) {
		*ends = true;
		return checked_holds_nothing(m, "ends");
	}
	m->regions[f->region].live = false;
	if (f->callback)
		return checked_called_back(m, next);
	*next = f->ret;
	m->depth--;
	checked_top(m)->r[IOV_R0] = f->r[IOV_R0];
	go_to(m, checked_top(m)->image);
	return true;
}

/* A load that fails in a function ends that alone, with 0. */
static bool legacy(struct cmachine *m, const struct iov_insn *insn, const struct iov_isa_row *row, bool *out,
		   bool *ends, uint32_t *next)
{
	if (!step_legacy(m, insn, row, out))
		return false;
	if (!*out || !m->depth)
		return true;
	*out = false;
	checked_top(m)->r[IOV_R0] = (struct cvalue){.init = true};
	return leave(m, ends, next);
}

static bool enter(struct cmachine *m, const struct iov_image *image)
{
	uint32_t ret = checked_top(m)->ret;
	struct cvalue ctx = {m->regions[m->ctx_region].addr, m->ctx_region, true};
	uint64_t worst = image->facts->worst_insns;

	go_to(m, image);
	m->left = worst > UINT64_MAX - m->left ? UINT64_MAX : m->left + worst;
	if (!checked_push(m, 0, ret, CHECKED_NOWHERE, m->depth))
		return false;
	checked_top(m)->r[IOV_R1] = ctx;
	return true;
}

/* True in `went` when another program goes on in place of this function. */
static bool tail_call(struct cmachine *m, bool *went)
{
	const struct cvalue *r = checked_top(m)->r;
	const struct iov_map *map = m->regions[r[2].region].map;
	const struct iov_image *to = NULL;
	uint32_t index = (uint32_t)r[3].v;

	if (!checked_holds_nothing(m, "makes a tail call"))
		return false;
	if (r[2].init && m->regions[r[2].region].kind == CR_MAP && map && map->head.data &&
	    index < map->head.max_entries && m->env->tail_calls < IOV_MAX_TAIL_CALLS)
		to = __atomic_load_n((const struct iov_image **)(uintptr_t)map->head.data + index, __ATOMIC_ACQUIRE);
	*went = to && to->checked;
	if (!*went)
		return checked_helper(m, checked_callee(m, m->slot));
	m->env->tail_calls++;
	m->regions[checked_top(m)->region].live = false;
	checked_packet_changed(m);
	return enter(m, to);
}

bool checked_holds_nothing(struct cmachine *m, const char *how)
{
	if (m->lock)
		return checked_fail(m, -1, m->lock, "%s while a lock is held", how);
	if (m->rcu || m->preempt)
		return checked_fail(m, -1, m->rcu, "%s while RCU or preemption is held", how);
	return !m->refs || checked_fail(m, -1, m->refs, "%s with references that were not released", how);
}

/* bpf_throw(): every frame goes; the callback's result, or the cookie, is the program's. */
static bool throw(struct cmachine *m, bool *ends, uint32_t *next)
{
	const struct iov_prog *prog = m->image->prog;
	struct cvalue cookie = checked_top(m)->r[IOV_R1];
	uint32_t ret = m->frames[0].ret, target;

	if (!checked_holds_nothing(m, "throws"))
		return false;
	for (uint32_t i = 0; i <= m->depth; i++) {
		if (m->frames[i].callback)
			return checked_fail(m, -1, i, "throws while a helper waits for a callback");
		m->regions[m->frames[i].region].live = false;
	}
	m->depth = 0;
	*ends = !prog->exception_name;
	if (*ends) {
		m->frames[0].r[IOV_R0] = cookie;
		return true;
	}
	target = prog->subs[prog->exception_sub].start;
	if (!checked_push(m, target, ret, CHECKED_NOWHERE, 0))
		return false;
	checked_top(m)->r[IOV_R1] = cookie;
	*next = target;
	return true;
}

static bool section(struct cmachine *m, uint32_t *depth, bool opens)
{
	if (!opens && !*depth)
		return checked_fail(m, -1, 0, "closes a section, and none is open");
	*depth += opens ? 1 : UINT32_MAX;
	return true;
}

static bool call_kfunc(struct cmachine *m, bool *ends, uint32_t *next)
{
	const struct iov_helper *h = checked_callee(m, m->slot);

	if (!h)
		return checked_fail(m, -1, 0, "calls a kernel function that the platform does not have");
	if (h->kfunc & IOV_KF_THROWS)
		return checked_arguments(m, h) && throw(m, ends, next);
	if (h->kfunc & (IOV_KF_RCU_LOCK | IOV_KF_RCU_UNLOCK) && !section(m, &m->rcu, h->kfunc & IOV_KF_RCU_LOCK))
		return false;
	if (h->kfunc & (IOV_KF_PREEMPT_OFF | IOV_KF_PREEMPT_ON) &&
	    !section(m, &m->preempt, h->kfunc & IOV_KF_PREEMPT_OFF))
		return false;
	return checked_helper(m, h);
}

static bool step_call(struct cmachine *m, const struct iov_insn *insn, const struct iov_isa_row *row, bool *ends,
		      uint32_t *next)
{
	const struct iov_helper *h;
	bool went = false;

	switch (row->oper) {
	case ISA_O_SUBPROG: return call_sub(m, insn, next);
	case ISA_O_KFUNC: return call_kfunc(m, ends, next);
	case ISA_O_HELPER:
		h = checked_callee(m, m->slot);
		if (h && h->flags & IOV_HF_CALLBACK)
			return checked_callback(m, h, next);
		if (insn->imm != IOV_HELPER_TAIL_CALL)
			return checked_helper(m, h);
		if (!tail_call(m, &went))
			return false;
		if (went)
			*next = 0;
		return true;
	default: return checked_fail(m, -1, 0, "is not in the checked engine");
	}
}

static bool branch(struct cmachine *m, const struct iov_insn *insn, const struct iov_isa_row *row, bool taken,
		   uint32_t *next)
{
	if (!readable(m, insn->dst) || (row->src == ISA_SRC_X && !readable(m, insn->src)))
		return false;
	if (taken)
		*next = (uint32_t)isa_target(row, insn, m->slot);
	return true;
}

/* It may jump at any time, and must when its frame has used up its turns. */
static bool may_goto(struct cmachine *m)
{
	struct cframe *f = checked_top(m);

	return f->gone == IOV_MAY_GOTO_LIMIT || checked_random(m) % 64 == 0 || !++f->gone;
}

/* One instruction. False after a violation. */
static bool step(struct cmachine *m, bool *ends)
{
	const struct iov_insn *insn = &m->image->prog->insns[m->slot];
	const struct iov_isa_row *row = isa_find(insn);
	bool taken, ok, out = false;
	uint32_t next = m->slot + 1;

	if (!row)
		return checked_fail(m, -1, insn->code, "is no instruction");
	taken = row->kind == ISA_K_JCC && jumps(m, insn, row);
	if (m->out->rows)
		m->out->rows[isa_index(row)]++;
	if (!checked_claims(m) || !checked_facts(m, row, insn, taken))
		return false;
	switch (row->kind) {
	case ISA_K_ALU: ok = step_alu(m, insn, row); break;
	case ISA_K_END: ok = step_end(m, insn, row); break;
	case ISA_K_LDIMM64: ok = step_ldimm64(m, insn, row), next++; break;
	case ISA_K_LDX: case ISA_K_LDSX: ok = step_load(m, insn, row); break;
	case ISA_K_ST: case ISA_K_STX: ok = step_store(m, insn, row); break;
	case ISA_K_ATOMIC: ok = step_atomic(m, insn, row); break;
	case ISA_K_LDABS: case ISA_K_LDIND: ok = legacy(m, insn, row, &out, ends, &next); break;
	case ISA_K_JCC: ok = branch(m, insn, row, taken, &next); break;
	case ISA_K_MAY_GOTO: ok = true, next = may_goto(m) ? (uint32_t)isa_target(row, insn, m->slot) : next; break;
	case ISA_K_JA: ok = true, next = (uint32_t)isa_target(row, insn, m->slot); break;
	case ISA_K_CALL: ok = step_call(m, insn, row, ends, &next); break;
	case ISA_K_EXIT: ok = leave(m, ends, &next); break;
	default: ok = checked_fail(m, -1, 0, "is not in the checked engine");
	}
	*ends |= out;
	m->slot = next;
	return ok;
}

static bool run(struct cmachine *m)
{
	uint64_t steps = 0;
	bool ends = false;

	while (!ends) {
		if (m->out->max_steps && steps == m->out->max_steps) {
			m->out->cut = true;
			return false;
		}
		if (m->left != UINT64_MAX && !m->left--)
			return checked_fail(m, -1, steps, "instructions have run: more than the worst case claimed");
		steps++;
		m->out->steps++;
		if (!step(m, &ends))
			return false;
	}
	return true;
}

/* The verdict is one that the program type has. */
static bool check_result(struct cmachine *m, uint64_t r0)
{
	int64_t min, max;

	if (!catalogue_ret_range(m->type, m->image->prog->attach_type, &min, &max) ||
	    ((int64_t)r0 >= min && (int64_t)r0 <= max))
		return true;
	return checked_fail(m, IOV_R0, r0, "is returned, outside %lld..%lld", (long long)min, (long long)max);
}

/* What timers call, each once, with an element that is made up. */
static bool run_timers(struct cmachine *m)
{
	for (uint32_t i = 0; i < m->timer_count; i++) {
		const struct iov_map_def *map = m->timers[i].map;
		struct cvalue *r;

		m->depth = 0;
		m->left = UINT64_MAX;
		m->slot = m->timers[i].function;
		if (!checked_push(m, m->slot, 0, CHECKED_NOWHERE, 0))
			return false;
		r = checked_top(m)->r;
		for (int k = IOV_R1; k <= IOV_R3; k++) {
			uint8_t kind = k == IOV_R1 ? CR_MAP : k == IOV_R2 ? CR_RECORD : CR_VALUE;

			r[k].region = checked_region(m, kind, k == IOV_R1 ? (uintptr_t)map : 0,
						     k == IOV_R1 ? 0 : k == IOV_R2 ? map->key_size : map->value_size);
			m->regions[r[k].region].def = map;
			m->regions[r[k].region].readonly = k == IOV_R2;
			r[k].v = m->regions[r[k].region].addr;
			r[k].init = true;
		}
		if (!run(m))
			return false;
		if (checked_top(m)->r[IOV_R0].v)
			return checked_fail(m, IOV_R0, checked_top(m)->r[IOV_R0].v, "is returned to a timer");
	}
	return true;
}

uint64_t checked_run(const struct iov_image *image, struct iov_env *env, void *ctx)
{
	enum { BYTES = CHECKED_FRAMES * sizeof(struct cframe) };
	struct iov_checked lost = {0};
	struct cmachine m = {.env = env, .ctx = ctx, .out = env->checked ? env->checked : &lost, .region_count = 1,
			     .rng = env->rng[0] | 1};
	uint64_t r0 = 0;

	m.frames = alloc_resize(NULL, NULL, 0, BYTES);
	for (uint32_t i = 0; m.frames && i < CHECKED_FRAMES; i++)
		m.frames[i].mem = NULL;
	if (m.frames)
		m.frames[0].ret = CHECKED_NOWHERE;
	m.ctx_region = checked_region(&m, CR_CTX, (uintptr_t)ctx, sizeof(struct iov_ctx));
	if (m.frames && m.ctx_region && enter(&m, image) && run(&m)) {
		r0 = checked_top(&m)->r[IOV_R0].v;
		if (check_result(&m, r0) && image == m.image)
			run_timers(&m);
	}
	env->rng[0] = m.rng;
	checked_free(&m);
	for (uint32_t i = 0; m.frames && i < CHECKED_FRAMES; i++)
		alloc_free(guard_alloc(), m.frames[i].mem, V_STACK_BYTES);
	alloc_free(NULL, m.frames, BYTES);
	return m.out->failed ? 0 : r0;
}

/* Recording takes memory: a program that is accepted may be too much then, and the sink says so. */
enum iov_status checked_prepare(struct iov_image *image, struct iov_arena *arena, struct iov_sink *sink)
{
	struct iov_checked_code *code = ARENA_NEW(arena, struct iov_checked_code);
	struct iov_verify_options how = {.claims = code ? &code->claims : NULL};
	struct iov_facts facts;
	enum iov_status status;

	if (!code)
		return IOV_NOMEM;
	code->claims.arena = arena;
	status = verify_prog(image->prog, image->platform, &how, arena, sink, &facts);
	image->engine_data = code;
	image->checked = true;
	return status;
}
