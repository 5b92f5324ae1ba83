/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: iovld's options and order of work: read, link, write into memory, read back and verify what was written, and
 * only then the file. */
#include "linker/tool.h"

#include "asm/base/output.h"
#include "asm/base/tool.h"
#include "asm/yaml/platform_read.h"
#include "linker/inputs.h"
#include "linker/link.h"
#include "linker/products.h"
#include "linker/prove.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#define AT(field) offsetof(struct iov_ld_options, field)

const struct iov_option iov_ld_options[] = {
	{'o', "output", IOV_OPT_STRING, AT(output), "FILE", "write the module here (default: module.o)", NULL},
	{'L', "library-path", IOV_OPT_LIST, AT(folders), "FOLDER", "look for libraries here", NULL},
	{'l', "library", IOV_OPT_LIST, AT(libraries), "NAME", "link libNAME.a", NULL},
	{'r', "relocatable", IOV_OPT_FLAG, AT(relocatable), NULL,
	 "leave undefined names for another link, and verify nothing", NULL},
	{0, "gc-sections", IOV_OPT_FLAG, AT(gc), NULL, "leave out functions, maps and data that no program reaches",
	 NULL},
	{0, "print-gc", IOV_OPT_FLAG, AT(print_gc), NULL, "list what was left out", NULL},
	{0, "icf", IOV_OPT_FLAG, AT(icf), NULL, "keep one copy of equal static functions of one name", NULL},
	{0, "export", IOV_OPT_LIST, AT(exports), "NAME", "keep this name, though no program reaches it", NULL},
	{0, "defsym", IOV_OPT_LIST, AT(defsyms), "NAME=OTHER", "NAME means the symbol OTHER", NULL},
	{0, "map-file", IOV_OPT_STRING, AT(map_file), "FILE", "write here what stands where, and from which file",
	 NULL},
	{0, "keep-debug", IOV_OPT_FLAG, AT(keep_debug), NULL, "keep DWARF (types and lines in BTF are always kept)",
	 NULL},
	{'S', "strip-debug", IOV_OPT_FLAG, AT(strip_debug), NULL, "leave DWARF out (the default)", NULL},
	{0, "platform", IOV_OPT_LIST, AT(platforms), "NAME",
	 "prove every program for this platform, a shipped one or a .yaml file; may be repeated (default: linux-6.12)",
	 NULL},
	{0, "target-btf", IOV_OPT_STRING, AT(target_btf), "FILE",
	 "resolve CO-RE against these types: BTF, an ELF file with BTF, or auto for the running kernel", NULL},
	{'m', "manifest", IOV_OPT_STRING, AT(manifest), "FILE",
	 "hold the module against this manifest, iov-manifest(5), and carry it in the module", NULL},
	{0, "emit-manifest", IOV_OPT_STRING, AT(emit_manifest), "FILE", "write a draft of the manifest here", NULL},
	{0, "update-manifest", IOV_OPT_STRING, AT(update_manifest), "FILE",
	 "add to this manifest what it lacks of the module's programs, maps and parameters", NULL},
	{0, "emit", IOV_OPT_LIST, AT(emit), "KIND[=FILE]",
	 "write skeleton (a C header with the module in it), header (the types of keys, values and events) or json "
	 "(all that the module says); FILE left out: the module's name with .skel.h, .types.h or .json; may be "
	 "repeated",
	 NULL},
	{0, "no-verify", IOV_OPT_FLAG, AT(no_verify), NULL, "link without verifying; no evidence is recorded", NULL},
	{0},
};

static enum iov_status split_defsyms(const struct iov_option_list *list, struct iov_arena *arena, struct iov_sink *sink,
				     struct iov_defsym **out)
{
	enum iov_status status = IOV_OK;

	*out = arena_array(arena, list->count, sizeof(**out));
	if (!*out)
		return IOV_NOMEM;
	for (size_t i = 0; i < list->count; i++) {
		const char *equals = strchr(list->items[i], '=');

		if (!equals || equals == list->items[i] || !equals[1]) {
			diag_hint(diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "--defsym %s is not NAME=OTHER",
					   list->items[i]),
				  "--defsym parse=parse_v4");
			status = IOV_USAGE;
			continue;
		}
		(*out)[i].name = arena_copy(arena, list->items[i], (size_t)(equals - list->items[i]));
		(*out)[i].value = equals + 1;
		if (!(*out)[i].name)
			return IOV_NOMEM;
	}
	return status;
}

static void print_piece(struct iov_buf *out, const struct iov_link_piece *p)
{
	buf_printf(out, "%-24s %8" PRIu64 " %8" PRIu64 "  %-32s %s", p->section, p->offset, p->size,
		   *p->name ? p->name : "-", p->input);
	if (p->folded)
		buf_printf(out, " (as in %s)", p->folded);
	buf_putc(out, '\n');
}

static enum iov_status write_map(const char *path, const struct iov_link_result *result, struct iov_arena *arena,
				 struct iov_sink *sink)
{
	struct iov_buf out;
	enum iov_status status;
	bool dropped = false;

	buf_init(&out, arena->alloc);
	buf_printf(&out, "%-24s %8s %8s  %-32s %s\n", "section", "offset", "size", "name", "file");
	for (size_t i = 0; i < result->piece_count; i++) {
		if (result->pieces[i].dropped && !dropped)
			buf_puts(&out, "\nleft out:\n");
		dropped = result->pieces[i].dropped;
		print_piece(&out, &result->pieces[i]);
	}
	status = out.failed ? IOV_NOMEM : output_write(path, out.data, out.len, sink);
	buf_free(&out);
	return status;
}

static enum iov_status print_dropped(const struct iov_link_result *result, struct iov_arena *arena,
				     struct iov_sink *sink)
{
	struct iov_buf out;
	enum iov_status status;

	buf_init(&out, arena->alloc);
	for (size_t i = 0; i < result->piece_count; i++)
		if (result->pieces[i].dropped)
			print_piece(&out, &result->pieces[i]);
	status = out.failed ? IOV_NOMEM : out.len ? output_write("-", out.data, out.len, sink) : IOV_OK;
	buf_free(&out);
	return status;
}

struct job {
	const struct iov_ld_options *o;
	struct iov_link_options how;
	struct iov_arena *arena;
	struct iov_sink *sink;
	const struct iov_platform **platforms;
	size_t platform_count;
	struct iov_module_desc *manifest;
	const char *output;
	struct iov_products products;
};

/* The platforms of the command line, then those that the manifest requires; none: the default. */
static enum iov_status open_platforms(struct job *j)
{
	const struct iov_option_list *named = &j->o->platforms;
	const struct iov_yaml *required = j->manifest ? j->manifest->platforms : NULL;
	size_t more = required ? required->count : 0, count = named->count + more;
	enum iov_status status = IOV_OK;

	j->platforms = arena_array(j->arena, count + 1, sizeof(*j->platforms));
	if (!j->platforms)
		return IOV_NOMEM;
	for (size_t i = 0; i < (count ? count : 1) && !status; i++) {
		const char *name = i < named->count ? named->items[i]
				   : count          ? required->items[i - named->count]->text
						    : "linux-6.12";

		status = platform_open(name, j->arena, j->sink, &j->platforms[i]);
	}
	j->platform_count = count ? count : 1;
	/* The default platform proves what it can; what the loader provides is held against named ones alone. */
	j->how.platforms = j->platforms;
	j->how.platform_count = count;
	return status;
}

static enum iov_status read_manifest(struct job *j)
{
	const char *path = j->o->manifest ? j->o->manifest : j->o->update_manifest;

	if (j->o->manifest && j->o->update_manifest) {
		diag_hint(diag_add(j->sink, DIAG_USAGE, IOV_NOWHERE,
				   "--manifest and --update-manifest exclude each other"),
			  "--update-manifest=FILE also holds the module against FILE: it is enough");
		return IOV_USAGE;
	}
	return path ? module_read(path, j->arena, j->sink, &j->manifest) : IOV_OK;
}

/* The manifest is written before the module is held against it: a draft never fails, an update is what it is held
 * against. */
static enum iov_status write_manifests(struct job *j, const char *path, const struct iov_buf *module)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	struct iov_object *obj;
	struct iov_buf out;
	enum iov_status status;

	if (!j->o->emit_manifest && !j->o->update_manifest)
		return IOV_OK;
	status = object_read(module->data, module->len, path, j->arena, j->sink, &obj);
	if (status)
		return status;
	buf_init(&out, j->arena->alloc);
	if (j->o->emit_manifest) {
		char *name = arena_copy(j->arena, base, strcspn(base, "."));

		status = name ? module_draft(obj, *name ? name : "module", &out) : IOV_NOMEM;
		if (!status)
			status = output_write(j->o->emit_manifest, out.data, out.len, j->sink);
	}
	out.len = 0;
	if (!status && j->o->update_manifest) {
		status = module_update(j->manifest, obj, j->arena, j->sink, &out);
		if (!status && (out.len != j->manifest->text_len || memcmp(out.data, j->manifest->text, out.len)))
			status = output_write(j->o->update_manifest, out.data, out.len, j->sink);
		if (!status)
			status = read_manifest(j);
	}
	buf_free(&out);
	return status;
}

static enum iov_status finish(struct job *j, const struct iov_link_result *result)
{
	const char *path = j->output;
	struct iov_proof_options proof = {.name = path,
					  .platforms = j->platforms,
					  .platform_count = j->platform_count,
					  .target_btf = j->o->target_btf};
	struct iov_buf out;
	enum iov_status status;

	if (j->o->no_verify || j->o->relocatable)
		proof.platform_count = 0;
	buf_init(&out, j->arena->alloc);
	status = object_write(result->object, &out, j->sink);
	if (!status)
		status = write_manifests(j, path, &out);
	proof.manifest = j->manifest;
	if (!status && (proof.platform_count || proof.manifest))
		status = prove_module(&proof, &out, j->arena, j->sink);
	if (!status)
		status = out.failed ? IOV_NOMEM : output_write(path, out.data, out.len, j->sink);
	if (!status)
		status = products_write(&j->products, path, &out, j->manifest, j->arena, j->sink);
	if (!status && j->o->map_file)
		status = write_map(j->o->map_file, result, j->arena, j->sink);
	if (!status && j->o->print_gc)
		status = print_dropped(result, j->arena, j->sink);
	buf_free(&out);
	return status;
}

enum iov_status ld_files(void *options, const struct iov_option_list *files, struct iov_arena *arena,
			 struct iov_sink *sink)
{
	struct iov_ld_options *o = options;
	struct job j = {.o = o, .arena = arena, .sink = sink, .output = o->output ? o->output : "module.o"};
	struct iov_inputs inputs = {0};
	struct iov_link_result result;
	struct iov_defsym *defsyms;
	enum iov_status status;

	if (!files->count && !o->libraries.count && !o->memory_count) {
		diag_hint(diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "no object is named"), "iovld a.o b.o -o module.o");
		return IOV_USAGE;
	}
	j.how = (struct iov_link_options){.relocatable = o->relocatable,
					  .gc = o->gc,
					  .icf = o->icf,
					  .keep_debug = o->keep_debug && !o->strip_debug,
					  .list_pieces = o->map_file || o->print_gc,
					  .exports = o->exports.items,
					  .export_count = o->exports.count,
					  .defsym_count = o->defsyms.count};
	status = split_defsyms(&o->defsyms, arena, sink, &defsyms);
	j.how.defsyms = defsyms;
	if (!status)
		status = products_plan(&o->emit, j.output, arena, sink, &j.products);
	if (!status)
		status = read_manifest(&j);
	if (!status)
		status = open_platforms(&j);
	if (!status)
		status = inputs_read(o->memory, o->memory_count, files, &o->folders, &o->libraries, &o->exports,
				     !j.how.keep_debug, arena, sink, &inputs);
	if (!status)
		status = link_objects(inputs.objects, inputs.count, &j.how, arena, sink, &result);
	if (!status)
		status = finish(&j, &result);
	return status;
}
