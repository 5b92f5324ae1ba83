/* SPDX-License-Identifier: Apache-2.0 */
/* iovverify: every program of every object, for every platform named. Text: a line a program, diagnostics on standard
 * error. --json: one JSON object a line on standard output for each program and platform. Exit 1 when any is rejected.
 */
#include "asm/base/output.h"
#include "asm/base/text.h"
#include "asm/base/tool.h"
#include "asm/yaml/platform_read.h"
#include "backend/verify/verify.h"
#include "linker/object/object.h"

#include <inttypes.h>
#include <string.h>

struct options {
	struct iov_option_list platforms;
	bool json, verbose;
	uint64_t budget;
};

struct session {
	const struct options *options;
	const struct iov_platform **platforms;
	size_t platform_count;
	struct iov_arena *arena;
	struct iov_sink *sink;
	struct iov_buf out;
	bool rejected;
};

static void json_string(struct iov_buf *out, const char *name, const char *value)
{
	buf_printf(out, "\"%s\":", name);
	text_json(out, value);
	buf_putc(out, ',');
}

static void json_span(struct iov_buf *out, const struct iov_span *s)
{
	json_string(out, "file", s->file);
	buf_printf(out, "\"line\":%u,\"column\":%u,\"insn\":%" PRId64 ",", s->line, s->col, s->insn);
}

static void json_diags(struct iov_buf *out, const struct iov_sink *sink)
{
	static const char *const kinds[] = {"note", "why", "path", "hint"};

	buf_puts(out, "\"diagnostics\":[");
	for (const struct iov_diag *d = sink->first; d; d = d->next) {
		buf_putc(out, '{');
		json_string(out, "code", diag_code(d->id));
		json_span(out, &d->span);
		json_string(out, "message", d->message);
		buf_puts(out, "\"notes\":[");
		for (const struct iov_note *n = d->notes; n; n = n->next) {
			buf_putc(out, '{');
			json_string(out, "kind", kinds[n->kind]);
			json_span(out, &n->span);
			buf_puts(out, "\"text\":");
			text_json(out, n->text);
			buf_puts(out, n->next ? "}," : "}");
		}
		buf_puts(out, d->next ? "]}," : "]}");
	}
	buf_puts(out, "]}\n");
}

/* Names come from the object, and go to a terminal. */
static void put_safe(struct iov_buf *out, const char *s) { text_safe(out, s, strlen(s)); }

static void report(struct session *s, const struct iov_prog *p, const struct iov_platform *platform,
		   const struct iov_facts *f, const struct iov_sink *diags)
{
	const struct iov_prog_type *type = catalogue_prog_type(p->type);
	struct iov_buf *out = &s->out;

	if (!s->options->json) {
		put_safe(out, p->object);
		buf_puts(out, ": ");
		put_safe(out, p->name);
		buf_printf(out, " (%s) on ", type ? type->name : "?");
		put_safe(out, platform->name);
		buf_printf(out, ": %s; %" PRIu64 " instructions followed, %u states, %.2f ms",
			   f->accepted ? "accepted" : "rejected", f->processed, f->states,
			   (double)f->nanoseconds / 1e6);
		if (f->accepted)
			buf_printf(out, "; at most %" PRIu64 " instructions a run, %u bytes of stack", f->worst_insns,
				   f->stack);
		buf_putc(out, '\n');
		return;
	}
	buf_putc(out, '{');
	json_string(out, "object", p->object);
	json_string(out, "program", p->name);
	json_string(out, "section", p->section);
	json_string(out, "type", type ? type->name : NULL);
	json_string(out, "platform", platform->name);
	json_string(out, "verdict", f->accepted ? "accept" : "reject");
	buf_printf(out, "\"processed\":%" PRIu64 ",\"states\":%u,\"peak_states\":%u,\"nanoseconds\":%" PRIu64 ",",
		   f->processed, f->states, f->peak_states, f->nanoseconds);
	if (f->accepted)
		buf_printf(out, "\"worst_insns\":%" PRIu64 ",\"stack\":%u,", f->worst_insns, f->stack);
	json_diags(out, diags);
}

static enum iov_status verify_on(struct session *s, const struct iov_prog *p, const struct iov_platform *platform)
{
	struct iov_buf trace = {0};
	struct iov_verify_options how = {.budget = s->options->budget, .trace = s->options->verbose ? &trace : NULL};
	struct iov_arena arena = {0};
	struct iov_sink own, *sink = s->sink;
	struct iov_facts facts;
	enum iov_status st;

	sink_init(&own, NULL);
	if (s->options->json)
		sink = &own;
	st = verify_prog(p, platform, &how, &arena, sink, &facts);
	s->rejected |= st == IOV_DIAGNOSED;
	if (trace.len)
		buf_put(&s->out, trace.data, trace.len);
	if (st == IOV_OK || st == IOV_DIAGNOSED)
		report(s, p, platform, &facts, sink);
	buf_free(&trace);
	sink_free(&own);
	arena_free(&arena);
	return st == IOV_DIAGNOSED ? IOV_OK : st;
}

static enum iov_status verify_object(struct session *s, const char *path)
{
	struct iov_buf bytes = {0};
	struct iov_object *obj = NULL;
	enum iov_status st = input_read(path, 0, &bytes, s->sink);

	if (!st)
		st = object_read(bytes.data, bytes.len, path, s->arena, s->sink, &obj);
	for (uint32_t i = 0; !st && i < obj->prog_count; i++) {
		struct iov_prog *p;

		st = object_prog(obj, i, NULL, s->arena, s->sink, &p);
		for (size_t k = 0; !st && k < s->platform_count; k++)
			st = verify_on(s, p, s->platforms[k]);
	}
	if (obj)
		object_close(obj);
	buf_free(&bytes);
	return st;
}

/* The platforms that are named, shipped ones or files; none named: the first that is shipped. */
static enum iov_status open_platforms(struct session *s)
{
	const struct iov_option_list *named = &s->options->platforms;
	enum iov_status st = IOV_OK;

	s->platforms = arena_array(s->arena, named->count + 1, sizeof(*s->platforms));
	if (!s->platforms)
		return IOV_NOMEM;
	if (!named->count)
		s->platforms[s->platform_count++] = platform_shipped_at(0);
	for (size_t i = 0; !st && i < named->count; i++)
		st = platform_open(named->items[i], s->arena, s->sink, &s->platforms[s->platform_count++]);
	return st;
}

static enum iov_status run(void *options, const struct iov_option_list *operands, struct iov_arena *arena,
			   struct iov_sink *sink)
{
	struct session s = {.options = options, .arena = arena, .sink = sink};
	enum iov_status st = open_platforms(&s), one;

	if (!st && !operands->count) {
		diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "no object is named");
		return IOV_USAGE;
	}
	for (size_t i = 0; !st && i < operands->count; i++) {
		one = verify_object(&s, operands->items[i]);
		if (one == IOV_DIAGNOSED)
			s.rejected = true;
		else
			st = one;
	}
	if (s.out.len && output_write("-", s.out.data, s.out.len, sink) && !st)
		st = IOV_DIAGNOSED;
	buf_free(&s.out);
	return st ? st : s.rejected ? IOV_DIAGNOSED : IOV_OK;
}

#define AT(field) offsetof(struct options, field)

static const struct iov_option table[] = {
	{0, "platform", IOV_OPT_LIST, AT(platforms), "NAME",
	 "verify for this platform, a shipped one or a .yaml file; may be repeated (default: iovrun)", NULL},
	{0, "json", IOV_OPT_FLAG, AT(json), NULL, "print one JSON object a line for each program", NULL},
	{'v', "verbose", IOV_OPT_FLAG, AT(verbose), NULL, "show the state at every instruction that is followed", NULL},
	{0, "budget", IOV_OPT_UINT, AT(budget), "N", "follow at most N instructions (the platform's limit)", NULL},
	{0, NULL, IOV_OPT_FLAG, 0, NULL, NULL, NULL},
};

int main(int argc, char **argv)
{
	static const struct iov_tool tool = {
		.spec = {"iovverify", "verify eBPF objects and explain what is wrong", "OBJECT...", table, NULL},
		.options_size = sizeof(struct options),
		.run = run,
	};

	return tool_main(&tool, argc, argv);
}
