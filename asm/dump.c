/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: iovdump's order of work. */
#include "asm/dump_part.h"

#include "asm/base/output.h"

#include <string.h>

uint32_t dump_helpers(const struct iov_prog *prog, int32_t *ids, uint32_t room)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < prog->count; i += isa_is_wide(&prog->insns[i]) ? 2 : 1) {
		const struct iov_isa_row *row = isa_find(&prog->insns[i]);
		int32_t id = prog->insns[i].imm;
		uint32_t at = 0;

		if (!row || row->oper != ISA_O_HELPER)
			continue;
		while (at < n && ids[at] < id)
			at++;
		if ((at < n && ids[at] == id) || n == room)
			continue;
		memmove(&ids[at + 1], &ids[at], (n - at) * sizeof(*ids));
		ids[at] = id;
		n++;
	}
	return n;
}

bool dump_wants(const struct iov_dump_options *o, const char *name)
{
	return !o->program || !strcmp(o->program, name);
}

/* Whether there is what -p names. */
static bool is_there(const struct iov_object *obj, const struct iov_dump_options *o)
{
	bool found = !o->program;

	for (uint32_t i = 0; i < obj->prog_count; i++)
		found |= dump_wants(o, obj->progs[i].name);
	for (uint32_t i = 0; o->disassemble && i < obj->func_count; i++)
		found |= dump_wants(o, obj->funcs[i].name);
	return found;
}

/* Whether function `func` was listed as part of an earlier program. */
static void mark_listed(const struct iov_object *obj, const struct iov_prog *prog, bool *listed)
{
	for (uint32_t i = 0; i < prog->sub_count; i++)
		for (uint32_t f = 0; f < obj->func_count; f++)
			listed[f] |= obj->funcs[f].name == prog->subs[i].name;
}

enum iov_status dump_functions(const struct iov_object *obj, struct iov_prog *const *progs,
			       const struct iov_dump_options *o, struct iov_arena *arena, struct iov_sink *sink,
			       dump_function_fn *each, void *ud)
{
	bool *listed = arena_array(arena, obj->func_count, sizeof(*listed)), any = false;
	enum iov_status status = IOV_OK;

	if (!listed)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < obj->prog_count; i++) {
		listed[obj->progs[i].func] = true;
		any |= dump_wants(o, obj->progs[i].name);
		if (progs[i])
			mark_listed(obj, progs[i], listed);
	}
	for (uint32_t f = 0; f < obj->func_count && !status; f++) {
		struct iov_prog *prog = NULL;

		if (!dump_wants(o, obj->funcs[f].name) || (listed[f] && (!o->program || any)))
			continue;
		status = object_show(obj, f, arena, sink, &prog);
		if (status)
			continue;
		mark_listed(obj, prog, listed);
		each(ud, prog);
	}
	return status;
}

/* Listings or drawings, one behind the other. */
struct lister {
	const struct iov_object *obj;
	const struct iov_dump_options *options;
	struct iov_arena *arena;
	struct iov_buf *out;
	uint32_t number;
};

static void list_one(void *ud, const struct iov_prog *prog)
{
	struct lister *l = ud;

	if (l->options->cfg)
		dump_cfg(prog, l->number++, l->options, l->arena, l->out);
	else
		dump_listing(l->obj, prog, l->options, l->arena, l->out);
}

/* Programs first; then functions that no program reaches. */
static enum iov_status list_all(const struct iov_object *obj, struct iov_prog *const *progs,
				const struct iov_dump_options *o, struct iov_arena *arena, struct iov_sink *sink,
				struct iov_buf *out)
{
	struct lister l = {obj, o, arena, out, 0};

	for (uint32_t i = 0; i < obj->prog_count; i++)
		if (progs[i])
			list_one(&l, progs[i]);
	return dump_functions(obj, progs, o, arena, sink, list_one, &l);
}

enum iov_status dump_object(const struct iov_object *obj, const struct iov_dump_options *options,
			    struct iov_arena *arena, struct iov_sink *sink, struct iov_buf *out)
{
	struct iov_prog **progs = arena_array(arena, obj->prog_count, sizeof(*progs));
	struct iov_dump_options o = *options;
	enum iov_status result = IOV_OK, status;
	struct iov_manifest manifest = {0};

	if (!progs)
		return IOV_NOMEM;
	dump_complete(&o);
	if (!is_there(obj, &o)) {
		diag_add(sink, DIAG_PROG_NONE, (struct iov_span){.file = obj->name, .insn = -1},
			 o.disassemble ? "no program or function %s" : "no program %s", o.program);
		return IOV_DIAGNOSED;
	}
	for (uint32_t i = 0; i < obj->prog_count; i++) {
		if (!dump_wants(&o, obj->progs[i].name) || (!o.disassemble && !o.programs))
			continue;
		status = object_show(obj, obj->progs[i].func, arena, sink, &progs[i]);
		if (status == IOV_NOMEM)
			return status;
		result = status ? status : result;
	}
	if (o.manifest || o.cost) {
		status = manifest_read(obj, arena, sink, &manifest);
		if (status)
			return status;
	}
	if (o.json) {
		status = dump_json(obj, progs, &manifest, &o, arena, sink, out);
		return out->failed ? IOV_NOMEM : status ? status : result;
	}
	if (o.programs)
		dump_programs(obj, progs, &o, out);
	if (o.maps)
		dump_maps(obj, arena, out);
	if (o.cost)
		dump_costs(obj, &manifest, &o, out);
	if (o.manifest)
		manifest_print(&manifest, out);
	if (o.symbols)
		dump_symbols(obj, out);
	if (o.relocs)
		dump_relocs(obj, out);
	if (o.types && dump_types(obj, arena, out))
		return IOV_NOMEM;
	if (o.disassemble) {
		size_t before = out->len, begun;

		if (o.cfg)
			dump_cfg_begin(o.program ? o.program : obj->name, out);
		begun = out->len;
		status = list_all(obj, progs, &o, arena, sink, out);
		if (o.cfg && out->len > begun)
			dump_cfg_end(out);
		else if (o.cfg) /* there is nothing to draw */
			out->len = before;
		result = status ? status : result;
	}
	return out->failed ? IOV_NOMEM : result;
}

static enum iov_status dump_file(const char *path, bool titled, const struct iov_dump_options *options,
				 struct iov_arena *arena, struct iov_sink *sink, struct iov_buf *out)
{
	struct iov_buf file;
	struct iov_object *obj;
	enum iov_status status;

	buf_init(&file, arena->alloc);
	status = input_read(path, 0, &file, sink);
	if (!status && options->assembly) {
		status = object_read_parts(file.data, file.len, path, false, arena, sink, &obj);
		if (!status)
			status = dump_asm(obj, options, arena, sink, out);
		buf_free(&file);
		return status;
	}
	if (!status)
		status = object_read(file.data, file.len, path, arena, sink, &obj);
	if (!status) {
		if (titled && !options->json) {
			buf_puts(out, out->len ? "\n" : "");
			dump_name(out, path);
			buf_puts(out, ":\n");
		}
		status = dump_object(obj, options, arena, sink, out);
		object_close(obj);
	}
	buf_free(&file);
	return status;
}

enum iov_status dump_files(void *options, const struct iov_option_list *files, struct iov_arena *arena,
			   struct iov_sink *sink)
{
	enum iov_status result = IOV_OK, status;
	struct iov_buf out;
	bool list;

	status = dump_check(options, files, sink);
	if (status)
		return status;
	buf_init(&out, arena->alloc);
	list = ((struct iov_dump_options *)options)->json && files->count > 1;
	if (list)
		buf_putc(&out, '[');
	for (size_t i = 0; i < files->count; i++) {
		size_t before = out.len, begin;

		if (list)
			buf_puts(&out, before > 1 ? ",\n" : "");
		begin = out.len;
		status = dump_file(files->items[i], files->count > 1, options, arena, sink, &out);
		result = status ? status : result;
		if (out.len == begin) /* it could not be read: no empty place in the list */
			out.len = before;
	}
	if (list)
		buf_puts(&out, "]\n");
	if (((struct iov_dump_options *)options)->cfg == IOV_CFG_SVG && out.len) {
		struct iov_buf picture;

		buf_init(&picture, arena->alloc);
		status = dump_svg(&out, sink, &picture);
		buf_free(&out);
		out = picture;
		result = result ? result : status;
	}
	status = out.len ? output_write("-", out.data, out.len, sink) : IOV_OK;
	buf_free(&out);
	return result ? result : status;
}
