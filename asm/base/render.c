/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/base/render_part.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SOURCE_LIMIT = 64 << 20, LINE_LIMIT = 1 << 16 };

/* Contents of a regular file into `into`, empty when it cannot be had. Opening never blocks, a FIFO or a device that
 * an object names as its source is not read. */
static void load_source(const char *file, struct iov_buf *into)
{
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	ssize_t n = 0;
	uint8_t *p;

	into->len = 0;
	if (fd < 0)
		return;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size > 0 && st.st_size <= SOURCE_LIMIT) {
		p = buf_grow(into, (size_t)st.st_size);
		n = p ? read(fd, p, (size_t)st.st_size) : 0;
		into->len = n > 0 ? (size_t)n : 0;
	}
	close(fd);
}

static struct source_line line_of(const char *text, size_t len)
{
	const char *end = memchr(text, '\n', len);

	if (end)
		len = (size_t)(end - text);
	if (len && text[len - 1] == '\r')
		len--;
	return (struct source_line){text, len < LINE_LIMIT ? len : LINE_LIMIT};
}

/* Line `line` of the file held in r->source, searching on from the last one asked for when that lies before it. */
static struct source_line find_line(struct renderer *r, uint32_t line)
{
	const char *text = (const char *)r->source.data;

	if (line < r->source_line || !r->source_line) {
		r->source_at = 0;
		r->source_line = 1;
	}
	while (r->source_line < line && r->source_at < r->source.len) {
		const char *end = memchr(text + r->source_at, '\n', r->source.len - r->source_at);

		r->source_at = end ? (size_t)(end - text) + 1 : r->source.len;
		r->source_line++;
	}
	if (r->source_line != line || r->source_at >= r->source.len)
		return (struct source_line){0};
	return line_of(text + r->source_at, r->source.len - r->source_at);
}

struct source_line render_source(struct renderer *r, const struct iov_span *span)
{
	if (span->text)
		return line_of(span->text, strlen(span->text));
	if (!span->file || !span->line)
		return (struct source_line){0};
	if (r->how->source_line) {
		const char *text = r->how->source_line(r->how->ud, span->file, span->line);

		return text ? line_of(text, strlen(text)) : (struct source_line){0};
	}
	if (!r->source_name || strcmp(r->source_name, span->file)) {
		load_source(span->file, &r->source);
		r->source_name = span->file;
		r->source_line = 0;
	}
	return find_line(r, span->line);
}

const char *render_severity(enum iov_severity severity)
{
	static const char *const names[] = {
		[IOV_NOTE] = "note", [IOV_WARNING] = "warning", [IOV_ERROR] = "error", [IOV_FATAL] = "fatal error"};

	return names[severity];
}

void diag_render(const struct iov_sink *sink, const struct iov_render *how, struct iov_buf *out)
{
	static void (*const renderers[])(struct renderer *) = {
		[IOV_DIAG_TEXT] = render_text, [IOV_DIAG_JSON] = render_json, [IOV_DIAG_SARIF] = render_sarif};
	struct renderer r = {.how = how, .sink = sink, .out = out};

	buf_init(&r.source, out->alloc);
	renderers[how->format](&r);
	out->failed |= r.source.failed;
	buf_free(&r.source);
}

bool render_wants_colour(int fd)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return (!no || !*no) && isatty(fd) && term && strcmp(term, "dumb");
}
