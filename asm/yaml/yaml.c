/* SPDX-License-Identifier: Apache-2.0 */
/* From bytes to a tree, over libyaml's events. The input is checked first (length, UTF-8, control characters), so that
 * lines end where libyaml thinks they end, and columns can be given in bytes. Hostile input costs at most time and
 * memory proportional to its length, times log for the order of keys. */
#include "asm/yaml/yaml.h"

#include "asm/base/output.h"

#include <string.h>
#include <yaml.h>

struct reader {
	yaml_parser_t parser;
	yaml_event_t event;
	bool have_event;
	const char *file, *bytes;
	size_t len;
	/* Where span_at() came to: line, its start, and a character column of it. Events come in order, so each byte is
	 * passed once even when the file is one line. */
	const char *line_start, *at;
	uint32_t line;
	size_t column;
	struct iov_arena *arena;
	struct iov_sink *sink;
	enum iov_status status;
};

static bool give_up(struct reader *r, enum iov_status status)
{
	r->status = status;
	return false;
}

static void start_line(struct reader *r, const char *start, uint32_t line)
{
	r->line_start = r->at = start;
	r->line = line;
	r->column = 0;
}

/* libyaml counts lines and characters from 0; we count lines and bytes from 1. */
static struct iov_span span_at(struct reader *r, yaml_mark_t mark)
{
	const char *end = r->bytes + r->len;
	struct iov_span span = IOV_NOWHERE;

	if (mark.line + 1 < r->line)
		start_line(r, r->bytes, 1);
	while (r->line < mark.line + 1) {
		const char *newline = memchr(r->at, '\n', (size_t)(end - r->at));

		if (!newline)
			break;
		start_line(r, newline + 1, r->line + 1);
	}
	if (mark.column < r->column)
		start_line(r, r->line_start, r->line);
	for (; r->at < end && r->column < mark.column; r->column++) {
		r->at++;
		while (r->at < end && (*r->at & 0xc0) == 0x80)
			r->at++;
	}
	span.file = r->file;
	span.line = r->line;
	span.col = (uint32_t)(r->at - r->line_start) + 1;
	return span;
}

static bool forbidden(struct reader *r, struct iov_span where, const char *what, const char *instead)
{
	struct iov_diag *d = diag_add(r->sink, DIAG_YAML_FORBIDDEN, where, "%s not allowed here", what);

	if (instead)
		diag_hint(d, "%s", instead);
	return give_up(r, IOV_DIAGNOSED);
}

/* ---- the bytes ---- */

/* Length of the UTF-8 character at p, or 0: overlong forms, surrogates and what lies beyond U+10FFFF are invalid. */
static size_t utf8_length(const unsigned char *p, size_t left)
{
	size_t len = *p < 0x80 ? 1 : *p < 0xc2 ? 0 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : *p < 0xf5 ? 4 : 0;

	if (len > left)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	if (len == 3 && ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] >= 0xa0)))
		return 0;
	if (len == 4 && ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] >= 0x90)))
		return 0;
	return len;
}

/* Why this character may not stand in a file, or NULL. */
static const char *bad_character(const unsigned char *p, size_t len)
{
	if (!len)
		return "this is not valid UTF-8";
	if ((*p < 0x20 && *p != '\n' && *p != '\t' && !(*p == '\r' && p[1] == '\n')) || *p == 0x7f)
		return "a control character";
	if (len == 2 && p[0] == 0xc2 && p[1] < 0xa0)
		return "a control character";
	if (len == 3 && p[0] == 0xe2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9))
		return "a Unicode line separator";
	if (len == 3 &&
	    ((p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf) || (p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe)))
		return "a byte order mark or a character that is none";
	return NULL;
}

static bool check_bytes(struct reader *r)
{
	const unsigned char *start = (const unsigned char *)r->bytes, *end = start + r->len, *line = start;
	struct iov_span span = {.file = r->file, .line = 1, .col = 1, .insn = -1};

	if (r->len > YML_MAX_BYTES) {
		diag_add(r->sink, DIAG_YAML_LIMIT, span, "the file has %zu bytes; at most %d are read", r->len,
			 YML_MAX_BYTES);
		return give_up(r, IOV_DIAGNOSED);
	}
	for (const unsigned char *p = start; p < end;) {
		size_t len = utf8_length(p, (size_t)(end - p));
		bool last_cr = *p == '\r' && p + 1 == end;
		const char *why = last_cr ? "a control character" : bad_character(p, len);

		if (why) {
			span.col = (uint32_t)(p - line) + 1;
			diag_add(r->sink, DIAG_YAML_CHARACTER, span, "byte 0x%02x: %s", *p, why);
			return give_up(r, IOV_DIAGNOSED);
		}
		p += len;
		if (p[-1] == '\n') {
			span.line++;
			line = p;
		}
	}
	return true;
}

/* ---- events ---- */

static bool syntax_error(struct reader *r)
{
	yaml_parser_t *p = &r->parser;

	if (p->error == YAML_MEMORY_ERROR)
		return give_up(r, IOV_NOMEM);
	struct iov_diag *d = diag_add(r->sink, DIAG_YAML_SYNTAX, span_at(r, p->problem_mark), "%s",
				      p->problem ? p->problem : "this is not YAML");
	if (p->context)
		diag_note(d, IOV_NOTE_PLAIN, span_at(r, p->context_mark), "%s that begins here", p->context);
	return give_up(r, IOV_DIAGNOSED);
}

static bool next_event(struct reader *r)
{
	if (r->have_event)
		yaml_event_delete(&r->event);
	r->have_event = yaml_parser_parse(&r->parser, &r->event);
	return r->have_event || syntax_error(r);
}

/* Anchors and tags, which every kind of node may carry. */
static bool check_properties(struct reader *r, const void *anchor, const void *tag)
{
	if (anchor)
		return forbidden(r, span_at(r, r->event.start_mark), "an anchor is",
				 "write the value out where it is used");
	if (tag)
		return forbidden(r, span_at(r, r->event.start_mark), "a tag is",
				 "leave it out: the reader knows what it expects");
	return true;
}

static struct iov_yaml *new_node(struct reader *r, enum iov_yaml_kind kind)
{
	struct iov_yaml *node = ARENA_NEW(r->arena, struct iov_yaml);

	if (!node) {
		give_up(r, IOV_NOMEM);
		return NULL;
	}
	node->kind = kind;
	node->where = span_at(r, r->event.start_mark);
	return node;
}

static const struct iov_yaml *read_scalar(struct reader *r)
{
	const char *value = (const char *)r->event.data.scalar.value;
	size_t len = r->event.data.scalar.length;
	bool plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	struct iov_yaml *node;

	if (!check_properties(r, r->event.data.scalar.anchor, r->event.data.scalar.tag))
		return NULL;
	if (memchr(value, 0, len)) {
		diag_add(r->sink, DIAG_YAML_CHARACTER, span_at(r, r->event.start_mark),
			 "a NUL character is in the string");
		give_up(r, IOV_DIAGNOSED);
		return NULL;
	}
	node = new_node(r, IOV_YAML_SCALAR);
	if (!node)
		return NULL;
	if (plain && (!len || !strcmp(value, "~") || !strcmp(value, "null")))
		node->kind = IOV_YAML_NULL;
	node->quoted = !plain;
	node->text = arena_copy(r->arena, value, len);
	node->len = len;
	if (r->event.end_mark.line == r->event.start_mark.line)
		node->where.len = (uint32_t)(r->event.end_mark.column - r->event.start_mark.column);
	if (!node->text)
		give_up(r, IOV_NOMEM);
	return node->text ? node : NULL;
}

/* ---- collections ---- */

/* Grows by doubling in the arena, which wastes at most as much as it keeps. */
static bool append(struct reader *r, const struct iov_yaml ***list, uint32_t count, const struct iov_yaml *item)
{
	if (!(count & (count - 1))) {
		const struct iov_yaml **bigger = arena_array(r->arena, count ? (size_t)count * 2 : 1, sizeof(*bigger));

		if (!bigger)
			return give_up(r, IOV_NOMEM);
		if (count)
			memcpy(bigger, *list, count * sizeof(*bigger));
		*list = bigger;
	}
	(*list)[count] = item;
	return true;
}

static const struct iov_yaml *read_node(struct reader *r, unsigned depth);

static const struct iov_yaml *read_sequence(struct reader *r, unsigned depth)
{
	struct iov_yaml *node;

	if (!check_properties(r, r->event.data.sequence_start.anchor, r->event.data.sequence_start.tag))
		return NULL;
	node = new_node(r, IOV_YAML_SEQUENCE);
	while (node && next_event(r) && r->event.type != YAML_SEQUENCE_END_EVENT) {
		const struct iov_yaml *item = read_node(r, depth);

		if (!item || !append(r, &node->items, node->count, item))
			break;
		node->count++;
	}
	return r->status == IOV_OK ? node : NULL;
}

/* Merge sort of key indices: n log n on any input. */
static void sort_keys(const struct iov_yaml *node, uint32_t *order, uint32_t *scratch, uint32_t count)
{
	uint32_t half = count / 2, i = 0, j = half, n = 0;

	if (count < 2)
		return;
	sort_keys(node, order, scratch, half);
	sort_keys(node, order + half, scratch, count - half);
	while (i < half || j < count) {
		bool left = j == count ||
			    (i < half && strcmp(node->keys[order[i]]->text, node->keys[order[j]]->text) <= 0);

		scratch[n++] = left ? order[i++] : order[j++];
	}
	memcpy(order, scratch, count * sizeof(*order));
}

static bool order_keys(struct reader *r, struct iov_yaml *node)
{
	uint32_t *order = arena_array(r->arena, (size_t)node->count * 2 + 1, sizeof(*order));

	if (!order)
		return give_up(r, IOV_NOMEM);
	for (uint32_t i = 0; i < node->count; i++)
		order[i] = i;
	sort_keys(node, order, order + node->count, node->count);
	node->sorted = order;
	for (uint32_t i = 1; i < node->count; i++) {
		const struct iov_yaml *first = node->keys[order[i - 1]], *again = node->keys[order[i]];

		if (strcmp(first->text, again->text))
			continue;
		struct iov_diag *d = diag_add(r->sink, DIAG_YAML_DUPLICATE, again->where,
					      "the key '%.80s' is here twice", again->text);
		diag_note(d, IOV_NOTE_PLAIN, first->where, "it was first given here");
		return give_up(r, IOV_DIAGNOSED);
	}
	return true;
}

static const struct iov_yaml *read_key(struct reader *r)
{
	const struct iov_yaml *key;

	if (r->event.type != YAML_SCALAR_EVENT) {
		forbidden(r, span_at(r, r->event.start_mark),
			  r->event.type == YAML_ALIAS_EVENT ? "an alias is" : "a key that is not a plain word is",
			  NULL);
		return NULL;
	}
	key = read_scalar(r);
	if (key && !key->quoted && !strcmp(key->text, "<<")) {
		forbidden(r, key->where, "a merge key is", "write the pairs out");
		return NULL;
	}
	if (key && key->kind == IOV_YAML_NULL) {
		forbidden(r, key->where, "an empty key is", "put it in quotes if it is meant as text");
		return NULL;
	}
	return key;
}

static const struct iov_yaml *read_mapping(struct reader *r, unsigned depth)
{
	struct iov_yaml *node;

	if (!check_properties(r, r->event.data.mapping_start.anchor, r->event.data.mapping_start.tag))
		return NULL;
	node = new_node(r, IOV_YAML_MAPPING);
	while (node && next_event(r) && r->event.type != YAML_MAPPING_END_EVENT) {
		const struct iov_yaml *key = read_key(r), *value = NULL;

		if (key && next_event(r))
			value = read_node(r, depth);
		if (!value || !append(r, &node->keys, node->count, key) || !append(r, &node->items, node->count, value))
			break;
		node->count++;
	}
	if (r->status != IOV_OK || !order_keys(r, node))
		return NULL;
	return node;
}

static const struct iov_yaml *read_node(struct reader *r, unsigned depth)
{
	if (depth >= YML_MAX_DEPTH && r->event.type != YAML_SCALAR_EVENT) {
		diag_add(r->sink, DIAG_YAML_LIMIT, span_at(r, r->event.start_mark), "nested more than %d deep",
			 YML_MAX_DEPTH);
		give_up(r, IOV_DIAGNOSED);
		return NULL;
	}
	switch (r->event.type) {
	case YAML_SCALAR_EVENT: return read_scalar(r);
	case YAML_SEQUENCE_START_EVENT: return read_sequence(r, depth + 1);
	case YAML_MAPPING_START_EVENT: return read_mapping(r, depth + 1);
	default:
		forbidden(r, span_at(r, r->event.start_mark), "an alias is", "write the value out where it is used");
		return NULL;
	}
}

/* stream-start document-start node document-end stream-end */
static const struct iov_yaml *read_document(struct reader *r)
{
	const struct iov_yaml *root;

	if (!next_event(r) || !next_event(r))
		return NULL;
	if (r->event.type != YAML_DOCUMENT_START_EVENT) {
		diag_add(r->sink, DIAG_YAML_SYNTAX, span_at(r, r->event.start_mark), "the file is empty");
		give_up(r, IOV_DIAGNOSED);
		return NULL;
	}
	if (r->event.data.document_start.version_directive ||
	    r->event.data.document_start.tag_directives.start != r->event.data.document_start.tag_directives.end) {
		forbidden(r, span_at(r, r->event.start_mark), "a directive is", "leave it out");
		return NULL;
	}
	if (!next_event(r))
		return NULL;
	root = read_node(r, 0);
	if (!root || !next_event(r) || !next_event(r))
		return NULL;
	if (r->event.type != YAML_STREAM_END_EVENT) {
		forbidden(r, span_at(r, r->event.start_mark), "a second document is", "put it into a file of its own");
		return NULL;
	}
	return root;
}

enum iov_status yml_read(const void *bytes, size_t len, const char *file, struct iov_arena *arena,
			  struct iov_sink *sink, const struct iov_yaml **root)
{
	struct reader r = {.file = file, .bytes = len ? bytes : "", .len = len, .arena = arena, .sink = sink};

	start_line(&r, r.bytes, 1);
	if (!check_bytes(&r))
		return r.status;
	if (!yaml_parser_initialize(&r.parser))
		return IOV_NOMEM;
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)r.bytes, r.len);
	*root = read_document(&r);
	if (r.have_event)
		yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	return r.status;
}

enum iov_status yml_read_file(const char *path, struct iov_arena *arena, struct iov_sink *sink,
			       const struct iov_yaml **root)
{
	struct iov_buf buf = {.alloc = arena->alloc};
	enum iov_status status = input_read(path, YML_MAX_BYTES, &buf, sink);
	const char *file = strcmp(path, "-") ? arena_strdup(arena, path) : "<stdin>";

	if (status == IOV_OK)
		status = file ? yml_read(buf.data, buf.len, file, arena, sink, root) : IOV_NOMEM;
	buf_free(&buf);
	return status;
}
