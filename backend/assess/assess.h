/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: iovverify as a library: every program of every object, on every platform that is named. Text: a line a program
 * and platform on standard output, diagnostics in the sink. JSON: one object a line, its diagnostics in it; they are in
 * the sink too, as told (diag.h), so that a file of diagnostics has them. */
#ifndef IOV_ASSESS_ASSESS_H
#define IOV_ASSESS_ASSESS_H

#include "asm/base/option.h"
#include "backend/assess/unlinked.h"
#include "backend/verify/verify.h"
#include "backend/verify/why.h"
#include "linker/object/manifest.h"

struct assess_options {
	struct iov_option_list platforms;
	bool json, verbose, cost, unlinked; /**< verbose: trace as text */
	const char *target_btf, *why;
	int trace; /**< index into off, text, json */
	uint64_t budget;
};

extern const struct iov_option assess_option_table[];

/** Everything: `options` is a struct assess_options, `operands` are the objects. IOV_DIAGNOSED when any program was
 * rejected or any object could not be read. */
enum iov_status assess_tool(void *options, const struct iov_option_list *operands, struct iov_arena *arena,
			    struct iov_sink *sink);

/* --- Inside. ----------------------------------------------------------------------------------------------------- */

/** One program on one platform. `prog` is NULL when it could not be put together, `facts` is NULL then. */
struct assess_result {
	const char *object, *program, *section;
	uint32_t type;                       /**< uapi; 0: none */
	const struct iov_platform *platform; /**< NULL: no platform had a say */
	const struct iov_prog *prog;
	const struct iov_facts *facts;
	struct iov_record_facts cost;        /**< of an accepted program */
	struct unlinked_names unlinked;      /**< what other objects are to define */
	const struct iov_sink *found; /**< what there is to say about it */
	bool accepted;
};

/** Accepted with all that it reaches, so that its costs are known. */
static inline bool assess_is_whole(const struct assess_result *r) { return r->accepted && !r->unlinked.count; }

/** --why: a line of a file (any when place is empty), or an instruction of a program. */
struct assess_question {
	const char *text, *place;
	size_t place_len;
	uint32_t number;
	bool is_insn;
};
/** False: not a question. */
bool ask_parse(const char *text, struct assess_question *q);
/** The instructions of `p` that are asked about. */
enum iov_status ask_resolve(const struct assess_question *q, const struct iov_prog *p, struct iov_arena *arena,
			    struct iov_why *why);
/** Append the answer; nothing when the program has none of the instructions. */
void ask_report(const struct assess_question *q, const struct iov_why *why, const struct assess_result *r,
		const struct iov_buf *answer, struct iov_buf *out);

/** Append the line of text, or of JSON, for a result. */
void assess_text(const struct assess_result *r, struct iov_buf *out);
/** The line before the trace of a program. */
void assess_begin(const struct iov_prog *p, const struct iov_platform *platform, struct iov_buf *out);
void assess_json(const struct assess_result *r, struct iov_buf *out);

#endif
