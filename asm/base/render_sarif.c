/* SPDX-License-Identifier: Apache-2.0 */
/* SARIF 2.1.0 (OASIS, 27 March 2020). Rules are the catalogue rows that occur in this run; why and plain notes become
 * relatedLocations, the path becomes a codeFlow (section 3.36), hints end the message. Columns count code points
 * (section 3.30.6), so they are converted from bytes with the source line at hand. */
#include "asm/base/render_part.h"

#include <string.h>

static const char *level(enum iov_severity severity)
{
	return severity >= IOV_ERROR ? "error" : severity == IOV_WARNING ? "warning" : "note";
}

static void text_object(const struct renderer *r, const char *name, const char *text)
{
	buf_printf(r->out, "\"%s\": {\"text\": ", name);
	text_json(r->out, text);
	buf_putc(r->out, '}');
}

/* Code points in the first `bytes` bytes of the line, one for each byte beyond it. */
static uint32_t code_points(struct source_line line, size_t bytes)
{
	uint32_t count = 0;
	size_t i = 0;

	while (i < line.len && i < bytes) {
		i += text_char(line.text + i, line.len - i).len;
		count++;
	}
	return count + (uint32_t)(i < bytes ? bytes - i : 0);
}

static void put_region(struct renderer *r, const struct iov_span *span)
{
	struct source_line line = render_source(r, span);
	uint32_t start, end;

	buf_printf(r->out, ", \"region\": {\"startLine\": %u", span->line);
	if (span->col) {
		start = code_points(line, span->col - 1) + 1;
		end = code_points(line, (size_t)span->col - 1 + span->len) + 1;
		buf_printf(r->out, ", \"startColumn\": %u", start);
		if (end > start)
			buf_printf(r->out, ", \"endColumn\": %u", end);
	}
	if (line.text) {
		struct iov_buf copy = {.alloc = r->out->alloc};
		const char *text;

		buf_put(&copy, line.text, strnlen(line.text, line.len));
		text = buf_cstr(&copy);
		r->out->failed |= copy.failed;
		buf_puts(r->out, ", \"snippet\": {\"text\": ");
		text_json(r->out, text);
		buf_putc(r->out, '}');
		buf_free(&copy);
	}
	buf_putc(r->out, '}');
}

/* A location object; `text` is its message, or NULL. Its braces are always written: a location may be empty. */
static void put_location(struct renderer *r, const struct iov_span *span, const char *text)
{
	const char *comma = "";

	buf_putc(r->out, '{');
	if (span->file) {
		buf_puts(r->out, "\"physicalLocation\": {\"artifactLocation\": {\"uri\": \"");
		text_uri(r->out, span->file);
		buf_puts(r->out, "\"}");
		if (span->line)
			put_region(r, span);
		buf_putc(r->out, '}');
		comma = ", ";
	}
	if (span->program || span->insn >= 0) {
		buf_printf(r->out, "%s\"logicalLocations\": [{\"kind\": \"function\", \"name\": ", comma);
		text_json(r->out, span->program ? span->program : "program");
		buf_puts(r->out, "}]");
		comma = ", ";
		if (span->insn >= 0)
			buf_printf(r->out, ", \"properties\": {\"instruction\": %lld}", (long long)span->insn);
	}
	if (text) {
		buf_puts(r->out, comma);
		text_object(r, "message", text);
	}
	buf_putc(r->out, '}');
}

static void put_message(const struct renderer *r, const struct iov_diag *d)
{
	struct iov_buf text = {.alloc = r->out->alloc};

	buf_puts(&text, d->message);
	for (const struct iov_note *n = d->notes; n; n = n->next) {
		if (n->kind == IOV_NOTE_WHY)
			buf_printf(&text, "\nwhy: %s", n->text);
	}
	for (const struct iov_note *n = d->notes; n; n = n->next) {
		if (n->kind == IOV_NOTE_HINT)
			buf_printf(&text, "\nhint: %s", n->text);
	}
	text_object(r, "message", buf_cstr(&text));
	r->out->failed |= text.failed;
	buf_free(&text);
}

static bool is_related(const struct iov_note *n)
{
	return (n->kind == IOV_NOTE_PLAIN || n->kind == IOV_NOTE_WHY) && (n->span.file || n->span.insn >= 0);
}

static void put_related(struct renderer *r, const struct iov_diag *d)
{
	bool any = false;

	for (const struct iov_note *n = d->notes; n; n = n->next) {
		if (!is_related(n))
			continue;
		buf_puts(r->out, any ? ", " : ",\n          \"relatedLocations\": [");
		put_location(r, &n->span, n->text);
		any = true;
	}
	buf_puts(r->out, any ? "]" : "");
}

/* The steps of the path in order, and the place of the error as the last one. */
static void put_code_flow(struct renderer *r, const struct iov_diag *d)
{
	bool any = false;

	for (const struct iov_note *n = d->notes; n; n = n->next) {
		if (n->kind != IOV_NOTE_PATH)
			continue;
		buf_puts(r->out,
			 any ? ",\n            "
			     : ",\n          \"codeFlows\": [{\"threadFlows\": [{\"locations\": [\n            ");
		buf_puts(r->out, "{\"location\": ");
		put_location(r, &n->span, n->text);
		buf_putc(r->out, '}');
		any = true;
	}
	if (!any)
		return;
	buf_puts(r->out, ",\n            {\"location\": ");
	put_location(r, &d->span, d->message);
	buf_puts(r->out, "}]}]}]");
}

/* Numbers the rules in order of first use; 0 means not used, else index + 1. */
static void number_rules(struct renderer *r)
{
	uint32_t count = 0;

	for (const struct iov_diag *d = r->sink->first; d; d = d->next) {
		if (!r->rule[d->id])
			r->rule[d->id] = ++count;
	}
}

static void put_rule(const struct renderer *r, enum iov_diag_id id)
{
	buf_printf(r->out, "%s\n          {\"id\": \"%s\", ", r->rule[id] == 1 ? "" : ",", diag_code(id));
	text_object(r, "shortDescription", diag_title(id));
	buf_puts(r->out, ",\n           ");
	text_object(r, "fullDescription", diag_explanation(id));
	buf_printf(r->out, ",\n           \"defaultConfiguration\": {\"level\": \"%s\"}}", level(diag_severity(id)));
}

static void put_rules(const struct renderer *r)
{
	uint32_t next = 1;

	for (const struct iov_diag *d = r->sink->first; d; d = d->next) {
		if (r->rule[d->id] == next) {
			put_rule(r, d->id);
			next++;
		}
	}
}

static void put_result(struct renderer *r, const struct iov_diag *d)
{
	buf_printf(r->out, "%s\n        {\"ruleId\": \"%s\", \"ruleIndex\": %u, \"level\": \"%s\",\n          ",
		   d == r->sink->first ? "" : ",", diag_code(d->id), r->rule[d->id] - 1, level(d->severity));
	put_message(r, d);
	buf_puts(r->out, ",\n          \"locations\": [");
	if (d->span.file || d->span.insn >= 0)
		put_location(r, &d->span, NULL);
	buf_putc(r->out, ']');
	put_related(r, d);
	put_code_flow(r, d);
	buf_putc(r->out, '}');
}

void render_sarif(struct renderer *r)
{
	number_rules(r);
	buf_puts(r->out,
		 "{\n  \"$schema\": "
		 "\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\",\n"
		 "  \"version\": \"2.1.0\",\n  \"runs\": [\n    {\n      \"tool\": {\"driver\": {\"name\": ");
	text_json(r->out, r->how->tool);
	buf_puts(r->out, ", \"version\": ");
	text_json(r->out, r->how->version);
	buf_puts(r->out, ", \"rules\": [");
	put_rules(r);
	buf_puts(r->out, "]}},\n      \"columnKind\": \"unicodeCodePoints\",\n      \"results\": [");
	for (const struct iov_diag *d = r->sink->first; d; d = d->next)
		put_result(r, d);
	buf_printf(r->out, "],\n      \"invocations\": [{\"executionSuccessful\": %s}]\n    }\n  ]\n}\n",
		   r->sink->errors || r->sink->oom ? "false" : "true");
}
