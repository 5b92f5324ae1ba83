/* SPDX-License-Identifier: Apache-2.0 */
/* A platform as YAML, for --print-platform. Rows of the catalogue are names; a platform's own rows are written out. */
#include "asm/yaml/platform_read.h"

#include <inttypes.h>
#include <string.h>

/* In double quotes, as YAML and JSON both read it. */
static void quoted(struct iov_buf *out, const char *s)
{
	buf_putc(out, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			buf_putc(out, '\\');
		if ((unsigned char)*s >= 0x20)
			buf_putc(out, *s);
	}
	buf_putc(out, '"');
}

static void flag_list(struct iov_buf *out, uint32_t bits, const char *const *words)
{
	const char *separator = "";

	buf_putc(out, '[');
	for (uint32_t i = 0; words[i]; i++) {
		if (bits & 1u << i) {
			buf_printf(out, "%s%s", separator, words[i]);
			separator = ", ";
		}
	}
	buf_puts(out, "]\n");
}

static bool is_catalogue_helper(const struct iov_helper *h)
{
	return h == catalogue_helper(h->id) || (!h->id && h == catalogue_kfunc_by_name(h->name));
}

static void print_helper(struct iov_buf *out, const struct iov_helper *h)
{
	int args = 5;

	if (is_catalogue_helper(h)) {
		buf_printf(out, "  - %s\n", h->name);
		return;
	}
	buf_printf(out, "  - name: %s\n    id: %" PRIu32 "\n    declaration: ", h->name, h->id);
	quoted(out, h->decl);
	buf_puts(out, "\n    arguments: [");
	while (args && h->args[args - 1] == IOV_ARG_NONE)
		args--;
	for (int i = 0; i < args; i++) {
		const char *word = platform_arg_words[h->args[i]];

		buf_puts(out, i ? ", " : "");
		if (h->arg_size[i])
			buf_printf(out, "{%s: %" PRIu32 "}", word, h->arg_size[i]);
		else
			buf_puts(out, word);
	}
	buf_printf(out, "]\n    returns: %s\n", platform_ret_words[h->ret]);
	if (h->ret_min != INT64_MIN || h->ret_max != INT64_MAX)
		buf_printf(out, "    range: [%" PRId64 ", %" PRId64 "]\n", h->ret_min, h->ret_max);
	buf_puts(out, "    flags: ");
	flag_list(out, h->flags, platform_flag_words);
	if (h->release_arg)
		buf_printf(out, "    release_argument: %d\n", h->release_arg);
	if (h->btf_type)
		buf_printf(out, "    btf_type: %s\n", h->btf_type);
	if (!(h->flags & IOV_HF_BASE))
		buf_puts(out, "    program_types: []\n"); /* the types below name it */
}

static void print_fields(struct iov_buf *out, const struct iov_prog_type *type)
{
	static const char *const accesses[] = {"read", "write", "narrow", "narrow_write", NULL};

	buf_puts(out, "    fields:\n");
	for (uint16_t i = 0; i < type->field_count; i++) {
		const struct iov_ctx_field *f = &type->fields[i];
		uint32_t bits = (uint32_t)f->readable | (uint32_t)f->writable << 1 | (uint32_t)f->narrow << 2 |
				(uint32_t)f->narrow_write << 3;

		buf_printf(out,
			   "      - name: %s\n        offset: %u\n        size: %u\n        kind: %s\n        access: ",
			   f->name, f->off, f->size, platform_ctx_words[f->kind]);
		flag_list(out, bits, accesses);
		if (f->aux && (f->kind == IOV_CTX_MEMORY || f->kind == IOV_CTX_SCALAR))
			buf_printf(out, "        %s: %u\n", f->kind == IOV_CTX_MEMORY ? "memory" : "max", f->aux);
	}
}

/* Whether the type's fields are those of the catalogue's row, some perhaps taken away. */
static bool is_restriction(const struct iov_prog_type *type, const struct iov_prog_type *known)
{
	if (!known || known->field_count != type->field_count)
		return false;
	for (uint16_t i = 0; i < type->field_count; i++) {
		if (type->fields[i].off != known->fields[i].off || type->fields[i].size != known->fields[i].size)
			return false;
	}
	return true;
}

static void print_context(struct iov_buf *out, const struct iov_prog_type *type)
{
	const char *separator = "";

	buf_puts(out, "    context: [");
	for (uint16_t i = 0; i < type->field_count; i++) {
		if (type->fields[i].readable) {
			buf_printf(out, "%s%s", separator, type->fields[i].name);
			separator = ", ";
		}
	}
	buf_puts(out, "]\n");
}

static void print_prog_type(struct iov_buf *out, const struct iov_prog_type *type)
{
	const struct iov_prog_type *known = catalogue_prog_type_by_name(type->name);

	if (type == known) {
		buf_printf(out, "  - %s\n", type->name);
		return;
	}
	buf_printf(out, "  - name: %s\n", type->name);
	if (!known)
		buf_printf(out, "    id: %" PRIu32 "\n    context_name: %s\n    context_size: %u\n", type->id,
			   type->ctx_name, type->ctx_size);
	if (type->ctx_memory)
		buf_puts(out, "    context_memory: true\n");
	if (type->sections) {
		buf_puts(out, "    sections: [");
		for (size_t i = 0; type->sections[i]; i++)
			buf_printf(out, "%s%s", i ? ", " : "", type->sections[i]);
		buf_puts(out, "]\n");
	}
	if (is_restriction(type, known))
		print_context(out, type);
	else if (!type->ctx_memory)
		print_fields(out, type);
	buf_printf(out, "    packet_write: %s\n    helpers: [", type->packet_write ? "true" : "false");
	for (size_t i = 0; type->helpers && type->helpers[i]; i++)
		buf_printf(out, "%s%s", i ? ", " : "", type->helpers[i]);
	buf_puts(out, "]\n");
	if (type->ret_min <= type->ret_max && !type->attach_count)
		buf_printf(out, "    returns: [%" PRId64 ", %" PRId64 "]\n", type->ret_min, type->ret_max);
}

static void print_notes(struct iov_buf *out, const char *key, const char *word, const struct iov_platform_note *notes,
			uint32_t count)
{
	if (count)
		buf_printf(out, "%s:\n", key);
	for (uint32_t i = 0; i < count; i++) {
		buf_printf(out, "  - {names: [%s], %s: ", notes[i].name, word);
		quoted(out, notes[i].text);
		buf_puts(out, "}\n");
	}
}

void platform_print(const struct iov_platform *p, struct iov_buf *out)
{
	static const char *const orders[] = {"any", "little", "big"};

	buf_printf(out, "name: %s\nsummary: ", p->name);
	quoted(out, p->summary ? p->summary : "");
	if (p->kernel)
		buf_printf(out, "\nkernel: \"%s\"", p->kernel);
	if (p->target_btf) {
		buf_puts(out, "\ntarget_btf: ");
		quoted(out, p->target_btf);
	}
	buf_printf(out, "\nbyte_order: %s\ncpu: %u\nrules: ", orders[p->order], p->cpu);
	flag_list(out, p->rules, platform_rule_words);
	buf_printf(out,
		   "limits:\n  instructions: %" PRIu32 "\n  processed: %" PRIu64 "\n  stack: %" PRIu32
		   "\n  frames: %" PRIu32 "\n  states: %" PRIu32 "\n  map_memory: %" PRIu64 "\n  tail_calls: %" PRIu32
		   "\n",
		   p->max_insns, p->max_processed, p->max_stack, p->max_frames, p->max_states, p->max_map_memory,
		   p->max_tail_calls);
	buf_puts(out, p->prog_type_count ? "program_types:\n" : "program_types: []\n");
	for (uint32_t i = 0; i < p->prog_type_count; i++)
		print_prog_type(out, p->prog_types[i]);
	buf_puts(out, p->helper_count ? "helpers:\n" : "helpers: []\n");
	for (uint32_t i = 0; i < p->helper_count; i++)
		print_helper(out, p->helpers[i]);
	buf_puts(out, p->kfunc_count ? "kfuncs:\n" : "kfuncs: []\n");
	for (uint32_t i = 0; i < p->kfunc_count; i++)
		print_helper(out, p->kfuncs[i]);
	buf_puts(out, p->map_type_count ? "map_types:\n" : "map_types: []\n");
	for (uint32_t i = 0; i < p->map_type_count; i++)
		buf_printf(out, "  - %s\n", p->map_types[i]->name);
	print_notes(out, "lacking", "why", p->lacking, p->lacking_count);
	print_notes(out, "hosted", "by", p->hosted, p->hosted_count);
}

enum iov_status platform_digest(const struct iov_platform *p, const struct iov_alloc *alloc,
				uint8_t out[IOV_SHA256_BYTES])
{
	struct iov_sha256 sha;
	struct iov_buf text;
	bool failed;

	buf_init(&text, alloc);
	platform_print(p, &text);
	sha256_init(&sha);
	sha256_add(&sha, text.data, text.len);
	sha256_end(&sha, out);
	failed = text.failed;
	buf_free(&text);
	return failed ? IOV_NOMEM : IOV_OK;
}
