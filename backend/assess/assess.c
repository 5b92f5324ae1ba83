/* SPDX-License-Identifier: Apache-2.0 */
/* From options to output: platforms, then object by object, program by program, platform by platform. One result is one
 * line; its diagnostics are gathered in a sink of their own, and copied to the tool's. */
#include "backend/assess/assess.h"

#include "asm/base/output.h"
#include "asm/base/text.h"
#include "asm/yaml/platform_read.h"
#include "linker/object/target.h"

#define AT(field) offsetof(struct assess_options, field)

static const char *const traces[] = {"off", "text", "json", NULL};

const struct iov_option assess_option_table[] = {
	{0, "platform", IOV_OPT_LIST, AT(platforms), "NAME",
	 "verify for this platform, a shipped one or a .yaml file; may be repeated (default: iovrun)", NULL},
	{0, "target-btf", IOV_OPT_STRING, AT(target_btf), "FILE",
	 "resolve CO-RE against these types: BTF, an ELF file with BTF, or auto for the running kernel", NULL},
	{0, "json", IOV_OPT_FLAG, AT(json), NULL, "print one JSON object a line for each program", NULL},
	{'v', "verbose", IOV_OPT_FLAG, AT(verbose), NULL,
	 "show the state at every instruction that is followed beside the source: --trace=text", NULL},
	{0, "trace", IOV_OPT_ENUM, AT(trace), "FORM", "the same as text, or json: one object a line, for tools",
	 traces},
	{0, "cost", IOV_OPT_FLAG, AT(cost), NULL,
	 "show each program's worst case: instructions, calls of helpers, stack and memory of maps", NULL},
	{0, "why", IOV_OPT_STRING, AT(why), "LINE|INSN",
	 "tell what is known at a line (40, file.c:40) or an instruction (`insn 16`), and from where", NULL},
	{0, "unlinked", IOV_OPT_FLAG, AT(unlinked), NULL,
	 "take what other objects define by its type, and name it: for objects that are to be linked", NULL},
	{0, "budget", IOV_OPT_UINT, AT(budget), "N", "follow at most N instructions (the platform's limit)", NULL},
	{0},
};

struct session {
	const struct assess_options *options;
	const struct iov_platform **platforms;
	size_t platform_count;
	const struct iov_btf **targets; /* by platform: what CO-RE is resolved against, or NULL */
	struct iov_sink *sink;
	struct iov_buf out;
	struct assess_question question;
	bool answered, rejected;
};

/* What several platforms say alike is said once, but where each has a line of its own (told). */
static void pass_on(struct session *s, const struct assess_result *r)
{
	for (const struct iov_diag *d = r->found->first; d; d = d->next) {
		struct iov_diag *copy = diag_said(s->sink, d);

		if (!copy || s->options->json)
			copy = diag_copy(s->sink, d, d->severity);
		copy->told = s->options->json;
		if (r->platform && s->platform_count > 1)
			diag_platform(copy, r->platform->name);
	}
	s->sink->oom |= r->found->oom;
}

static void settle(struct session *s, const struct assess_result *r)
{
	s->rejected |= !r->accepted;
	if (s->options->json)
		assess_json(r, &s->out);
	else if (r->facts)
		assess_text(r, &s->out);
	if (s->options->cost && !s->options->json && assess_is_whole(r))
		manifest_print_cost(&r->cost, &s->out);
	pass_on(s, r);
}

/* Names in it come from the object, and go to a terminal. */
static void put_trace(struct session *s, struct iov_buf *trace, bool json)
{
	if (json)
		buf_put(&s->out, trace->data, trace->len);
	else
		text_lines(&s->out, (const char *)trace->data, trace->len);
	s->out.failed |= trace->failed;
}

static void put_answer(struct session *s, const struct iov_why *why, const struct assess_result *r,
		       const struct iov_buf *answer)
{
	struct iov_buf text = {0};

	ask_report(&s->question, why, r, answer, &text);
	if (s->options->json) {
		buf_puts(&s->out, "{\"why\": ");
		text_json(&s->out, buf_cstr(&text));
		buf_puts(&s->out, "}\n");
	} else {
		buf_put(&s->out, text.data, text.len);
	}
	s->out.failed |= text.failed || answer->failed;
	buf_free(&text);
}

/* The sink `found` of the result has what was said so far. */
static enum iov_status verify_on(struct session *s, const struct iov_prog *p, struct assess_result *r,
				 struct iov_sink *found)
{
	bool traced = s->options->verbose || s->options->trace, json = s->options->trace == 2;
	struct iov_buf trace = {0};
	struct iov_verify_options how = {
		.budget = s->options->budget, .trace = traced ? &trace : NULL, .trace_json = json};
	struct iov_arena arena = {0};
	struct iov_buf answer = {0};
	struct iov_facts facts;
	struct iov_why why;
	enum iov_status st;

	if (json)
		assess_begin(p, r->platform, &s->out);
	st = unlinked_names(p, 0, p->count, &arena, &r->unlinked);
	if (!st && s->options->why) {
		st = ask_resolve(&s->question, p, &arena, &why);
		why.out = &answer;
		how.why = why.count ? &why : NULL;
		s->answered |= why.count > 0;
	}
	if (!st)
		st = verify_prog(p, r->platform, &how, &arena, found, &facts);
	r->prog = p;
	r->facts = &facts;
	r->accepted = st == IOV_OK;
	if (st == IOV_OK && r->unlinked.count && s->options->unlinked)
		unlinked_note(p, &facts, &arena, found);
	if ((st == IOV_OK || st == IOV_DIAGNOSED) && r->unlinked.count && !s->options->unlinked) {
		unlinked_errors(p, &r->unlinked, found);
		r->accepted = false;
	}
	if (st == IOV_OK)
		st = manifest_cost(p, &facts, &arena, &r->cost);
	put_trace(s, &trace, json);
	if ((st == IOV_OK || st == IOV_DIAGNOSED) && s->options->why && why.count)
		put_answer(s, &why, r, &answer);
	if (st == IOV_OK || st == IOV_DIAGNOSED)
		settle(s, r);
	buf_free(&trace);
	buf_free(&answer);
	arena_free(&arena);
	return st == IOV_DIAGNOSED ? IOV_OK : st;
}

/* An object with what it takes to go through it. */
struct reading {
	const struct iov_object *obj;
	struct iov_prog **progs; /* by platform, of the program at hand */
	bool *reached;           /* by function: checked */
	struct iov_arena *arena;
};

/* The program as platform `k` would load it: platforms with one target share it. A function is that of the first type
 * of program that may call it. */
static enum iov_status make_prog(struct session *s, const struct reading *o, uint32_t index, size_t k, bool function,
				 struct iov_sink *found)
{
	struct iov_verify_options how = {.budget = s->options->budget};
	struct unlinked_function f = {o->obj, o->obj->progs[index].func, s->platforms[k], s->targets[k], &how};
	struct iov_facts facts;
	struct iov_sink mute;
	enum iov_status st;

	if (function) {
		sink_init(&mute, NULL); /* verify_on says it again */
		st = unlinked_verify(&f, o->arena, &mute, &o->progs[k], &facts);
		for (const struct iov_diag *d = mute.first; d && st == IOV_DIAGNOSED && !o->progs[k]; d = d->next)
			diag_copy(found, d, d->severity);
		sink_free(&mute);
		return st == IOV_DIAGNOSED && o->progs[k] ? IOV_OK : st;
	}
	for (size_t i = 0; i < k; i++)
		if (o->progs[i] && !o->progs[i]->is_function && s->targets[i] == s->targets[k]) {
			o->progs[k] = o->progs[i];
			return IOV_OK;
		}
	return object_prog_unlinked(o->obj, index, s->targets[k], o->arena, found, &o->progs[k]);
}

static enum iov_status verify_program(struct session *s, const struct reading *o, uint32_t index, size_t k)
{
	const struct iov_object_prog *p = &o->obj->progs[index];
	bool function = unlinked_is_function(p, s->platforms[k]);
	struct assess_result r = {.object = o->obj->name,
				  .program = p->name,
				  .section = p->section,
				  .type = p->type,
				  .platform = s->platforms[k]};
	struct iov_sink found;
	enum iov_status st;

	sink_init(&found, NULL);
	r.found = &found;
	st = make_prog(s, o, index, k, function, &found);
	if (!st && o->progs[k]) {
		r.type = o->progs[k]->type;
		unlinked_mark(o->obj, o->progs[k], o->reached);
		st = verify_on(s, o->progs[k], &r, &found);
	} else if (!st || st == IOV_DIAGNOSED) {
		o->reached[p->func] = true;
		settle(s, &r);
		st = IOV_OK;
	}
	sink_free(&found);
	return st;
}

static enum iov_status verify_programs(struct session *s, const struct iov_object *obj, struct iov_arena *arena)
{
	struct reading o = {.obj = obj, .arena = arena};
	enum iov_status st = IOV_OK;
	bool library = false;

	o.reached = arena_array(arena, obj->func_count + 1, sizeof(*o.reached));
	for (uint32_t i = 0; !st && i < obj->prog_count; i++) {
		o.progs = arena_array(arena, s->platform_count, sizeof(struct iov_prog *));
		if (!o.progs || !o.reached)
			return IOV_NOMEM;
		for (size_t k = 0; !st && k < s->platform_count; k++) {
			library |= unlinked_is_function(&obj->progs[i], s->platforms[k]);
			st = verify_program(s, &o, i, k);
		}
	}
	if (!st && library)
		unlinked_rest(obj, o.reached, arena, s->sink);
	return st;
}

static enum iov_status read_object(const char *path, struct iov_buf *bytes, struct iov_arena *arena,
				   struct iov_sink *found, struct iov_object **obj)
{
	enum iov_status st = input_read(path, 0, bytes, found);

	return st ? st : object_read(bytes->data, bytes->len, path, arena, found, obj);
}

static enum iov_status verify_object(struct session *s, const char *path)
{
	struct iov_arena arena = {0};
	struct iov_buf bytes = {0};
	struct iov_object *obj = NULL;
	struct iov_sink found;
	enum iov_status st;

	sink_init(&found, NULL);
	st = read_object(path, &bytes, &arena, &found, &obj);
	if (st == IOV_DIAGNOSED) {
		settle(s, &(struct assess_result){.object = path, .found = &found});
		st = IOV_OK;
	} else {
		st = st ? st : verify_programs(s, obj, &arena);
	}
	if (obj)
		object_close(obj);
	sink_free(&found);
	buf_free(&bytes);
	arena_free(&arena);
	return st;
}

/* The platforms that are named with their targets' types, shipped ones or files; none named: the first that is shipped.
 */
static enum iov_status open_platforms(struct session *s, struct iov_arena *arena)
{
	const struct iov_option_list *named = &s->options->platforms;
	struct iov_targets targets = {0};
	enum iov_status st = IOV_OK;

	s->platforms = arena_array(arena, named->count + 1, sizeof(*s->platforms));
	s->targets = arena_array(arena, named->count + 1, sizeof(*s->targets));
	if (!s->platforms || !s->targets)
		return IOV_NOMEM;
	if (!named->count)
		s->platforms[s->platform_count++] = platform_shipped_at(0);
	for (size_t i = 0; !st && i < named->count; i++)
		st = platform_open(named->items[i], arena, s->sink, &s->platforms[s->platform_count++]);
	for (size_t i = 0; !st && i < s->platform_count; i++)
		st = targets_find(&targets,
				  s->options->target_btf ? s->options->target_btf : s->platforms[i]->target_btf, arena,
				  s->sink, &s->targets[i]);
	return st;
}

enum iov_status assess_tool(void *options, const struct iov_option_list *operands, struct iov_arena *arena,
			    struct iov_sink *sink)
{
	struct session s = {.options = options, .sink = sink};
	enum iov_status st = open_platforms(&s, arena);

	if (!st && !operands->count) {
		diag_hint(diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "no object is named"), "iovverify module.o");
		return IOV_USAGE;
	}
	if (!st && s.options->why && !ask_parse(s.options->why, &s.question)) {
		diag_hint(diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "--why takes a line or an instruction, not '%s'",
				   s.options->why),
			  "--why=40, --why=filter.c:40, or --why='insn 16' as messages name it");
		return IOV_USAGE;
	}
	for (size_t i = 0; !st && i < operands->count; i++)
		st = verify_object(&s, operands->items[i]);
	if (!st && s.options->why && !s.answered) {
		diag_hint(diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "no instruction comes from '%s'", s.options->why),
			  "iovdump -d shows the instructions with their lines; lines need an object compiled with -g");
		st = IOV_USAGE;
	}
	if (s.out.failed && !st)
		st = IOV_NOMEM;
	if (s.out.len && output_write("-", s.out.data, s.out.len, sink) && !st)
		st = IOV_DIAGNOSED;
	buf_free(&s.out);
	return st ? st : s.rejected ? IOV_DIAGNOSED : IOV_OK;
}
