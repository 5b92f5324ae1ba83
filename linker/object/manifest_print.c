/* SPDX-License-Identifier: Apache-2.0 */
/* Records as text and JSON: iovdump --manifest and --cost, iovverify --cost. */
#include "linker/object/manifest_part.h"

#include "asm/base/text.h"
#include "asm/isa/catalogue.h"

#include <inttypes.h>
#include <string.h>

static void put_safe(struct iov_buf *out, const char *s)
{
	text_safe(out, s, strlen(s));
}

static void put_hex(struct iov_buf *out, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf_printf(out, "%02x", bytes[i]);
}

static void put_calls(const struct iov_record_facts *f, struct iov_buf *out)
{
	for (uint32_t i = 0; i < f->call_count; i++) {
		const struct iov_record_call *c = &f->calls[i];

		buf_puts(out, i ? "\n                " : "  calls         ");
		if (c->id)
			buf_puts(out, "bpf_");
		put_safe(out, c->name);
		if (c->most == UINT64_MAX)
			buf_puts(out, ": no bound in numbers");
		else
			buf_printf(out, ": at most %" PRIu64, c->most);
	}
	buf_puts(out, f->call_count ? "\n" : "  calls         none\n");
}

void manifest_print_cost(const struct iov_record_facts *f, struct iov_buf *out)
{
	buf_puts(out, "  instructions  ");
	if (f->worst_insns == UINT64_MAX)
		buf_puts(out, "no bound in numbers for one run\n");
	else
		buf_printf(out, "at most %" PRIu64 " executed in one run\n", f->worst_insns);
	put_calls(f, out);
	buf_printf(out, "  stack         %u byte%s over %u frame%s\n", f->stack, f->stack == 1 ? "" : "s", f->frames,
		   f->frames == 1 ? "" : "s");
	if (!f->map_count) {
		buf_puts(out, "  maps          none\n");
		return;
	}
	buf_printf(out, "  maps          %" PRIu64 " bytes of keys and values when full", f->map_bytes);
	for (uint32_t i = 0; i < f->map_count; i++) {
		buf_puts(out, i ? ", " : ": ");
		put_safe(out, f->maps[i].name);
	}
	buf_putc(out, '\n');
}

static void put_key(struct iov_buf *out, const char *key, bool first)
{
	buf_printf(out, "%s\"%s\": ", first ? "" : ", ", key);
}

void manifest_json_cost(const struct iov_record_facts *f, struct iov_buf *out)
{
	buf_puts(out, "{\"instructions\": ");
	if (f->worst_insns == UINT64_MAX)
		buf_puts(out, "null");
	else
		buf_printf(out, "%" PRIu64, f->worst_insns);
	buf_puts(out, ", \"calls\": {");
	for (uint32_t i = 0; i < f->call_count; i++) {
		buf_puts(out, i ? ", " : "");
		text_json(out, f->calls[i].name);
		if (f->calls[i].most == UINT64_MAX)
			buf_puts(out, ": null");
		else
			buf_printf(out, ": %" PRIu64, f->calls[i].most);
	}
	buf_printf(out, "}, \"stack\": %u, \"frames\": %u, \"map_memory\": %" PRIu64 "}", f->stack, f->frames,
		   f->map_bytes);
}

/* Enough of a digest to tell targets apart: `iovdump --manifest --json` has all of it. */
static void put_target(const struct iov_record_evidence *e, struct iov_buf *out)
{
	buf_puts(out, " with the types of target ");
	for (int i = 0; i < 6; i++)
		buf_printf(out, "%02x", e->target[i]);
}

static void print_evidence(const struct iov_manifest *m, const struct iov_record_facts *f, struct iov_buf *out)
{
	for (uint32_t i = 0; i < m->evidence_count; i++) {
		const struct iov_record_evidence *e = &m->evidence[i];

		if (strcmp(e->program, f->program) || memcmp(e->code, f->code, sizeof(e->code)))
			continue;
		buf_puts(out, "  accepted      for ");
		put_safe(out, e->platform);
		if (e->has_target)
			put_target(e, out);
		buf_puts(out, " by ");
		put_safe(out, e->verifier);
		buf_printf(out, ": %" PRIu64 " instructions followed, %u states\n", e->processed, e->states);
	}
}

/* Text that people wrote, line by line. */
static void print_lines(const char *text, size_t len, struct iov_buf *out)
{
	for (size_t at = 0, next; at < len; at = next + 1) {
		const char *end = memchr(text + at, '\n', len - at);

		next = end ? (size_t)(end - text) : len;
		buf_puts(out, next > at ? "  " : "");
		text_safe(out, text + at, next - at);
		buf_putc(out, '\n');
	}
}

void manifest_print(const struct iov_manifest *m, struct iov_buf *out)
{
	buf_printf(out, "manifest: %u record%s%s\n", m->record_count, m->record_count == 1 ? "" : "s",
		   m->damaged ? ", and some that cannot be read" : "");
	for (uint32_t i = 0; i < m->fact_count; i++) {
		const struct iov_record_facts *f = &m->facts[i];
		const struct iov_prog_type *type = catalogue_prog_type(f->type);

		put_safe(out, f->program);
		buf_printf(out, " (%s)", type ? type->name : "?");
		if (!f->current) {
			buf_puts(out, ": the code is not what it was any more, so this counts as absent\n");
			continue;
		}
		buf_printf(out, ": %u slots, instruction set v%u\n", f->slots, f->isa);
		manifest_print_cost(f, out);
		print_evidence(m, f, out);
		buf_puts(out, "  code          sha256 ");
		put_hex(out, f->code, sizeof(f->code));
		buf_putc(out, '\n');
		for (uint32_t k = 0; k < f->map_count; k++) {
			buf_puts(out, k ? "                " : "  layouts       ");
			put_safe(out, f->maps[k].name);
			buf_puts(out, " sha256 ");
			put_hex(out, f->maps[k].layout, sizeof(f->maps[k].layout));
			buf_putc(out, '\n');
		}
	}
	for (uint32_t i = 0; i < m->record_count; i++)
		if (m->records[i].kind == IOV_RECORD_SOURCE) {
			buf_puts(out, "source:\n");
			print_lines((const char *)m->records[i].data, m->records[i].len, out);
		}
}

static void json_digest(struct iov_buf *out, const char *key, const uint8_t digest[IOV_SHA256_BYTES])
{
	put_key(out, key, false);
	buf_putc(out, '"');
	put_hex(out, digest, IOV_SHA256_BYTES);
	buf_putc(out, '"');
}

static void json_facts(const struct iov_record_facts *f, struct iov_buf *out)
{
	buf_puts(out, "{\"program\": ");
	text_json(out, f->program);
	put_key(out, "section", false);
	text_json(out, f->section);
	buf_printf(out, ", \"type_id\": %u, \"attach_type_id\": %u, \"current\": %s, \"isa\": %u, \"slots\": %u",
		   f->type, f->attach_type, f->current ? "true" : "false", f->isa, f->slots);
	put_key(out, "worst_case", false);
	manifest_json_cost(f, out);
	json_digest(out, "code", f->code);
	put_key(out, "maps", false);
	buf_putc(out, '[');
	for (uint32_t i = 0; i < f->map_count; i++) {
		buf_puts(out, i ? ", {\"name\": " : "{\"name\": ");
		text_json(out, f->maps[i].name);
		json_digest(out, "layout", f->maps[i].layout);
		buf_putc(out, '}');
	}
	buf_puts(out, "]}");
}

static void json_evidence(const struct iov_record_evidence *e, struct iov_buf *out)
{
	buf_puts(out, "{\"program\": ");
	text_json(out, e->program);
	put_key(out, "platform", false);
	text_json(out, e->platform);
	put_key(out, "verifier", false);
	text_json(out, e->verifier);
	buf_printf(out, ", \"current\": %s, \"processed\": %" PRIu64 ", \"states\": %u", e->current ? "true" : "false",
		   e->processed, e->states);
	json_digest(out, "rules", e->rules);
	if (e->has_target)
		json_digest(out, "target", e->target);
	json_digest(out, "code", e->code);
	buf_putc(out, '}');
}

void manifest_json(const struct iov_manifest *m, struct iov_buf *out)
{
	buf_printf(out, "{\"records\": %u, \"damaged\": %u, \"facts\": [", m->record_count, m->damaged);
	for (uint32_t i = 0; i < m->fact_count; i++) {
		buf_puts(out, i ? ", " : "");
		json_facts(&m->facts[i], out);
	}
	buf_puts(out, "], \"evidence\": [");
	for (uint32_t i = 0; i < m->evidence_count; i++) {
		buf_puts(out, i ? ", " : "");
		json_evidence(&m->evidence[i], out);
	}
	buf_puts(out, "]}");
}
