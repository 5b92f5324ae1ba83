/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: object_prog. The entry function and, in the order in which a depth-first walk of the calls meets them (as
 * libbpf appends them), all functions that it reaches; then CO-RE, prototypes, lines, variables. Invariants: see
 * prog.h. */
#include "linker/object/program.h"
#include "linker/object/types.h"

#include "asm/isa/catalogue.h"

#include <string.h>

/* A function whose instructions are being walked. */
struct frame {
	uint32_t sub, slot, reloc, reloc_end; /* slot: next in the program */
};

enum iov_status builder_add(struct builder *b, uint32_t func)
{
	const struct iov_object_func *f = &b->obj->funcs[func];
	struct iov_prog *p = b->prog;
	uint32_t count = (uint32_t)(f->size / 8);
	const uint8_t *bytes = b->obj->sections[f->section].data + f->offset;

	if (!arena_grow(b->arena, &p->subs, p->sub_count, &b->sub_room, sizeof(*p->subs)) ||
	    !arena_grow(&b->scratch, &b->sub_func, p->sub_count, &b->sub_func_room, sizeof(*b->sub_func)))
		return IOV_NOMEM;
	if (b->insn_room - p->count < count) {
		uint32_t room = b->insn_room + count > b->insn_room * 2 ? b->insn_room + count : b->insn_room * 2;
		struct iov_insn *more = arena_array(b->arena, room, sizeof(*more));

		if (!more)
			return IOV_NOMEM;
		if (p->count)
			memcpy(more, p->insns, p->count * sizeof(*more));
		p->insns = more;
		b->insn_room = room;
	}
	for (uint32_t i = 0; i < count; i++)
		isa_decode(bytes + 8 * (size_t)i, b->obj->big_endian, &p->insns[p->count + i]);
	b->func_sub[func] = p->sub_count;
	b->sub_func[p->sub_count] = func;
	p->subs[p->sub_count++] = (struct iov_subprog){.name = f->name, .start = p->count, .count = count};
	p->count += count;
	return IOV_OK;
}

struct iov_span builder_span(const struct builder *b, const struct slot *at)
{
	const struct iov_object_func *f = &b->obj->funcs[at->func];
	const char *section = b->obj->sections[f->section].name;
	struct iov_span span = span_file(b->obj->name);
	uint64_t insn = at->offset / 8;

	span.insn = at->slot;
	span.program = f->name;
	for (uint32_t i = 0; b->obj->btf_ext && i < b->obj->btf_ext->count; i++) {
		const struct iov_btf_ext_section *x = &b->obj->btf_ext->sections[i];

		if (strcmp(x->name, section))
			continue;
		for (uint32_t j = 0; j < x->line_count && x->lines[j].insn <= insn; j++)
			if (x->lines[j].insn >= f->offset / 8)
				span = (struct iov_span){.file = x->lines[j].file,
							 .line = x->lines[j].line,
							 .col = x->lines[j].col,
							 .insn = at->slot,
							 .text = x->lines[j].text,
							 .program = f->name};
	}
	return span;
}

static uint32_t first_reloc_from(const struct iov_object *obj, const struct iov_section *s, uint64_t offset)
{
	uint32_t low = s->first_reloc, high = s->first_reloc + s->reloc_count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (obj->relocs[mid].offset < offset)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct frame frame_of(const struct builder *b, uint32_t sub)
{
	const struct iov_object_func *f = &b->obj->funcs[b->sub_func[sub]];
	const struct iov_section *s = &b->obj->sections[f->section];

	return (struct frame){.sub = sub,
			      .slot = b->prog->subs[sub].start,
			      .reloc = first_reloc_from(b->obj, s, f->offset),
			      .reloc_end = first_reloc_from(b->obj, s, f->offset + f->size)};
}

/* One instruction of a frame; *callee as in refs_resolve. */
static enum iov_status step(struct builder *b, struct frame *f, int64_t *callee)
{
	const struct iov_subprog *sub = &b->prog->subs[f->sub];
	uint32_t func = b->sub_func[f->sub];
	struct slot at = {func, f->slot, b->obj->funcs[func].offset + (uint64_t)(f->slot - sub->start) * 8};
	const struct iov_reloc *rel = f->reloc < f->reloc_end ? &b->obj->relocs[f->reloc] : NULL;

	if (rel && rel->offset < at.offset) {
		diag_add(b->sink, DIAG_RELOC_BAD, builder_span(b, &at),
			 "a relocation of %s is not at the start of an instruction", sub->name);
		return IOV_DIAGNOSED;
	}
	f->slot += isa_is_wide(&b->prog->insns[at.slot]) && f->slot + 1 < sub->start + sub->count ? 2 : 1;
	if (rel && rel->offset == at.offset)
		f->reloc++;
	else
		rel = NULL;
	return refs_resolve(b, &at, rel, callee);
}

/* A function and what it calls. */
static enum iov_status walk_from(struct builder *b, uint32_t func)
{
	enum iov_status status = builder_add(b, func);
	struct frame *stack = NULL;
	size_t depth = 0, room = 0;

	if (!status && !arena_grow(&b->scratch, &stack, depth, &room, sizeof(*stack)))
		status = IOV_NOMEM;
	if (!status)
		stack[depth++] = frame_of(b, b->prog->sub_count - 1);
	while (!status && depth) {
		struct frame *f = &stack[depth - 1];
		const struct iov_subprog *sub = &b->prog->subs[f->sub];
		int64_t callee = UNPLACED;

		if (f->slot >= sub->start + sub->count) {
			depth--;
			continue;
		}
		status = step(b, f, &callee);
		if (status || callee == UNPLACED)
			continue;
		if (!arena_grow(&b->scratch, &stack, depth, &room, sizeof(*stack)))
			return IOV_NOMEM;
		stack[depth++] = frame_of(b, (uint32_t)b->func_sub[callee]);
	}
	return status;
}

/* What bpf_throw() calls: the function that a declaration tag of the program names. */
static int64_t exception_callback(struct builder *b)
{
	static const char tag[] = "exception_callback:";
	const struct iov_btf *btf = b->obj->btf;
	uint32_t id = b->obj->funcs[b->entry->func].btf;

	for (uint32_t i = 1; btf && id && i < btf->count; i++)
		if (btf->types[i].kind == KIND_DECL_TAG && btf->types[i].type == id && btf->types[i].component == -1 &&
		    !strncmp(btf->types[i].name, tag, sizeof(tag) - 1) && ++b->prog->exception_tags)
			b->prog->exception_name = btf->types[i].name + sizeof(tag) - 1;
	for (uint32_t i = 0; b->prog->exception_name && i < b->obj->func_count; i++)
		if (!strcmp(b->obj->funcs[i].name, b->prog->exception_name) && b->obj->funcs[i].btf &&
		    btf_type(btf, b->obj->funcs[i].btf)->linkage == BTF_FUNC_GLOBAL)
			return i;
	return UNPLACED;
}

static enum iov_status walk(struct builder *b)
{
	int64_t callback = b->show ? UNPLACED : exception_callback(b);
	enum iov_status status = walk_from(b, b->entry->func);

	if (status || callback == UNPLACED)
		return status;
	if (b->func_sub[callback] == UNPLACED)
		status = walk_from(b, (uint32_t)callback);
	b->prog->exception_sub = (uint32_t)b->func_sub[callback];
	return status;
}

static int64_t *unplaced(struct iov_arena *arena, uint32_t count)
{
	int64_t *all = arena_array(arena, count, sizeof(*all));

	for (uint32_t i = 0; all && i < count; i++)
		all[i] = UNPLACED;
	return all;
}

static enum iov_status start(struct builder *b)
{
	const struct iov_object *obj = b->obj;
	struct iov_prog *p = ARENA_NEW(b->arena, struct iov_prog);

	b->prog = p;
	b->func_sub = unplaced(&b->scratch, obj->func_count);
	b->map_index = unplaced(&b->scratch, obj->map_count);
	b->extern_index = unplaced(&b->scratch, obj->extern_count);
	b->externs = arena_array(b->arena, obj->extern_count + (b->show || b->unlinked ? obj->symbol_count : 0),
				 sizeof(*b->externs));
	if (!p || !b->func_sub || !b->map_index || !b->extern_index || !b->externs)
		return IOV_NOMEM;
	*p = (struct iov_prog){.name = b->entry->name,
			       .section = b->entry->section,
			       .object = obj->name,
			       .type = b->entry->type,
			       .attach_type = b->entry->attach_type,
			       .license = obj->license,
			       .gpl = prog_license_is_gpl(obj->license),
			       .big_endian = obj->big_endian,
			       .externs = b->externs};
	p->maps = arena_array(&b->scratch, obj->map_count + (b->unlinked ? obj->symbol_count : 0), sizeof(*p->maps));
	return p->maps ? IOV_OK : IOV_NOMEM;
}

/* Objects hold thousands of programs: what has room for all functions and maps of an object is dropped with each, and
 * the program keeps its own. */
static enum iov_status keep_maps(struct builder *b)
{
	b->prog->maps = arena_copy(b->arena, b->prog->maps, b->prog->map_count * sizeof(*b->prog->maps));
	return b->prog->maps ? IOV_OK : IOV_NOMEM;
}

static enum iov_status build_parts(struct builder *b, const struct iov_btf *target)
{
	enum iov_status status = start(b);

	if (!status)
		status = walk(b);
	if (!status && !b->show)
		status = core_apply(b, target);
	if (!status)
		status = subs_describe(b);
	if (!status)
		status = lines_collect(b);
	if (!status && !b->show)
		status = vars_collect(b);
	if (!status && b->obj->btf && !(b->prog->types = types_new(b->obj->btf, target, b->arena)))
		status = IOV_NOMEM;
	return status ? status : keep_maps(b);
}

static enum iov_status build(struct builder *b, const struct iov_btf *target, struct iov_prog **out)
{
	enum iov_status status;

	arena_init(&b->scratch, b->arena->alloc);
	status = build_parts(b, target);
	arena_free(&b->scratch);
	if (!status)
		*out = b->prog;
	return status;
}

static enum iov_status make_prog(const struct iov_object *obj, uint32_t index, const struct iov_btf *target,
				 bool unlinked, struct iov_arena *arena, struct iov_sink *sink, struct iov_prog **out)
{
	struct builder b = {.obj = obj, .arena = arena, .sink = sink, .unlinked = unlinked};

	if (index >= obj->prog_count) {
		diag_add(sink, DIAG_PROG_NONE, span_file(obj->name), "there is no program %u, only %u", index,
			 obj->prog_count);
		return IOV_DIAGNOSED;
	}
	b.entry = &obj->progs[index];
	return build(&b, target, out);
}

enum iov_status object_prog(const struct iov_object *obj, uint32_t index, const struct iov_btf *target,
			    struct iov_arena *arena, struct iov_sink *sink, struct iov_prog **out)
{
	return make_prog(obj, index, target, false, arena, sink, out);
}

enum iov_status object_prog_unlinked(const struct iov_object *obj, uint32_t index, const struct iov_btf *target,
				     struct iov_arena *arena, struct iov_sink *sink, struct iov_prog **out)
{
	return make_prog(obj, index, target, true, arena, sink, out);
}

enum iov_status object_function(const struct iov_object *obj, uint32_t func, uint32_t type,
				const struct iov_btf *target, struct iov_arena *arena, struct iov_sink *sink,
				struct iov_prog **out)
{
	const struct iov_object_func *f = &obj->funcs[func];
	struct iov_object_prog entry = {
		.name = f->name, .section = obj->sections[f->section].name, .func = func, .type = type};
	struct builder b = {.obj = obj, .arena = arena, .sink = sink, .entry = &entry, .unlinked = true};
	enum iov_status status = build(&b, target, out);

	if (!status)
		(*out)->is_function = true;
	return status;
}

enum iov_status object_show(const struct iov_object *obj, uint32_t func, struct iov_arena *arena, struct iov_sink *sink,
			    struct iov_prog **out)
{
	const struct iov_object_func *f = &obj->funcs[func];
	struct iov_object_prog entry = {.name = f->name, .section = obj->sections[f->section].name, .func = func};
	struct builder b = {.obj = obj, .arena = arena, .sink = sink, .entry = &entry, .show = true};

	for (uint32_t i = 0; i < obj->prog_count; i++)
		if (obj->progs[i].func == func)
			b.entry = &obj->progs[i];
	return build(&b, NULL, out);
}
