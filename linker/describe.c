/* SPDX-License-Identifier: Apache-2.0 */
/* The document, and what a manifest says: parameters, events, limits, ports. */
#include "linker/describe_part.h"

#include <inttypes.h>
#include <linux/btf.h>
#include <string.h>

void json_item(struct describe *d)
{
	const struct iov_buf *b = d->out;

	if (b->len && b->data[b->len - 1] != '{' && b->data[b->len - 1] != '[')
		buf_puts(d->out, ", ");
}

void json_line(struct describe *d)
{
	const struct iov_buf *b = d->out;

	buf_puts(d->out, b->len && (b->data[b->len - 1] == '{' || b->data[b->len - 1] == '[') ? "\n  " : ",\n  ");
}

void json_begin(struct describe *d)
{
	json_item(d);
	buf_putc(d->out, '{');
}

void json_row(struct describe *d)
{
	json_line(d);
	buf_putc(d->out, '{');
}

void json_word(struct describe *d, const char *text)
{
	json_item(d);
	text_json(d->out, text);
}

void json_key(struct describe *d, const char *key)
{
	json_item(d);
	buf_printf(d->out, "\"%s\": ", key);
}

void json_text(struct describe *d, const char *key, const char *text)
{
	json_key(d, key);
	text_json(d->out, text);
}

void json_number(struct describe *d, const char *key, uint64_t value)
{
	json_key(d, key);
	buf_printf(d->out, "%" PRIu64, value);
}

void json_flag(struct describe *d, const char *key, bool value)
{
	json_key(d, key);
	buf_puts(d->out, value ? "true" : "false");
}

void json_digest(struct describe *d, const char *key, const uint8_t digest[IOV_SHA256_BYTES])
{
	json_key(d, key);
	buf_puts(d->out, "\"sha256:");
	for (int i = 0; i < IOV_SHA256_BYTES; i++)
		buf_printf(d->out, "%02x", digest[i]);
	buf_putc(d->out, '"');
}

void json_open(struct describe *d, const char *key, char bracket)
{
	json_key(d, key);
	buf_putc(d->out, bracket);
}

/* A part of the document on lines of its own. */
static void part(struct describe *d, const char *key)
{
	buf_printf(d->out, ",\n\"%s\": ", key);
}

void json_part(struct describe *d, const char *key, char bracket)
{
	part(d, key);
	buf_putc(d->out, bracket);
}

static bool is_number(const char *s)
{
	bool digits = false;

	s += *s == '-';
	if (*s == '0' && s[1])
		return false;
	for (; *s >= '0' && *s <= '9'; s++)
		digits = true;
	return digits && !*s;
}

/* A node of the manifest as it was written. */
static void tree(struct describe *d, const struct iov_yaml *node)
{
	bool map = node && node->kind == IOV_YAML_MAPPING;

	if (!node || node->kind == IOV_YAML_NULL) {
		buf_puts(d->out, "null");
	} else if (node->kind == IOV_YAML_SCALAR) {
		if (!node->quoted &&
		    (is_number(node->text) || !strcmp(node->text, "true") || !strcmp(node->text, "false")))
			buf_puts(d->out, node->text);
		else
			text_json(d->out, node->text);
	} else {
		buf_putc(d->out, map ? '{' : '[');
		for (uint32_t i = 0; i < node->count; i++) {
			json_item(d);
			if (map) {
				text_json(d->out, node->keys[i]->text);
				buf_puts(d->out, ": ");
			}
			tree(d, node->items[i]);
		}
		buf_putc(d->out, map ? '}' : ']');
	}
}

static void bound(struct describe *d, const char *key, bool has, int64_t value)
{
	json_key(d, key);
	if (has)
		buf_printf(d->out, "%" PRId64, value);
	else
		buf_puts(d->out, "null");
}

static void parameter(struct describe *d, const struct iov_module_param *p)
{
	json_row(d);
	json_text(d, "name", p->name);
	json_text(d, "type", module_type_word(p->type));
	json_text(d, "section", d->obj->sections[p->section].name);
	json_number(d, "offset", p->offset);
	json_number(d, "size", p->size);
	json_text(d, "unit", p->unit);
	json_text(d, "description", p->description);
	json_flag(d, "required", p->required);
	json_flag(d, "mutable", p->is_mutable);
	json_key(d, "default");
	tree(d, p->default_node);
	bound(d, "min", p->has_min, p->min);
	bound(d, "max", p->has_max, p->max);
	json_key(d, "enum");
	tree(d, p->values);
	buf_putc(d->out, '}');
}

static void event(struct describe *d, const struct iov_module_event *e)
{
	bool is_struct = !strncmp(e->type, "struct ", 7);
	uint32_t id = btf_find(d->obj->btf, is_struct ? e->type + 7 : e->type,
			       is_struct ? BTF_KIND_STRUCT : BTF_KIND_TYPEDEF);

	json_row(d);
	json_text(d, "map", e->map);
	describe_type(d, "type", id);
	json_text(d, "format", e->format);
	buf_putc(d->out, '}');
}

static void limit(struct describe *d, const char *key, uint64_t value)
{
	if (value)
		json_number(d, key, value);
}

void describe_manifest(struct describe *d)
{
	const struct iov_module_desc *m = d->m;

	json_part(d, "parameters", '[');
	for (uint32_t i = 0; m && i < m->param_count; i++)
		parameter(d, &m->params[i]);
	buf_putc(d->out, ']');
	json_part(d, "events", '[');
	for (uint32_t i = 0; m && i < m->event_count; i++)
		event(d, &m->events[i]);
	buf_putc(d->out, ']');
	json_part(d, "ports", '[');
	for (uint32_t i = 0; m && i < m->port_count; i++) {
		static const char *const kinds[] = {"any", "netdev", "vf", "representor", "module"};

		json_begin(d);
		json_text(d, "name", m->ports[i].name);
		json_text(d, "kind", kinds[m->ports[i].kind]);
		json_number(d, "min", m->ports[i].min);
		json_number(d, "max", m->ports[i].max);
		buf_putc(d->out, '}');
	}
	buf_putc(d->out, ']');
	json_part(d, "limits", '{');
	if (m) {
		limit(d, "insns", m->max_insns);
		limit(d, "worst_insns", m->max_worst_insns);
		limit(d, "stack", m->max_stack);
		limit(d, "map_memory", m->max_map_memory);
	}
	buf_putc(d->out, '}');
}

static void module(struct describe *d, const void *bytes, size_t len, const char *name)
{
	const struct iov_module_desc *m = d->m;
	uint8_t digest[IOV_SHA256_BYTES];
	struct iov_sha256 s;

	sha256_init(&s);
	sha256_add(&s, bytes, len);
	sha256_end(&s, digest);
	buf_puts(d->out, "{\"schema\": \"iov.module.json/v1\"");
	json_part(d, "module", '{');
	json_text(d, "name", name);
	json_text(d, "version", m ? m->version : NULL);
	json_text(d, "summary", m ? m->summary : NULL);
	json_text(d, "license", m ? m->license : NULL);
	json_text(d, "object_license", d->obj->license);
	json_text(d, "byte_order", d->obj->big_endian ? "big" : "little");
	json_number(d, "size", len);
	json_digest(d, "digest", digest);
	buf_putc(d->out, '}');
}

/* The manifest as a tree: the text that the module carries, read again. */
static enum iov_status source(struct describe *d, struct iov_sink *sink)
{
	const struct iov_yaml *root = NULL;
	enum iov_status status = IOV_OK;

	if (d->m)
		status = yml_read(d->m->text, d->m->text_len, d->m->file, d->arena, sink, &root);
	part(d, "manifest");
	tree(d, root);
	return status;
}

enum iov_status describe_json(const struct iov_object *obj, const void *bytes, size_t len,
			      const struct iov_module_desc *m, const char *name, struct iov_arena *arena,
			      struct iov_buf *out)
{
	struct describe d = {.obj = obj, .m = m, .arena = arena, .out = out, .budget = 1 << 20};
	struct iov_sink sink; /* both were read before, and what was wrong was said then */
	enum iov_status status;

	d.named = arena_alloc(arena, obj->btf ? obj->btf->count : 1);
	if (!d.named)
		return IOV_NOMEM;
	sink_init(&sink, arena->alloc);
	status = manifest_read(obj, arena, &sink, &d.manifest);
	if (!status) {
		module(&d, bytes, len, name);
		describe_progs(&d);
		describe_maps(&d);
		describe_globals(&d);
		describe_manifest(&d);
		describe_needs(&d);
		describe_types(&d);
		status = source(&d, &sink);
		buf_puts(out, "}\n");
	}
	sink_free(&sink);
	return status ? status : out->failed ? IOV_NOMEM : IOV_OK;
}
