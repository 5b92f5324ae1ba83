/* SPDX-License-Identifier: Apache-2.0 */
/* platgen OUTPUT.c FILE.yaml...: a host tool that compiles platform files into C tables, so that no tool reads a file
 * to know a platform. A file may inherit from one that stands before it on the command line. */
#include "asm/base/output.h"
#include "asm/base/render.h"
#include "asm/yaml/platform_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct known {
	const struct iov_platform *platforms[64];
	int count;
};

static const struct iov_platform *find_known(void *ud, const char *name)
{
	struct known *known = ud;

	for (int i = 0; i < known->count; i++) {
		if (!strcmp(known->platforms[i]->name, name))
			return known->platforms[i];
	}
	return NULL;
}

static void string(struct iov_buf *out, const char *s)
{
	if (!s) {
		buf_puts(out, "NULL");
		return;
	}
	buf_putc(out, '"');
	for (; *s; s++)
		buf_printf(out, *s == '"' || *s == '\\' || (unsigned char)*s < 0x20 ? "\\%03o" : "%c",
			   (unsigned char)*s);
	buf_putc(out, '"');
}

static void number64(struct iov_buf *out, int64_t v)
{
	if (v == INT64_MIN)
		buf_puts(out, "INT64_MIN");
	else
		buf_printf(out, "INT64_C(%" PRId64 ")", v);
}

/* A helper of the platform's own, as a compound literal. */
static void own_helper(struct iov_buf *out, const struct iov_helper *h)
{
	buf_printf(out, "\t&(const struct iov_helper){.id = %" PRIu32 ", .name = ", h->id);
	string(out, h->name);
	buf_puts(out, ", .decl = ");
	string(out, h->decl);
	buf_printf(out, ", .ret = %u, .args = {%u, %u, %u, %u, %u}, .flags = %" PRIu32 ", .ret_min = ", h->ret,
		   h->args[0], h->args[1], h->args[2], h->args[3], h->args[4], h->flags);
	number64(out, h->ret_min);
	buf_puts(out, ", .ret_max = ");
	number64(out, h->ret_max);
	buf_printf(out, ", .arg_size = {%u, %u, %u, %u, %u}, .btf_type = ", h->arg_size[0], h->arg_size[1],
		   h->arg_size[2], h->arg_size[3], h->arg_size[4]);
	string(out, h->btf_type);
	buf_printf(out, ", .release_arg = %u, .complete = true},\n", h->release_arg);
}

static void helpers(struct iov_buf *out, int n, const char *what, const struct iov_helper *const *rows, uint32_t count,
		    const struct iov_helper *table, size_t table_size)
{
	buf_printf(out, "static const struct iov_helper *const p%d_%s[] = {\n", n, what);
	for (uint32_t i = 0; i < count; i++) {
		if (rows[i] >= table && rows[i] < table + table_size)
			buf_printf(out, "\t&catalogue_%s[%zu], /* %s */\n", what, (size_t)(rows[i] - table),
				   rows[i]->name);
		else
			own_helper(out, rows[i]);
	}
	buf_puts(out, "\tNULL,\n};\n");
}

static void own_prog_type(struct iov_buf *out, const struct iov_prog_type *t)
{
	buf_printf(out, "\t&(const struct iov_prog_type){.id = %" PRIu32 ", .name = ", t->id);
	string(out, t->name);
	buf_puts(out, ", .ctx_name = ");
	string(out, t->ctx_name);
	if (t->sections) {
		buf_puts(out, ", .sections = (const char *const[]){");
		for (size_t i = 0; t->sections[i]; i++) {
			string(out, t->sections[i]);
			buf_puts(out, ", ");
		}
		buf_puts(out, "NULL}");
	}
	buf_printf(out, ", .ctx_memory = %d", t->ctx_memory);
	buf_printf(out, ", .ctx_size = %u, .field_count = %u, .fields = (const struct iov_ctx_field[]){\n", t->ctx_size,
		   t->field_count);
	for (uint16_t i = 0; i < t->field_count; i++) {
		const struct iov_ctx_field *f = &t->fields[i];

		buf_puts(out, "\t\t{.name = ");
		string(out, f->name);
		buf_printf(
			out,
			", .off = %u, .size = %u, .kind = %u, .readable = %d, .writable = %d, .narrow = %d, .aux = %u, "
			".narrow_write = %d, .wide = %d, .elem = %u, .attach = %" PRIu64 "u, .attach_write = %" PRIu64
			"u, .start_only = %d, .long_read = %d, .btf_type = ",
			f->off, f->size, f->kind, f->readable, f->writable, f->narrow, f->aux, f->narrow_write, f->wide,
			f->elem, f->attach, f->attach_write, f->start_only, f->long_read);
		string(out, f->btf_type);
		buf_puts(out, "},\n");
	}
	buf_puts(out, "\t\t{0}}, .ret_min = ");
	number64(out, t->ret_min);
	buf_puts(out, ", .ret_max = ");
	number64(out, t->ret_max);
	buf_printf(out, ", .complete = %d, .packet_write = %d, .packet_args = %u, .legacy_loads = %d, .since = ",
		   t->complete, t->packet_write, t->packet_args, t->legacy_loads);
	string(out, t->since);
	buf_puts(out, ", .helpers = (const char *const[]){");
	for (size_t i = 0; t->helpers && t->helpers[i]; i++) {
		string(out, t->helpers[i]);
		buf_puts(out, ", ");
	}
	buf_printf(out, "NULL}, .attach_count = %u, .attaches = (const struct iov_attach[]){", t->attach_count);
	for (uint16_t i = 0; i < t->attach_count; i++) {
		buf_printf(out, "{%" PRIu32 ", ", t->attaches[i].id);
		string(out, t->attaches[i].name);
		buf_puts(out, ", ");
		number64(out, t->attaches[i].ret_min);
		buf_puts(out, ", ");
		number64(out, t->attaches[i].ret_max);
		buf_puts(out, ", (const char *const[]){");
		for (size_t k = 0; t->attaches[i].lacks && t->attaches[i].lacks[k]; k++) {
			string(out, t->attaches[i].lacks[k]);
			buf_puts(out, ", ");
		}
		buf_puts(out, "NULL}}, ");
	}
	buf_puts(out, "{0}}},\n");
}

static void prog_types(struct iov_buf *out, int n, const struct iov_platform *p)
{
	buf_printf(out, "static const struct iov_prog_type *const p%d_prog_types[] = {\n", n);
	for (uint32_t i = 0; i < p->prog_type_count; i++) {
		const struct iov_prog_type *t = p->prog_types[i];

		if (t == catalogue_prog_type(t->id))
			buf_printf(out, "\t&catalogue_prog_types[%" PRIu32 "], /* %s */\n", t->id, t->name);
		else
			own_prog_type(out, t);
	}
	buf_puts(out, "\tNULL,\n};\n");
}

static void map_types(struct iov_buf *out, int n, const struct iov_platform *p)
{
	buf_printf(out, "static const struct iov_map_type *const p%d_map_types[] = {\n", n);
	for (uint32_t i = 0; i < p->map_type_count; i++)
		buf_printf(out, "\t&catalogue_map_types[%" PRIu32 "], /* %s */\n", p->map_types[i]->id,
			   p->map_types[i]->name);
	buf_puts(out, "\tNULL,\n};\n");
}

static void notes(struct iov_buf *out, int n, const char *what, const struct iov_platform_note *all, uint32_t count)
{
	buf_printf(out, "static const struct iov_platform_note p%d_%s[] = {\n", n, what);
	for (uint32_t i = 0; i < count; i++) {
		buf_puts(out, "\t{");
		string(out, all[i].name);
		buf_puts(out, ", ");
		string(out, all[i].text);
		buf_puts(out, "},\n");
	}
	buf_puts(out, "\t{NULL, NULL},\n};\n");
}

static void platform(struct iov_buf *out, int n, const struct iov_platform *p)
{
	buf_printf(out, "\n/* %s */\n", p->name);
	helpers(out, n, "helpers", p->helpers, p->helper_count, catalogue_helpers, catalogue_helper_count() + 1);
	helpers(out, n, "kfuncs", p->kfuncs, p->kfunc_count, catalogue_kfuncs, catalogue_kfunc_count());
	prog_types(out, n, p);
	map_types(out, n, p);
	notes(out, n, "lacking", p->lacking, p->lacking_count);
	notes(out, n, "hosted", p->hosted, p->hosted_count);
	buf_printf(out, "static const struct iov_platform p%d = {\n\t.name = ", n);
	string(out, p->name);
	buf_puts(out, ",\n\t.summary = ");
	string(out, p->summary);
	buf_puts(out, ",\n\t.kernel = ");
	string(out, p->kernel);
	buf_puts(out, ",\n\t.target_btf = ");
	string(out, p->target_btf);
	buf_printf(out,
		   ",\n\t.order = %d, .cpu = %u, .rules = %" PRIu32 ", .max_insns = %" PRIu32
		   ", .max_processed = UINT64_C(%" PRIu64 "),\n\t.max_stack = %" PRIu32 ", .max_frames = %" PRIu32
		   ", .max_states = %" PRIu32 ", .max_map_memory = UINT64_C(%" PRIu64 "), .max_tail_calls = %" PRIu32
		   ",\n",
		   (int)p->order, p->cpu, p->rules, p->max_insns, p->max_processed, p->max_stack, p->max_frames,
		   p->max_states, p->max_map_memory, p->max_tail_calls);
	buf_printf(out,
		   "\t.helpers = p%d_helpers, .helper_count = %" PRIu32
		   ", .kfuncs = p%d_kfuncs, .kfunc_count = %" PRIu32
		   ",\n\t.prog_types = p%d_prog_types, .prog_type_count = %" PRIu32
		   ",\n\t.map_types = p%d_map_types, .map_type_count = %" PRIu32
		   ",\n\t.lacking = p%d_lacking, .lacking_count = %" PRIu32
		   ", .hosted = p%d_hosted, .hosted_count = %" PRIu32 ",\n};\n",
		   n, p->helper_count, n, p->kfunc_count, n, p->prog_type_count, n, p->map_type_count, n,
		   p->lacking_count, n, p->hosted_count);
}

static enum iov_status generate(int count, char **files, struct iov_arena *arena, struct iov_sink *sink,
				struct iov_buf *out)
{
	struct known known = {0};
	struct iov_platform_base base = {find_known, &known};

	buf_puts(out, "/* Made by platgen from stdlib/platforms. */\n#include \"asm/platforms/tables.h\"\n");
	for (int i = 0; i < count && i < 64; i++) {
		enum iov_status status = platform_read(files[i], &base, arena, sink, &known.platforms[i]);

		if (status != IOV_OK)
			return status;
		known.count++;
		platform(out, i, known.platforms[i]);
	}
	buf_puts(out, "\nconst struct iov_platform *const platform_tables[] = {\n");
	for (int i = 0; i < known.count; i++)
		buf_printf(out, "\t&p%d,\n", i);
	buf_puts(out, "\tNULL,\n};\n");
	return out->failed ? IOV_NOMEM : IOV_OK;
}

int main(int argc, char **argv)
{
	struct iov_render how = {.format = IOV_DIAG_TEXT, .tool = "platgen"};
	struct iov_arena arena = {0};
	struct iov_sink sink;
	struct iov_buf out = {0}, text = {0};
	enum iov_status status = IOV_USAGE;

	sink_init(&sink, NULL);
	if (argc > 2) {
		status = generate(argc - 2, argv + 2, &arena, &sink, &out);
		if (status == IOV_OK)
			status = output_write(argv[1], out.data, out.len, &sink);
	}
	diag_render(&sink, &how, &text);
	fputs(buf_cstr(&text) ? buf_cstr(&text) : "", stderr);
	buf_free(&text);
	buf_free(&out);
	sink_free(&sink);
	arena_free(&arena);
	return iov_exit_code(status);
}
