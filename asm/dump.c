/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: iovdump's options and order of work. */
#include "asm/dump_part.h"

#include "asm/base/output.h"

#include <stddef.h>
#include <string.h>

static const char *const cfg_forms[] = {"none", "dot", "svg", NULL};
static const char *const dialects[] = {"kernel", "mnemonic", NULL};

const struct iov_option iov_dump_options[] = {
	{'d', "disassemble", IOV_OPT_FLAG, offsetof(struct iov_dump_options, disassemble), NULL,
	 "list the instructions of every program with labels, names and source lines", NULL},
	{'m', "maps", IOV_OPT_FLAG, offsetof(struct iov_dump_options, maps), NULL,
	 "show the maps: type, sizes, flags, keys and values as C", NULL},
	{'P', "programs", IOV_OPT_FLAG, offsetof(struct iov_dump_options, programs), NULL,
	 "show the programs: section, type, size, functions, helpers and maps", NULL},
	{'T', "types", IOV_OPT_FLAG, offsetof(struct iov_dump_options, types), NULL,
	 "show all types, functions and variables as C declarations", NULL},
	{'s', "symbols", IOV_OPT_FLAG, offsetof(struct iov_dump_options, symbols), NULL, "show the symbol table", NULL},
	{'r', "relocs", IOV_OPT_FLAG, offsetof(struct iov_dump_options, relocs), NULL, "show the relocations", NULL},
	{0, "cfg", IOV_OPT_ENUM, offsetof(struct iov_dump_options, cfg), "FORM",
	 "draw the basic blocks of each program (or of the one named by -p): dot, Graphviz' language, or svg, a "
	 "picture made "
	 "by Graphviz' dot",
	 cfg_forms},
	{0, "manifest", IOV_OPT_FLAG, offsetof(struct iov_dump_options, manifest), NULL,
	 "show the records about the object: what was computed and for which platforms it was accepted", NULL},
	{0, "cost", IOV_OPT_FLAG, offsetof(struct iov_dump_options, cost), NULL,
	 "show each program's worst case as it was recorded (iovverify --cost computes it)", NULL},
	{0, "asm", IOV_OPT_FLAG, offsetof(struct iov_dump_options, assembly), NULL,
	 "print the whole object as assembly that iovas turns into the same object", NULL},
	{'p', "program", IOV_OPT_STRING, offsetof(struct iov_dump_options, program), "NAME",
	 "list this program or function alone", NULL},
	{0, "dialect", IOV_OPT_ENUM, offsetof(struct iov_dump_options, dialect), "NAME",
	 "the language of listings: kernel (r1 += 2) or mnemonic (add r1, 2)", dialects},
	{0, "no-source", IOV_OPT_FLAG, offsetof(struct iov_dump_options, no_source), NULL, "leave out the source lines",
	 NULL},
	{0, "plain", IOV_OPT_FLAG, offsetof(struct iov_dump_options, plain), NULL,
	 "with -d: instructions alone, one a line, without names", NULL},
	{'j', "json", IOV_OPT_FLAG, offsetof(struct iov_dump_options, json), NULL, "all that is asked for as JSON",
	 NULL},
	{0},
};

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

/* Whether function `func` was listed as part of an earlier program. */
static void mark_listed(const struct iov_object *obj, const struct iov_prog *prog, bool *listed)
{
	for (uint32_t i = 0; i < prog->sub_count; i++)
		for (uint32_t f = 0; f < obj->func_count; f++)
			listed[f] |= obj->funcs[f].name == prog->subs[i].name;
}

static bool wanted(const struct iov_dump_options *o, const char *name)
{
	return !o->program || !strcmp(o->program, name);
}

static void list_one(const struct iov_object *obj, const struct iov_prog *prog, uint32_t number,
		     const struct iov_dump_options *o, struct iov_arena *arena, struct iov_buf *out)
{
	if (o->cfg)
		dump_cfg(prog, number, o, arena, out);
	else
		dump_listing(obj, prog, o, arena, out);
}

/* Programs first; then functions that no program reaches. */
static enum iov_status list_all(const struct iov_object *obj, struct iov_prog *const *progs,
				const struct iov_dump_options *o, struct iov_arena *arena, struct iov_sink *sink,
				struct iov_buf *out)
{
	bool *listed = arena_array(arena, obj->func_count, sizeof(*listed)), any = false;
	enum iov_status status = IOV_OK;
	uint32_t number = 0;

	if (!listed)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < obj->prog_count; i++) {
		listed[obj->progs[i].func] = true;
		if (!wanted(o, obj->progs[i].name))
			continue;
		any = true;
		if (!progs[i])
			continue;
		mark_listed(obj, progs[i], listed);
		list_one(obj, progs[i], number++, o, arena, out);
	}
	for (uint32_t f = 0; f < obj->func_count && !status; f++) {
		struct iov_prog *prog = NULL;

		if (!wanted(o, obj->funcs[f].name) || (listed[f] && (!o->program || any)))
			continue;
		any = true;
		status = object_show(obj, f, arena, sink, &prog);
		if (status)
			continue;
		mark_listed(obj, prog, listed);
		list_one(obj, prog, number++, o, arena, out);
	}
	if (!any && o->program) {
		diag_add(sink, DIAG_PROG_NONE, (struct iov_span){.file = obj->name, .insn = -1},
			 "no program or function %s", o->program);
		return IOV_DIAGNOSED;
	}
	return status;
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
	o.disassemble |= o.program != NULL || o.cfg || o.plain;
	if (!o.disassemble && !o.maps && !o.programs && !o.manifest && !o.cost && !o.types && !o.symbols && !o.relocs)
		o.maps = o.programs = true;
	for (uint32_t i = 0; i < obj->prog_count; i++) {
		if (!wanted(&o, obj->progs[i].name) || (!o.disassemble && !o.programs))
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
		dump_json(obj, progs, &manifest, &o, arena, out);
		return out->failed ? IOV_NOMEM : result;
	}
	if (o.programs)
		dump_programs(obj, progs, out);
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

	if (!files->count) {
		diag_hint(diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "no object is named"), "iovdump -d module.o");
		return IOV_USAGE;
	}
	if (((struct iov_dump_options *)options)->cfg && files->count > 1) {
		diag_hint(diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "--cfg draws one object at a time"),
			  "iovdump --cfg=svg %s > picture.svg", files->items[0]);
		return IOV_USAGE;
	}
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
