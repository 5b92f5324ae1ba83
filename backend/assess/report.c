/* SPDX-License-Identifier: Apache-2.0 */
/* A result as a line. JSON members that are not known are null; iovverify(1) describes them. */
#include "backend/assess/assess.h"

#include "asm/base/render.h"
#include "asm/base/text.h"

#include <inttypes.h>
#include <string.h>

/* Names come from the object, and go to a terminal. */
static void put_safe(struct iov_buf *out, const char *s)
{
	text_safe(out, s, strlen(s));
}

static void put_run(const struct iov_facts *f, struct iov_buf *out)
{
	if (f->worst_insns != UINT64_MAX)
		buf_printf(out, "; at most %" PRIu64 " instructions a run, %u bytes of stack", f->worst_insns,
			   f->stack);
	else
		buf_printf(out, "; %u bytes of stack", f->stack);
}

void assess_text(const struct assess_result *r, struct iov_buf *out)
{
	const struct iov_prog_type *type = catalogue_prog_type(r->type);
	const struct iov_facts *f = r->facts;

	put_safe(out, r->object);
	buf_puts(out, ": ");
	put_safe(out, r->program);
	buf_printf(out, r->prog && r->prog->is_function ? " (function of %s programs) on " : " (%s) on ",
		   type ? type->name : "?");
	put_safe(out, r->platform->name);
	buf_printf(out, ": %s%s; %" PRIu64 " instruction%s followed, %u state%s, %.2f ms",
		   r->accepted ? "accepted" : "rejected", r->accepted && r->unlinked.count ? " as far as it goes" : "",
		   f->processed, f->processed == 1 ? "" : "s", f->states, f->states == 1 ? "" : "s",
		   (double)f->nanoseconds / 1e6);
	if (assess_is_whole(r))
		put_run(f, out);
	buf_putc(out, '\n');
}

static void member(struct iov_buf *out, const char *name, const char *value)
{
	buf_printf(out, "\"%s\": ", name);
	text_json(out, value);
	buf_puts(out, ", ");
}

void assess_begin(const struct iov_prog *p, const struct iov_platform *platform, struct iov_buf *out)
{
	buf_puts(out, "{\"trace\": ");
	text_json(out, p->name);
	buf_puts(out, ", ");
	member(out, "object", p->object);
	buf_puts(out, "\"platform\": ");
	text_json(out, platform->name);
	buf_puts(out, "}\n");
}

static void put_worst_case(const struct assess_result *r, struct iov_buf *out)
{
	buf_puts(out, "\"worst_case\": ");
	if (assess_is_whole(r))
		manifest_json_cost(&r->cost, out);
	else
		buf_puts(out, "null");
	buf_puts(out, ", ");
}

static void put_unlinked(const struct unlinked_names *n, struct iov_buf *out)
{
	buf_puts(out, "\"unlinked\": [");
	for (uint32_t i = 0; i < n->count; i++) {
		buf_puts(out, i ? ", " : "");
		text_json(out, n->names[i].name);
	}
	buf_puts(out, "], ");
}

void assess_json(const struct assess_result *r, struct iov_buf *out)
{
	const struct iov_prog_type *type = r->type ? catalogue_prog_type(r->type) : NULL;

	buf_putc(out, '{');
	member(out, "object", r->object);
	member(out, "program", r->program);
	member(out, "section", r->section);
	member(out, "type", type ? type->name : NULL);
	buf_printf(out, "\"function\": %s, ", r->prog && r->prog->is_function ? "true" : "false");
	member(out, "platform", r->platform ? r->platform->name : NULL);
	member(out, "verdict", r->accepted ? "accept" : "reject");
	if (r->facts)
		buf_printf(out,
			   "\"instructions\": %" PRIu64
			   ", \"states\": %u, \"peak_states\": %u, \"nanoseconds\": %" PRIu64 ", ",
			   r->facts->processed, r->facts->states, r->facts->peak_states, r->facts->nanoseconds);
	else
		buf_puts(out,
			 "\"instructions\": null, \"states\": null, \"peak_states\": null, \"nanoseconds\": null, ");
	put_worst_case(r, out);
	put_unlinked(&r->unlinked, out);
	buf_puts(out, "\"diagnostics\": ");
	diag_render_list(r->found, out);
	buf_puts(out, "}\n");
}
