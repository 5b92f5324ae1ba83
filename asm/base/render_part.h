/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the three renderers share. Internal to render*.c. */
#ifndef IOV_BASE_RENDER_PART_H
#define IOV_BASE_RENDER_PART_H

#include "asm/base/render.h"
#include "asm/base/text.h"

/** One run of diag_render(): settings, output, and the last source file that was opened. */
struct renderer {
	const struct iov_render *how;
	const struct iov_sink *sink;
	struct iov_buf *out;
	struct iov_buf source;   /* contents of source_name */
	const char *source_name; /* a string of the sink; NULL: none yet */
	size_t source_at;        /* where source_line begins */
	uint32_t source_line;
	bool one_line;           /* JSON: no line ends between members */
	uint32_t rule[DIAG_COUNT]; /* SARIF: index of a diagnostic's rule, plus 1 */
};

/** A source line, not NUL-terminated; text NULL when it is not known. */
struct source_line {
	const char *text;
	size_t len;
};

struct source_line render_source(struct renderer *r, const struct iov_span *span);

/** "error", "warning", … */
const char *render_severity(enum iov_severity severity);

void render_text(struct renderer *r);
void render_json(struct renderer *r);
void render_sarif(struct renderer *r);

#endif
