/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the order of a link's phases.
 *
 * Data flows as in any static linker. Inputs are put into an order of their own, so that the command line's does not
 * matter, and cut into pieces (functions, maps, sections). Names are resolved to one definition each, declarations are
 * held against definitions, licences are joined. Pieces that no program reaches are dropped, equal static functions
 * folded, and what is left is placed into sections by name. Then the result's bytes, symbols and relocations are
 * written into the arrays of an iov_object, and types and records follow the pieces that they describe. */
#include "linker/internal.h"

#include <stdlib.h>

static int by_name(const void *a, const void *b)
{
	const struct iov_link_piece *x = a, *y = b;
	int diff = x->dropped != y->dropped ? x->dropped ? 1 : -1 : strcmp(x->section, y->section);

	if (diff)
		return diff;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	diff = strcmp(x->name, y->name);
	return diff ? diff : strcmp(x->input, y->input);
}

static enum iov_status report(struct linker *l, struct iov_link_result *result)
{
	size_t count = 0;

	for (uint32_t i = 0; i < l->input_count; i++)
		count += l->inputs[i].piece_count;
	result->pieces = arena_array(l->arena, count, sizeof(*result->pieces));
	if (!result->pieces)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < l->input_count; i++)
		for (uint32_t j = 0; j < l->inputs[i].piece_count; j++) {
			const struct piece *p = &l->inputs[i].pieces[j], *to = p->folded ? p->folded : p;
			const struct iov_object *obj = l->inputs[i].obj;

			result->pieces[result->piece_count++] =
				(struct iov_link_piece){.input = obj->name,
							.section = obj->sections[p->section].name,
							.name = p->symbol ? obj->symbols[p->symbol].name : "",
							.offset = to->out ? to->at : p->offset,
							.size = p->size,
							.dropped = !to->out,
							.folded = p->folded ? l->inputs[to->input].obj->name : NULL};
		}
	qsort(result->pieces, result->piece_count, sizeof(*result->pieces), by_name);
	return IOV_OK;
}

/* Inputs in an order of their own: by the first of their global names, then by content. */

struct keyed {
	struct iov_object *obj;
	const char *name;
	uint64_t digest;
};

static const char *first_name(const struct iov_object *obj)
{
	const char *first = "";

	for (uint32_t i = 1; i < obj->symbol_count; i++) {
		const struct iov_symbol *s = &obj->symbols[i];
		const char *section =
			s->section && s->section < obj->section_count ? obj->sections[s->section].name : "";

		if (s->bind != STB_LOCAL && s->section && *s->name && strcmp(section, "license") &&
		    (!*first || strcmp(s->name, first) < 0))
			first = s->name;
	}
	return first;
}

static uint64_t digest(const struct iov_object *obj)
{
	uint64_t h = obj->section_count;

	for (uint32_t i = 1; i < obj->section_count; i++) {
		const struct iov_section *s = &obj->sections[i];

		h = (h ^ s->size) * 0x9e3779b97f4a7c15;
		for (uint64_t j = 0; s->data && j < s->size; j++)
			h = (h ^ s->data[j]) * 0x100000001b3;
	}
	return h;
}

static int by_first_name(const void *a, const void *b)
{
	return strcmp(((const struct keyed *)a)->name, ((const struct keyed *)b)->name);
}

static int by_content(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	return x->digest != y->digest ? x->digest < y->digest ? -1 : 1 : strcmp(x->obj->name, y->obj->name);
}

/* Content is looked at only where names are the same. */
static void sort_inputs(struct keyed *keys, size_t count)
{
	qsort(keys, count, sizeof(*keys), by_first_name);
	for (size_t i = 0, j; i < count; i = j) {
		for (j = i + 1; j < count && !strcmp(keys[i].name, keys[j].name); j++)
			;
		for (size_t k = i; j - i > 1 && k < j; k++)
			keys[k].digest = digest(keys[k].obj);
		qsort(keys + i, j - i, sizeof(*keys), by_content);
	}
}

static enum iov_status take_inputs(struct linker *l, struct iov_object *const *inputs, size_t count)
{
	struct keyed *keys = arena_array(l->arena, count, sizeof(*keys));

	l->inputs = arena_array(l->arena, count, sizeof(*l->inputs));
	if (!keys || !l->inputs)
		return IOV_NOMEM;
	for (size_t i = 0; i < count; i++)
		keys[i] = (struct keyed){inputs[i], first_name(inputs[i]), 0};
	sort_inputs(keys, count);
	for (size_t i = 0; i < count; i++) {
		l->inputs[l->input_count++].obj = keys[i].obj;
		if (keys[i].obj->big_endian == keys[0].obj->big_endian)
			continue;
		diag_hint(LINK_DIAG(l, LINK_ORDER, span_of(keys[i].obj->name),
				    "this file is %s-endian, %s is %s-endian",
				    keys[i].obj->big_endian ? "big" : "little", keys[0].obj->name,
				    keys[0].obj->big_endian ? "big" : "little"),
			  "compile all of them with the same --target (bpfel or bpfeb)");
	}
	return IOV_OK;
}

static enum iov_status start_result(struct linker *l)
{
	l->result = ARENA_NEW(l->arena, struct iov_object);
	if (!l->result)
		return IOV_NOMEM;
	l->result->arena = l->arena;
	l->result->big_endian = l->inputs[0].obj->big_endian;
	l->result->machine = EM_BPF;
	l->result->license = l->license;
	return IOV_OK;
}

enum iov_status link_objects(struct iov_object *const *inputs, size_t count, const struct iov_link_options *options,
			     struct iov_arena *arena, struct iov_sink *sink, struct iov_link_result *result)
{
	static enum iov_status (*const phases[])(struct linker *) = {
		pieces_cut,  symbols_resolve, commons_make, license_merge, agree_check,  NULL, /* all is told here */
		reach_mark,  fold_same,       layout_place, NULL,          start_result, layout_fill,
		types_merge, contains_check,  NULL,
	};
	struct linker l = {.arena = arena, .sink = sink, .options = options};
	uint32_t before = sink->errors;
	enum iov_status status;

	*result = (struct iov_link_result){0};
	if (!count) {
		LINK_DIAG(&l, USAGE, IOV_NOWHERE, "no object is named");
		return IOV_USAGE;
	}
	status = take_inputs(&l, inputs, count);
	if (!status && sink->errors > before)
		return IOV_DIAGNOSED;
	for (size_t i = 0; i < sizeof(phases) / sizeof(*phases) && !status; i++)
		status = phases[i] ? phases[i](&l) : sink->errors > before ? IOV_DIAGNOSED : IOV_OK;
	if (!status && options->list_pieces)
		status = report(&l, result);
	result->object = l.result;
	return status;
}
