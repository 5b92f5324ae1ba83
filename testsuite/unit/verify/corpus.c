/* SPDX-License-Identifier: Apache-2.0 */
/* See corpus.h. */
#include "testsuite/unit/verify/corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILE = 1 << 20, MAX_BODY = 1 << 15, MAX_EACH = 6 };

struct reader {
	struct iov_arena *arena;
	const char *file, *error;
	void (*each)(void *ud, const struct corpus_case *c);
	void *ud;
};

static void fail(struct reader *r, const char *name, const char *why)
{
	if (!r->error)
		r->error = arena_printf(r->arena, "%s: %s: %s", r->file, name, why);
}

/* The body of one of the two programs: lines of the other left out, marks kept. */
static char *version(struct reader *r, const char *body, char leave_out)
{
	char *out = arena_alloc(r->arena, strlen(body) + 2), *o = out;

	for (const char *p = body; *p;) {
		size_t n = strcspn(p, "\n"), skip = *p == '-' || *p == '+';

		if (*p != leave_out) {
			memcpy(o, p + skip, n - skip);
			o += n - skip;
			*o++ = '\n';
		}
		p += n + (p[n] == '\n');
	}
	*o = 0;
	return out;
}

static bool twinned(const char *body)
{
	return *body == '-' || *body == '+' || strstr(body, "\n-") || strstr(body, "\n+");
}

static const struct iov_prog *assemble(struct reader *r, const char *name, const char *body, int64_t *mark)
{
	const char *error;
	const struct iov_prog *prog = test_assemble_marked(r->arena, body, &error, mark);

	if (!prog)
		fail(r, name, error);
	return prog;
}

static bool header(struct corpus_case *c, const char *text)
{
	char verdict[16] = "";
	const char *p;

	*c = (struct corpus_case){.at = -1};
	if (sscanf(text, "%95[^:]: %15s %15s", c->name, verdict, c->code) < 2)
		return false;
	c->accept = !strcmp(verdict, "accept");
	if ((p = strstr(text, " @ ")))
		c->at = strtoll(p + 3, NULL, 10);
	if ((p = strstr(text, " linux "))) {
		c->linux_differs = true;
		snprintf(c->why, sizeof(c->why), "%s", p + 7);
	}
	return c->accept || !strcmp(verdict, "reject");
}

static void one(struct reader *r, const char *head, const char *body)
{
	struct corpus_case c, twin;
	int64_t mark = -1, none;
	bool pair = twinned(body);

	if (!header(&c, head)) {
		fail(r, head, "bad header");
		return;
	}
	c.file = r->file;
	c.prog = assemble(r, c.name, pair ? version(r, body, '+') : body, &mark);
	if (mark >= 0)
		c.at = mark;
	if (pair)
		c.twin = assemble(r, c.name, version(r, body, '-'), &none);
	if (r->error)
		return;
	r->each(r->ud, &c);
	if (!pair)
		return;
	twin = c;
	snprintf(twin.name, sizeof(twin.name), "%.80s/mended", c.name);
	twin.accept = true;
	twin.prog = c.twin;
	twin.twin = NULL;
	r->each(r->ud, &twin);
}

/* Replace $KEY by the value, in the header as in the body. */
static char *substitute(struct reader *r, const char *text, const char *key, size_t key_size, const char *value,
			size_t size)
{
	char *out = arena_alloc(r->arena, MAX_BODY), *o = out;

	while (*text && o - out < MAX_BODY - 300)
		if (*text == '$' && !strncmp(text + 1, key, key_size)) {
			memcpy(o, value, size);
			o += size;
			text += 1 + key_size;
		} else {
			*o++ = *text++;
		}
	*o = 0;
	return out;
}

static void expand(struct reader *r, const char *head, const char *body)
{
	const char *line = strncmp(body, ".each ", 6) ? strstr(body, "\n.each ") : body;
	char keys[64];
	int used = 0;
	const char *p, *end;

	if (!line) {
		one(r, head, body);
		return;
	}
	line += *line == '\n';
	end = line + strcspn(line, "\n");
	if (sscanf(line, ".each %63s%n", keys, &used) != 1) {
		fail(r, head, "bad .each");
		return;
	}
	for (p = line + used; p < end && !r->error;) {
		char *h = arena_strdup(r->arena, head), *b = arena_alloc(r->arena, strlen(body) + 1);
		size_t n;

		p += strspn(p, " ");
		n = strcspn(p, " \n");
		if (!n)
			break;
		sprintf(b, "%.*s%s", (int)(line - body), body, *end ? end + 1 : end);
		for (const char *k = keys, *v = p; *k; k += strcspn(k, ","), k += *k == ',') {
			size_t ks = strcspn(k, ","), vs = strcspn(v, ", \n");

			h = substitute(r, h, k, ks, v, vs);
			b = substitute(r, b, k, ks, v, vs);
			v += vs + (v[vs] == ',');
		}
		expand(r, h, b);
		p += n;
	}
}

static char *slurp(struct reader *r)
{
	FILE *f = fopen(r->file, "r");
	char *text = arena_alloc(r->arena, MAX_FILE);
	size_t n = 0;

	if (f && text) {
		n = fread(text, 1, MAX_FILE - 1, f);
		text[n] = 0;
	}
	if (f)
		fclose(f);
	if (!n)
		fail(r, "", "cannot be read");
	return n ? text : NULL;
}

bool corpus_read(struct iov_arena *arena, const char *path, void (*each)(void *ud, const struct corpus_case *c),
		 void *ud, const char **error)
{
	struct reader r = {.arena = arena, .file = path, .each = each, .ud = ud};
	char *text = slurp(&r);

	for (char *p = text ? strstr(text, "=== ") : NULL; p && !r.error;) {
		char *head = p + 4, *body = strchr(head, '\n'), *next;

		if (!body)
			break;
		*body++ = 0;
		next = !strncmp(body, "=== ", 4) ? body : strstr(body, "\n=== ");
		if (next && *next == '\n')
			*next++ = 0;
		else if (next)
			body = head + strlen(head);
		expand(&r, head, body);
		p = next;
	}
	*error = r.error;
	return !r.error;
}
