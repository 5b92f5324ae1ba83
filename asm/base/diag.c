/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/base/diag.h"

#include <string.h>
#include <strings.h>

static const struct {
	const char *code, *title, *explanation;
	enum iov_severity severity;
} catalogue[DIAG_COUNT] = {
#define DIAG(name, id, sev, brief, text) [DIAG_##name] = {id, brief, text, sev},
#include "asm/base/diag.def"
#undef DIAG
};

void sink_init(struct iov_sink *sink, const struct iov_alloc *alloc)
{
	*sink = (struct iov_sink){0};
	arena_init(&sink->arena, alloc);
	sink->tail = &sink->first;
}

void sink_free(struct iov_sink *sink)
{
	const struct iov_alloc *alloc = sink->arena.alloc;

	arena_free(&sink->arena);
	sink_init(sink, alloc);
}

/* A copy of the span whose strings the sink owns; false when memory ran out. */
static bool own_span(struct iov_sink *sink, struct iov_span *span)
{
	const char **strings[] = {&span->file, &span->text, &span->program};

	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++) {
		const char *s = *strings[i];

		if (s && !(*strings[i] = arena_strdup(&sink->arena, s)))
			return false;
	}
	return true;
}

struct iov_diag *diag_add(struct iov_sink *sink, enum iov_diag_id id, struct iov_span span, const char *fmt, ...)
{
	struct iov_diag *d = ARENA_NEW(&sink->arena, struct iov_diag);
	enum iov_severity severity = catalogue[id].severity;
	char *message;
	va_list ap;

	if (severity == IOV_WARNING && sink->werror)
		severity = IOV_ERROR;
	if (severity >= IOV_ERROR)
		sink->errors++;
	else if (severity == IOV_WARNING)
		sink->warnings++;
	va_start(ap, fmt);
	message = arena_vprintf(&sink->arena, fmt, ap);
	va_end(ap);
	if (!d || !message || !own_span(sink, &span)) {
		sink->oom = true;
		sink->scratch = (struct iov_diag){.id = id, .severity = severity, .span = IOV_NOWHERE, .message = ""};
		return &sink->scratch; /* its sink stays NULL: notes on it go nowhere */
	}
	*d = (struct iov_diag){.id = id, .severity = severity, .span = span, .message = message, .sink = sink};
	d->notes_tail = &d->notes;
	*sink->tail = d;
	sink->tail = &d->next;
	return d;
}

void diag_note(struct iov_diag *d, enum iov_note_kind kind, struct iov_span span, const char *fmt, ...)
{
	struct iov_note *note;
	char *text;
	va_list ap;

	if (!d->sink)
		return;
	note = ARENA_NEW(&d->sink->arena, struct iov_note);
	va_start(ap, fmt);
	text = arena_vprintf(&d->sink->arena, fmt, ap);
	va_end(ap);
	if (!note || !text || !own_span(d->sink, &span)) {
		d->sink->oom = true;
		return;
	}
	*note = (struct iov_note){.kind = kind, .span = span, .text = text};
	*d->notes_tail = note;
	d->notes_tail = &note->next;
}

void diag_grade(struct iov_sink *sink, struct iov_diag *d, enum iov_severity severity)
{
	if (d == &sink->scratch || d->severity == severity)
		return;
	if (d->severity >= IOV_ERROR)
		sink->errors--;
	else if (d->severity == IOV_WARNING)
		sink->warnings--;
	d->severity = severity;
	if (severity >= IOV_ERROR)
		sink->errors++;
	else if (severity == IOV_WARNING)
		sink->warnings++;
}

struct iov_diag *diag_copy(struct iov_sink *sink, const struct iov_diag *from, enum iov_severity severity)
{
	struct iov_diag *d = diag_add(sink, from->id, from->span, "%s", from->message);

	diag_grade(sink, d, severity);
	for (const struct iov_note *n = from->notes; n; n = n->next)
		diag_note(d, n->kind, n->span, "%s", n->text);
	return d;
}

static bool same(const struct iov_diag *a, const struct iov_diag *b)
{
	return a->id == b->id && a->span.line == b->span.line && a->span.insn == b->span.insn &&
	       !strcmp(a->span.file ? a->span.file : "", b->span.file ? b->span.file : "") &&
	       !strcmp(a->message, b->message);
}

struct iov_diag *diag_said(const struct iov_sink *sink, const struct iov_diag *d)
{
	struct iov_diag *s = sink->first;

	while (s && !same(s, d))
		s = s->next;
	return s;
}

struct iov_diag *diag_alike(const struct iov_sink *sink, const struct iov_diag *d)
{
	struct iov_diag *s = sink->first;

	while (s && (s->id != d->id || strcmp(s->message, d->message) != 0))
		s = s->next;
	return s;
}

/* Whether `name` is one of what stands behind `begin`, with ", " between. */
static bool lists(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = strstr(text, name); at; at = strstr(at + 1, name))
		if (at[-1] == ' ' && (!at[len] || at[len] == ','))
			return true;
	return false;
}

/* Longer lists end in "…": nobody reads them, and they would grow with the square of their number. */
enum { LIST_MOST = 300 };

static void add_to_list(struct iov_diag *d, const char *begin, const char *name)
{
	static const char more[] = ", …";
	struct iov_note *n = d->notes;
	const char *text;
	size_t len;

	while (n && (n->kind != IOV_NOTE_WHY || strncmp(n->text, begin, strlen(begin)) != 0))
		n = n->next;
	if (!n) {
		diag_note(d, IOV_NOTE_WHY, IOV_NOWHERE, "%s%s", begin, name);
		return;
	}
	len = strlen(n->text);
	if (lists(n->text + strlen(begin), name) || !strcmp(n->text + len - strlen(more), more))
		return;
	text = len < LIST_MOST ? arena_printf(&d->sink->arena, "%s, %s", n->text, name)
			       : arena_printf(&d->sink->arena, "%s%s", n->text, more);
	if (text)
		n->text = text;
	else
		d->sink->oom = true;
}

void diag_platform(struct iov_diag *d, const char *platform)
{
	add_to_list(d, "on platform ", platform);
}

void diag_also(struct iov_diag *d, const char *program)
{
	if (d->span.program && strcmp(d->span.program, program) != 0)
		add_to_list(d, "also in ", program);
}

const char *diag_code(enum iov_diag_id id) { return catalogue[id].code; }
const char *diag_title(enum iov_diag_id id) { return catalogue[id].title; }
const char *diag_explanation(enum iov_diag_id id) { return catalogue[id].explanation; }
enum iov_severity diag_severity(enum iov_diag_id id) { return catalogue[id].severity; }

enum iov_diag_id diag_by_code(const char *code)
{
	int id = 0;

	while (id < DIAG_COUNT && strcasecmp(catalogue[id].code, code))
		id++;
	return (enum iov_diag_id)id;
}
