/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: turning a sink into text with carets and colour, JSON, or SARIF 2.1.0. The only code that prints diagnostics.
 *
 * Messages, file names and source lines may come from hostile objects: nothing in them reaches a terminal as a control
 * sequence, and JSON is valid UTF-8 always. A source line that a span carries is shown as it is; else the file is
 * opened, if it is a regular file of at most 64 MiB. */
#ifndef IOV_BASE_RENDER_H
#define IOV_BASE_RENDER_H

#include "asm/base/buf.h"
#include "asm/base/diag.h"

enum iov_diag_format { IOV_DIAG_TEXT, IOV_DIAG_JSON, IOV_DIAG_SARIF };

struct iov_render {
	enum iov_diag_format format;
	bool colour;       /**< text only */
	const char *tool;  /**< "iovcc" */
	const char *version;
	bool skip_told;    /**< text only: leave out what the tool's own output carries */
	/** Returns line `line` of `file` for the caret display (ended by NUL or a line end), or NULL. May be NULL: then
	 * files are read from disk. */
	const char *(*source_line)(void *ud, const char *file, uint32_t line);
	void *ud;
};

/** Render every diagnostic of the sink into `out`, in the order they were added. Text: nothing for an empty sink; JSON
 * and SARIF: always one document. When memory runs out, out->failed says so. */
void diag_render(const struct iov_sink *sink, const struct iov_render *how, struct iov_buf *out);

/** The sink's diagnostics as one line of JSON, "[{...}, ...]", with the members of the JSON format above. */
void diag_render_list(const struct iov_sink *sink, struct iov_buf *out);

/** True when `fd` is a terminal, NO_COLOR is unset or empty and TERM is not "dumb". */
bool render_wants_colour(int fd);

#endif
