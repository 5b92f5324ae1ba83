/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/assess/unlinked.h"

#include "asm/isa/catalogue.h"

#include <linux/btf.h>
#include <string.h>

bool unlinked_any(const struct iov_prog *p)
{
	for (uint32_t i = 0; i < p->extern_count; i++)
		if (p->externs[i].unlinked || p->externs[i].unlinked_size || p->externs[i].unknown)
			return true;
	for (uint32_t i = 0; i < p->map_count; i++)
		if (p->maps[i]->unlinked)
			return true;
	return false;
}

/* The name of another object's that the instruction uses, or NULL. */
static const char *name_at(const struct iov_prog *p, uint32_t insn, enum iov_isa_oper *oper)
{
	const struct iov_isa_row *row = isa_find(&p->insns[insn]);
	uint32_t imm = (uint32_t)p->insns[insn].imm;
	const struct iov_extern *x;

	*oper = row ? row->oper : ISA_O_EXIT;
	if (*oper == ISA_O_MAP && imm < p->map_count && p->maps[imm]->unlinked)
		return p->maps[imm]->name;
	if ((*oper != ISA_O_KFUNC && *oper != ISA_O_BTF_ID) || imm >= p->extern_count)
		return NULL;
	x = &p->externs[imm];
	return x->unlinked || x->unlinked_size || x->unknown ? x->name : NULL;
}

static bool is_new(const struct unlinked_names *names, const char *name)
{
	for (uint32_t i = 0; i < names->count; i++)
		if (!strcmp(names->names[i].name, name))
			return false;
	return true;
}

enum iov_status unlinked_names(const struct iov_prog *p, uint32_t begin, uint32_t end, struct iov_arena *arena,
			       struct unlinked_names *out)
{
	enum iov_isa_oper oper;

	out->count = 0;
	out->names = arena_array(arena, p->extern_count + p->map_count + 1, sizeof(*out->names));
	if (!out->names)
		return IOV_NOMEM;
	for (uint32_t i = begin; i < end; i += isa_is_wide(&p->insns[i]) ? 2 : 1) {
		const char *name = name_at(p, i, &oper);

		if (name && is_new(out, name))
			out->names[out->count++] = (struct unlinked_name){
				oper == ISA_O_KFUNC ? "()" : "", oper == ISA_O_MAP ? "map " : "", name, i};
	}
	return IOV_OK;
}

static const char *list(const struct unlinked_names *n, struct iov_arena *arena)
{
	const char *all = "";

	for (uint32_t i = 0; i < n->count && all; i++)
		all = arena_printf(arena, "%s%s%s%s%s", all, i ? ", " : "", n->names[i].before, n->names[i].name,
				   n->names[i].after);
	return all ? all : "";
}

void unlinked_errors(const struct iov_prog *p, const struct unlinked_names *names, struct iov_sink *sink)
{
	for (uint32_t i = 0; i < names->count; i++)
		object_undefined(sink, prog_span(p, names->names[i].insn), names->names[i].name);
}

void unlinked_note(const struct iov_prog *p, const struct iov_facts *facts, struct iov_arena *arena,
		   struct iov_sink *sink)
{
	struct unlinked_names names;
	struct iov_diag *d;
	enum iov_isa_oper oper;

	if (unlinked_names(p, 0, p->count, arena, &names))
		names.count = 0;
	d = diag_add(sink, DIAG_V_UNLINKED, prog_span(p, 0), "%s is checked, but for what other objects define: %s",
		     p->name, list(&names, arena));
	for (uint32_t i = 0; p->sub_count > 1 && i < p->sub_count; i++) {
		const struct iov_subprog *s = &p->subs[i];

		if (!unlinked_names(p, s->start, s->start + s->count, arena, &names) && names.count)
			diag_why(d, prog_span(p, names.names[0].insn), "%s() uses %s", s->name, list(&names, arena));
	}
	for (uint32_t i = 0; i < facts->count && facts->insns; i++)
		if (facts->insns[i].unlinked) {
			const char *name = name_at(p, i, &oper);

			diag_why(d, prog_span(p, i), "what follows insn %u is not checked: %s%s", i,
				 name ? "there is no type of " : "it depends on what such a function returns",
				 name ? name : "");
		}
	diag_hint(d, "iovld links it with them, and checks the whole");
}

bool unlinked_is_function(const struct iov_object_prog *p, const struct iov_platform *platform)
{
	struct iov_prog as = {.section = p->section, .type = p->type};

	return !p->type && !strcmp(p->section, ".text") && !platform_type_of(platform, &as);
}

bool unlinked_callable(const struct iov_object *obj, uint32_t func)
{
	const struct iov_object_func *f = &obj->funcs[func];

	return !f->local && f->btf && btf_type(obj->btf, f->btf)->linkage == BTF_FUNC_GLOBAL;
}

static bool takes_context(const struct iov_prog *p)
{
	for (uint32_t i = 0; i < p->subs[0].param_count; i++)
		if (p->subs[0].params[i].kind == IOV_PARAM_CTX)
			return true;
	return false;
}

/* What one type of program makes of it; `prog` NULL: it does not take the type's context. */
struct attempt {
	const struct unlinked_function *f;
	struct iov_arena *arena;
	bool with_context;
	struct iov_prog *prog;
	struct iov_facts facts;
};

static enum iov_status attempt(struct attempt *a, const struct iov_prog_type *type, struct iov_sink *sink)
{
	const struct unlinked_function *f = a->f;
	enum iov_status st = object_function(f->obj, f->func, type->id, f->target, a->arena, sink, &a->prog);

	if (st || (a->with_context && !takes_context(a->prog))) {
		a->prog = NULL;
		return st;
	}
	return verify_prog(a->prog, f->platform, f->how, a->arena, sink, &a->facts);
}

/* Type by type until one accepts; `first` gets what the first that was tried had to say. IOV_OK with *prog NULL: there
 * is no type to try. */
static enum iov_status try_types(struct attempt *a, struct iov_sink *first, struct iov_prog **prog,
				 struct iov_facts *facts)
{
	const struct iov_platform *on = a->f->platform;
	enum iov_status st = IOV_OK;

	for (uint32_t i = 0; i < on->prog_type_count && (!*prog || st == IOV_DIAGNOSED); i++) {
		struct iov_sink found;

		if (!on->prog_types[i]->complete || !catalogue_prog_type(on->prog_types[i]->id))
			continue;
		sink_init(&found, a->arena->alloc);
		st = attempt(a, on->prog_types[i], &found);
		for (const struct iov_diag *d = found.first; d && st == IOV_DIAGNOSED && !*prog; d = d->next)
			diag_copy(first, d, d->severity);
		first->oom |= found.oom;
		sink_free(&found);
		if (!a->prog && st)
			break;
		if (a->prog && (!*prog || !st)) {
			*prog = a->prog;
			*facts = a->facts;
		}
	}
	return st;
}

enum iov_status unlinked_verify(const struct unlinked_function *f, struct iov_arena *arena, struct iov_sink *sink,
				struct iov_prog **prog, struct iov_facts *facts)
{
	struct attempt a = {.f = f, .arena = arena, .with_context = true};
	struct iov_sink found;
	enum iov_status st;

	*prog = NULL;
	memset(facts, 0, sizeof(*facts));
	sink_init(&found, arena->alloc);
	st = try_types(&a, &found, prog, facts);
	if (!st && !*prog) {
		a.with_context = false;
		st = try_types(&a, &found, prog, facts);
	}
	for (const struct iov_diag *d = found.first; d && st == IOV_DIAGNOSED; d = d->next)
		diag_copy(sink, d, d->severity);
	sink->oom |= found.oom;
	sink_free(&found);
	return st;
}

void unlinked_mark(const struct iov_object *obj, const struct iov_prog *p, bool *reached)
{
	for (uint32_t i = 0; i < p->sub_count; i++)
		for (uint32_t f = 0; f < obj->func_count; f++)
			reached[f] |= !strcmp(obj->funcs[f].name, p->subs[i].name);
}

void unlinked_rest(const struct iov_object *obj, const bool *reached, struct iov_arena *arena, struct iov_sink *sink)
{
	struct iov_span where = IOV_NOWHERE;
	const char *names = NULL;

	where.file = obj->name;
	for (uint32_t i = 0; i < obj->func_count; i++)
		if (!reached[i])
			names = arena_printf(arena, "%s%s%s()", names ? names : "", names ? ", " : "",
					     obj->funcs[i].name);
	if (names)
		diag_hint(diag_add(sink, DIAG_V_UNLINKED, where, "nothing here calls %s: not checked", names),
			  "iovld --gc-sections leaves out what nothing calls");
}
