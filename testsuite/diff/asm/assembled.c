/* SPDX-License-Identifier: Apache-2.0 */
#include "testsuite/diff/asm/assembled.h"

#include <stdio.h>
#include <string.h>

static bool failed(struct assembled *a, const struct iov_sink *sink, const char *what)
{
	const struct iov_diag *d = sink->first;

	snprintf(a->error, sizeof(a->error), "%s: line %u: %s", what, d ? d->span.line : 0, d ? d->message : "");
	return false;
}

/* Addresses of functions, as a loader writes them. */
static void link_functions(struct assembled *a, uint32_t section)
{
	for (uint32_t i = 0; i < a->obj->reloc_count; i++) {
		const struct iov_reloc *r = &a->obj->relocs[i];
		struct iov_insn *insn = &a->insns[r->offset / 8];

		if (r->section != section || insn->code != 0x18)
			continue;
		insn->src = 4;
		insn->imm = (int32_t)((int64_t)(a->obj->symbols[r->symbol].value + (uint32_t)insn->imm) / 8 -
				      (int64_t)(r->offset / 8) - 1);
	}
}

/* The functions of .text, in order. */
static bool functions(struct assembled *a, uint32_t section)
{
	struct iov_subprog *subs = arena_array(&a->arena, a->obj->func_count, sizeof(*subs));
	uint32_t count = 0;

	for (uint32_t i = 0; subs && i < a->obj->func_count; i++) {
		const struct iov_object_func *f = &a->obj->funcs[i];

		if (f->section == section)
			subs[count++] = (struct iov_subprog){
				.name = f->name, .start = (uint32_t)(f->offset / 8), .count = (uint32_t)(f->size / 8)};
	}
	a->prog = (struct iov_prog){
		.name = "assembled", .insns = a->insns, .count = a->count, .subs = subs, .sub_count = count};
	a->image = (struct iov_image){.prog = &a->prog, .insns = a->insns, .count = a->count};
	return count;
}

bool assembled_make(struct assembled *a, const struct iov_buf *text, const struct iov_as_options *options)
{
	const struct iov_section *code;
	struct iov_sink sink;
	bool ok = false;

	*a = (struct assembled){0};
	sink_init(&sink, NULL);
	if (as_assemble((const char *)text->data, text->len, "test.s", options, NULL, &sink, &a->object)) {
		failed(a, &sink, "iovas");
	} else if (object_read(a->object.data, a->object.len, "test.o", &a->arena, &sink, &a->obj)) {
		failed(a, &sink, "object_read");
	} else if ((code = object_section(a->obj, ".text")) && code->size) {
		a->count = (uint32_t)(code->size / 8);
		a->insns = arena_array(&a->arena, a->count, sizeof(*a->insns));
		for (uint32_t i = 0; i < a->count; i++)
			isa_decode(code->data + 8 * i, options->big_endian, &a->insns[i]);
		link_functions(a, code->index);
		ok = functions(a, code->index) || failed(a, &sink, "no function");
	}
	sink_free(&sink);
	return ok;
}

void assembled_free(struct assembled *a)
{
	buf_free(&a->object);
	arena_free(&a->arena);
}

uint64_t assembled_run(struct assembled *a, struct iov_env *env, void *ctx, iov_helper_fn **calls)
{
	a->image.calls = calls ? calls : arena_array(&a->arena, a->count, sizeof(*calls));
	env->image = &a->image;
	if (interp_prepare(&a->image, &a->arena))
		return ~0ull;
	return interp_run(&a->image, env, ctx);
}
