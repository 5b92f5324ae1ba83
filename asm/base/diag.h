/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: diagnostics as data. Libraries add to a sink; they never print and never exit. One renderer (render.h) turns a
 * sink into text, JSON or SARIF. Ids, severities, titles and long explanations are declared once, in diag.def.
 *
 * A sink copies every string it is given into its own arena. When memory runs out it drops the diagnostic, sets `oom`
 * and still counts the error; diag_add() then returns a scratch record, so callers never test for NULL. */
#ifndef IOV_BASE_DIAG_H
#define IOV_BASE_DIAG_H

#include "asm/base/arena.h"

enum iov_severity { IOV_NOTE, IOV_WARNING, IOV_ERROR, IOV_FATAL };

enum iov_diag_id {
#define DIAG(name, id, severity, title, explanation) DIAG_##name,
#include "asm/base/diag.def"
#undef DIAG
	DIAG_COUNT
};

/** A place in text or in a program. Unknown parts are 0 (file NULL, insn -1). */
struct iov_span {
	const char *file;
	uint32_t line, col; /**< 1-based; col counts bytes */
	uint32_t len;       /**< bytes to underline; 0: a caret alone */
	int64_t insn;       /**< instruction slot in `object`'s program, or -1 */
	const char *text; /**< the source line itself where it is known without the file (BTF carries it), else NULL */
	const char *program; /**< program or function name, or NULL */
};

/** A span that knows nothing. */
#define IOV_NOWHERE ((struct iov_span){.insn = -1})

enum iov_note_kind {
	IOV_NOTE_PLAIN,
	IOV_NOTE_WHY,  /**< the facts, with numbers */
	IOV_NOTE_PATH, /**< one step of the path that leads here, in order */
	IOV_NOTE_HINT, /**< what to write instead */
};

struct iov_note {
	enum iov_note_kind kind;
	struct iov_span span;
	const char *text;
	struct iov_note *next;
};

struct iov_diag {
	enum iov_diag_id id;
	enum iov_severity severity;
	struct iov_span span;
	const char *message; /**< **what** is wrong, one sentence without a full stop */
	struct iov_note *notes, **notes_tail;
	struct iov_diag *next;
	struct iov_sink *sink;
	bool told;           /**< the tool's own output carries it already: left out of text on standard error */
};

struct iov_sink {
	struct iov_arena arena;
	struct iov_diag *first, **tail;
	uint32_t errors, warnings;
	bool oom;
	bool werror; /**< count warnings as errors, and store them as such */
	struct iov_diag scratch;
};

void sink_init(struct iov_sink *sink, const struct iov_alloc *alloc);
void sink_free(struct iov_sink *sink);

/** Add a diagnostic with the catalogue's severity. Strings are copied. Never NULL. */
struct iov_diag *diag_add(struct iov_sink *sink, enum iov_diag_id id, struct iov_span span, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/** Add a note to a diagnostic. Strings are copied. */
void diag_note(struct iov_diag *d, enum iov_note_kind kind, struct iov_span span, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/** Copy a diagnostic with its notes into a sink, with a severity of its own, and return the copy. */
struct iov_diag *diag_copy(struct iov_sink *sink, const struct iov_diag *from, enum iov_severity severity);
/** The sink's diagnostic with the same id, place and message, or NULL. */
struct iov_diag *diag_said(const struct iov_sink *sink, const struct iov_diag *d);
/** Say that a diagnostic is about this platform, too: one why note lists them all. */
void diag_platform(struct iov_diag *d, const char *platform);
/** The sink's first diagnostic with the same id and message, wherever it is, or NULL. */
struct iov_diag *diag_alike(const struct iov_sink *sink, const struct iov_diag *d);
/** Say that a diagnostic is about this program, too: one why note lists them all. */
void diag_also(struct iov_diag *d, const char *program);
/** Give a diagnostic of `sink` another severity; the counts follow. */
void diag_grade(struct iov_sink *sink, struct iov_diag *d, enum iov_severity severity);

#define diag_why(d, span, ...)  diag_note((d), IOV_NOTE_WHY, (span), __VA_ARGS__)
#define diag_path(d, span, ...) diag_note((d), IOV_NOTE_PATH, (span), __VA_ARGS__)
#define diag_hint(d, ...)       diag_note((d), IOV_NOTE_HINT, IOV_NOWHERE, __VA_ARGS__)

/** Catalogue access: "IOV-V010", short title, long explanation with an example. */
const char *diag_code(enum iov_diag_id id);
const char *diag_title(enum iov_diag_id id);
const char *diag_explanation(enum iov_diag_id id);
enum iov_severity diag_severity(enum iov_diag_id id);
/** The id for a code such as "IOV-V010" (case-insensitive); DIAG_COUNT when there is none. */
enum iov_diag_id diag_by_code(const char *code);

#endif
