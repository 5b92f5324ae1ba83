/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: one set of types and records out of those of the inputs. The types of all inputs are put behind each other;
 * variables, functions and data sections of what was dropped go, declarations give way to definitions, forward
 * declarations to the one struct of their name; then btf_canonicalise makes equal types one. */
#include "linker/internal.h"
#include "linker/same.h"

#include <stdlib.h>

enum { DROPPED = UINT32_MAX };

/* Behind the sections that were placed: those that the loader fills, and those with one copy for all. */
enum { LOADER_SECTIONS = 4 };
static const char *const loader_sections[LOADER_SECTIONS] = {".ksyms", ".kconfig", "license", "version"};

struct merge {
	struct linker *l;
	struct iov_btf btf;
	uint32_t *alias;               /* by joined id: itself, what stands for it, or DROPPED */
	uint8_t *placed;               /* by joined id: a variable of a section */
	struct iov_btf_type *sections; /* by output, then loader_sections */
	size_t *room; /* by section */
	size_t type_room;
};

static uint32_t joined(const struct input *in, uint32_t id)
{
	return in->joined[id];
}

/* `most`: types of the largest input; `all`: of all of them, void and the result's own sections. */
static enum iov_status make_maps(struct linker *l, uint32_t *most, uint32_t *all)
{
	uint64_t count = 1 + (uint64_t)l->output_count + LOADER_SECTIONS;

	*most = 1;
	for (uint32_t i = 0; i < l->input_count; i++) {
		const struct iov_btf_raw *raw = l->inputs[i].obj->raw;

		if (!raw)
			continue;
		count += raw->count - 1;
		*most = raw->count > *most ? raw->count : *most;
		l->inputs[i].joined = arena_array(l->arena, raw->count, sizeof(*l->inputs[i].joined));
		if (!l->inputs[i].joined)
			return IOV_NOMEM;
	}
	*all = (uint32_t)count;
	return count > UINT32_MAX / 2 ? IOV_NOMEM : IOV_OK;
}

static enum iov_status join_types(struct merge *m)
{
	struct linker *l = m->l;
	struct same same;
	uint32_t most, all;
	enum iov_status status = make_maps(l, &most, &all);

	if (status)
		return status;
	status = same_begin(&same, &m->btf, most, all, l->arena);
	for (uint32_t i = 0; i < l->input_count && !status; i++)
		if (l->inputs[i].obj->raw)
			status = same_join(&same, l->inputs[i].obj->raw, l->inputs[i].joined);
	m->type_room = same.room;
	same_end(&same);
	if (status)
		return status;
	m->alias = arena_room(l->arena, m->btf.count, sizeof(*m->alias));
	m->placed = arena_array(l->arena, m->btf.count, sizeof(*m->placed));
	if (!m->alias || !m->placed)
		return IOV_NOMEM;
	for (uint32_t id = 0; id < m->btf.count; id++) {
		m->alias[id] = id;
		btf_complete(&m->btf.types[id]);
	}
	return IOV_OK;
}

static enum iov_status add_variable(struct merge *m, uint32_t section, uint32_t type, uint64_t offset, uint32_t size)
{
	struct iov_btf_type *t = &m->sections[section];

	if (!arena_grow(m->l->arena, &t->members, t->count, &m->room[section], sizeof(*t->members)))
		return IOV_NOMEM;
	t->members[t->count++] =
		(struct iov_btf_member){.name = "", .type = type, .offset = (uint32_t)offset, .size = size};
	m->placed[type] = 1;
	return IOV_OK;
}

static uint32_t input_section(const struct input *in, const char *name)
{
	const struct iov_section *s = object_section(in->obj, name);

	return s ? s->index : 0;
}

/* What the loader provides: one entry for all files, at the first one's type. */
static enum iov_status place_extern(struct merge *m, const char *section, uint32_t type, uint32_t size)
{
	struct global *g = global_find(m->l, m->btf.types[type].name);
	uint32_t at = m->l->output_count + (strcmp(section, ".ksyms") ? 1 : 0);

	if (!g || global_defined(g) || (!g->used && !m->l->options->relocatable))
		return IOV_OK;
	if (g->type) {
		m->alias[type] = g->type;
		return IOV_OK;
	}
	g->type = type;
	return add_variable(m, at, type, 0, size);
}

/* The name's definition is another one: a weak variable that was overridden leaves its bytes, and no type. */
static bool is_elsewhere(const struct linker *l, const struct global *g, const struct piece *p, uint64_t within)
{
	const struct iov_symbol *s;
	const struct piece *q;
	uint64_t at;

	if (!global_defined(g))
		return false;
	s = &l->inputs[g->input].obj->symbols[g->symbol];
	q = s->section < l->inputs[g->input].obj->section_count ? piece_at(l, g->input, s->section, s->value, &at)
								: NULL;
	return q && (q != p || at != within);
}

/* -r: a declaration keeps its section, once. */
static enum iov_status keep_declaration(struct merge *m, const char *section, const struct iov_btf_member *v,
					struct global *g)
{
	if (!g || global_defined(g) || !m->l->options->relocatable)
		return IOV_OK;
	if (g->type) {
		m->alias[v->type] = g->type;
		return IOV_OK;
	}
	for (uint32_t i = 0; i < m->l->output_count; i++)
		if (!strcmp(m->l->outputs[i]->name, section)) {
			g->type = v->type;
			return add_variable(m, i, v->type, 0, v->size);
		}
	return IOV_OK;
}

static enum iov_status place_variable(struct merge *m, const struct input *in, const struct iov_btf_type *datasec,
				      const struct iov_btf_member *v)
{
	const struct iov_btf_type *var = &m->btf.types[v->type];
	struct global *g = global_find(m->l, var->name);
	uint32_t section = input_section(in, datasec->name);
	uint64_t within;
	const struct piece *p;

	if (g && g->common)
		return g->common->out && g->input == (uint32_t)(in - m->l->inputs)
			       ? add_variable(m, g->common->out->index - 1, v->type, g->common->at,
					      (uint32_t)g->common_size)
			       : IOV_OK;
	if (!strcmp(datasec->name, "version"))
		return m->l->version_input == (uint32_t)(in - m->l->inputs)
			       ? add_variable(m, m->l->output_count + 3, v->type, v->offset, v->size)
			       : IOV_OK;
	if (!strcmp(datasec->name, "license"))
		return m->l->license_input == (uint32_t)(in - m->l->inputs)
			       ? add_variable(m, m->l->output_count + 2, v->type, v->offset, v->size)
			       : IOV_OK;
	if (section && var->linkage == BTF_VAR_GLOBAL_EXTERN)
		return keep_declaration(m, datasec->name, v, g);
	if (!section)
		return IOV_OK;
	p = piece_at(m->l, (uint32_t)(in - m->l->inputs), section, v->offset, &within);
	if (!p || !p->out || (g && var->linkage && is_elsewhere(m->l, g, p, within)))
		return IOV_OK;
	return add_variable(m, p->out->index - 1, v->type, p->at + within, v->size);
}

static enum iov_status place_section(struct merge *m, const struct input *in, const struct iov_btf_type *datasec)
{
	bool loader = !strcmp(datasec->name, ".ksyms") || !strcmp(datasec->name, ".kconfig");
	enum iov_status status = IOV_OK;

	for (uint32_t i = 0; i < datasec->count && !status; i++) {
		struct iov_btf_member v = datasec->members[i];

		v.type = joined(in, v.type);
		status = loader ? place_extern(m, datasec->name, v.type, v.size) : place_variable(m, in, datasec, &v);
	}
	return status;
}

/* The variables of the inputs' sections, at their places in the result's. */
static enum iov_status place_variables(struct merge *m)
{
	enum iov_status status = IOV_OK;

	for (uint32_t i = 0; i < m->l->input_count; i++) {
		const struct input *in = &m->l->inputs[i];

		for (uint32_t j = 0; in->obj->raw && j < in->obj->raw->section_count && !status; j++)
			status = place_section(m, in, &in->obj->raw->sections[j]);
	}
	return status;
}

/* Functions that stand in the result keep their types; the global ones are what declarations mean. */
static void keep_functions(struct merge *m)
{
	for (uint32_t i = 0; i < m->l->output_count; i++)
		for (uint32_t j = 0; j < m->l->outputs[i]->piece_count; j++) {
			const struct piece *p = m->l->outputs[i]->pieces[j];

			if (p->kind == PIECE_CODE && p->btf)
				m->placed[joined(&m->l->inputs[p->input], p->btf)] = 1;
		}
}

static void name_definitions(struct merge *m)
{
	for (uint32_t id = 1; id < m->btf.count; id++) {
		const struct iov_btf_type *t = &m->btf.types[id];
		struct global *g;

		if (!m->placed[id] || (t->kind != BTF_KIND_FUNC && t->kind != BTF_KIND_VAR) || t->linkage != 1)
			continue;
		g = global_find(m->l, t->name);
		if (g && !g->type)
			g->type = id;
	}
}

/* Everything else of these kinds: a declaration gives way to the definition, what is not there is dropped. A plain
 * declaration that nothing defines stays, once, for the next linker. */
static void drop_rest(struct merge *m)
{
	for (uint32_t id = 1; id < m->btf.count; id++) {
		const struct iov_btf_type *t = &m->btf.types[id];
		struct global *g;

		if (m->placed[id] || m->alias[id] != id || (t->kind != BTF_KIND_FUNC && t->kind != BTF_KIND_VAR))
			continue;
		g = t->linkage ? global_find(m->l, t->name) : NULL;
		if (g && !g->type && !global_defined(g) && g->used)
			g->type = id;
		else
			m->alias[id] = g && g->type ? g->type : DROPPED;
	}
}

static uint32_t section_size(const struct linker *l, uint32_t i)
{
	if (i < l->output_count)
		return (uint32_t)l->outputs[i]->size;
	i -= l->output_count;
	return i < 2 ? 0 : (uint32_t)object_section(l->result, loader_sections[i])->size;
}

static enum iov_status add_section_types(struct merge *m)
{
	uint32_t placed = m->l->output_count;

	for (uint32_t i = 0; i < placed + LOADER_SECTIONS; i++) {
		struct iov_btf_type *t = &m->sections[i], *to;

		if (!t->count)
			continue;
		t->name = i < placed ? m->l->outputs[i]->name : loader_sections[i - placed];
		t->kind = BTF_KIND_DATASEC;
		t->size = section_size(m->l, i);
		to = btf_append(&m->btf, &m->type_room, m->l->arena);
		if (!to)
			return IOV_NOMEM;
		*to = *t;
	}
	return IOV_OK;
}

/* A tag of what was dropped goes with it; so does whatever else refers to it (nothing, in what compilers write). */
static bool refers_to_dropped(const struct merge *m, const struct iov_btf_type *t)
{
	if (m->alias[t->type] == DROPPED || m->alias[t->index_type] == DROPPED)
		return true;
	for (uint32_t i = 0; i < t->count; i++)
		if (m->alias[t->members[i].type] == DROPPED)
			return true;
	return false;
}

/* Close the gaps. new_id: by joined id. */
static enum iov_status compact(struct merge *m, uint32_t first_section, uint32_t **new_ids)
{
	uint32_t *new_id = arena_array(m->l->arena, m->btf.count, sizeof(*new_id)), count = 1;
	bool again = true;

	if (!new_id)
		return IOV_NOMEM;
	while (again) {
		again = false;
		for (uint32_t id = 1; id < first_section; id++)
			if (m->alias[id] == id && refers_to_dropped(m, &m->btf.types[id])) {
				m->alias[id] = DROPPED;
				again = true;
			}
	}
	for (uint32_t id = 1; id < m->btf.count; id++)
		if (id >= first_section || m->alias[id] == id) {
			new_id[id] = count;
			m->btf.types[count++] = m->btf.types[id];
		}
	for (uint32_t id = 1; id < first_section; id++)
		if (m->alias[id] != id && m->alias[id] != DROPPED)
			new_id[id] = new_id[m->alias[id]];
	m->btf.count = count;
	for (uint32_t id = 1; id < count; id++) {
		struct iov_btf_type *t = &m->btf.types[id];

		t->type = new_id[t->type];
		t->index_type = new_id[t->index_type];
		for (uint32_t j = 0; j < t->count; j++)
			t->members[j].type = new_id[t->members[j].type];
	}
	*new_ids = new_id;
	return IOV_OK;
}

/* Records of one kind that describe a piece: those of [first, last) slots. */
#define COPY_RANGE(records, count, p, ext, array, array_count)                                                         \
	for (uint32_t i_ = range_from((ext)->array, sizeof(*(ext)->array), (ext)->array_count, first);                 \
	     i_ < (ext)->array_count && (ext)->array[i_].insn < last; i_++) {                                          \
		(records)[count] = (ext)->array[i_];                                                                   \
		(records)[(count)++].insn += shift;                                                                    \
	}

/* `records` begin with their place. */
static uint32_t range_from(const void *records, size_t step, uint32_t count, uint64_t first)
{
	uint32_t low = 0, high = count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (*(const uint32_t *)((const char *)records + middle * step) < first)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct iov_btf_ext_section *ext_of(const struct input *in, const char *section)
{
	for (uint32_t i = 0; in->obj->btf_ext && i < in->obj->btf_ext->count; i++)
		if (!strcmp(in->obj->btf_ext->sections[i].name, section))
			return &in->obj->btf_ext->sections[i];
	return NULL;
}

/* The lines of one piece stay where they are. */
static void add_run(struct iov_btf_ext_section *out, const struct iov_btf_ext_section *x, uint64_t first, uint64_t last,
		    uint32_t shift)
{
	struct iov_btf_line_run *run = &out->runs[out->run_count];
	const struct iov_btf_line_run *from = x->runs;
	uint32_t low, high;

	if (!from)
		return;
	low = range_from(from->words, from->step * sizeof(*from->words), from->count, first * 8);
	high = range_from(from->words, from->step * sizeof(*from->words), from->count, last * 8);
	*run = *from;
	run->words += (size_t)from->step * low;
	run->count = high - low;
	run->shift = shift;
	out->line_count += run->count;
	out->run_count += run->count != 0;
}

/* Records from number `from` on, with the result's types. One whose type was dropped, because no function of the result
 * has it, goes with it. */
static void renumber_funcs(struct iov_btf_ext_section *x, uint32_t from, const struct input *in, const uint32_t *new_id)
{
	uint32_t kept = from;

	for (uint32_t i = from; i < x->func_count; i++) {
		uint32_t type = new_id[joined(in, x->funcs[i].type)];

		if (!type)
			continue;
		x->funcs[kept] = x->funcs[i];
		x->funcs[kept++].type = type;
	}
	x->func_count = kept;
}

static enum iov_status make_records(struct linker *l, const struct output *o, const uint32_t *new_id,
				    struct iov_btf_ext_section *out)
{
	size_t funcs = 0, cores = 0;

	for (uint32_t i = 0; i < o->piece_count; i++) {
		const struct iov_btf_ext_section *x = ext_of(&l->inputs[o->pieces[i]->input], o->name);

		/* Each input's records are counted once: at its first piece here. */
		if (!x || (i && o->pieces[i - 1]->input == o->pieces[i]->input))
			continue;
		funcs += x->func_count;
		cores += x->core_count;
	}
	out->name = o->name;
	out->runs = arena_room(l->arena, o->piece_count, sizeof(*out->runs));
	out->funcs = arena_room(l->arena, funcs, sizeof(*out->funcs));
	out->cores = arena_room(l->arena, cores, sizeof(*out->cores));
	if (!out->runs || !out->funcs || !out->cores)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < o->piece_count; i++) {
		const struct piece *p = o->pieces[i];
		const struct input *in = &l->inputs[p->input];
		const struct iov_btf_ext_section *x = ext_of(in, o->name);
		uint64_t first = p->offset / 8, last = (p->offset + p->size) / 8;
		uint32_t shift = (uint32_t)(p->at / 8 - first), func = out->func_count, core = out->core_count;

		if (!x)
			continue;
		add_run(out, x, first, last, shift);
		COPY_RANGE(out->funcs, out->func_count, p, x, funcs, func_count)
		COPY_RANGE(out->cores, out->core_count, p, x, cores, core_count)
		renumber_funcs(out, func, in, new_id);
		for (; core < out->core_count; core++)
			out->cores[core].type = new_id[joined(in, out->cores[core].type)];
	}
	return IOV_OK;
}

static enum iov_status merge_records(struct linker *l, const uint32_t *new_id)
{
	struct iov_btf_ext *ext = ARENA_NEW(l->arena, struct iov_btf_ext);

	if (!ext || !(ext->sections = arena_array(l->arena, l->output_count, sizeof(*ext->sections))))
		return IOV_NOMEM;
	for (uint32_t i = 0; i < l->output_count; i++) {
		struct iov_btf_ext_section *x = &ext->sections[ext->count];
		enum iov_status status;

		if (!(l->outputs[i]->flags & SHF_EXECINSTR))
			continue;
		status = make_records(l, l->outputs[i], new_id, x);
		if (status)
			return status;
		ext->count += x->line_count || x->func_count || x->core_count;
		if (!x->line_count && !x->func_count && !x->core_count)
			*x = (struct iov_btf_ext_section){0};
	}
	if (ext->count)
		l->result->btf_ext = ext;
	return IOV_OK;
}

enum iov_status types_merge(struct linker *l)
{
	struct merge m = {.l = l};
	uint32_t first_section, *new_ids;
	enum iov_status status = join_types(&m);

	if (status)
		return status;
	m.sections = arena_array(l->arena, l->output_count + LOADER_SECTIONS, sizeof(*m.sections));
	m.room = arena_array(l->arena, l->output_count + LOADER_SECTIONS, sizeof(*m.room));
	if (!m.sections || !m.room)
		return IOV_NOMEM;
	if (m.btf.count == 1)
		return IOV_OK;
	keep_functions(&m);
	status = place_variables(&m);
	if (status)
		return status;
	name_definitions(&m);
	drop_rest(&m);
	first_section = m.btf.count;
	status = add_section_types(&m);
	if (!status)
		status = compact(&m, first_section, &new_ids);
	if (!status)
		status = merge_records(l, new_ids);
	if (status)
		return status;
	l->result->btf = arena_copy(l->arena, &m.btf, sizeof(m.btf));
	if (!l->result->btf)
		return IOV_NOMEM;
	return btf_canonicalise(l->result->btf, l->result->btf_ext, l->arena, NULL);
}
