/* SPDX-License-Identifier: Apache-2.0 */
/* The soundness oracle. Programs (generated, the verified differential's, mutations of real objects and of the cases of
 * testsuite/cases/verify) are verified for linux-6.18; what is accepted runs in the checked engine over random packets
 * and contexts, with helpers and maps that do the worst that their prototypes allow. A fault or a value outside the
 * verifier's claims is an unsoundness.
 *
 *   oracle [--count N] [--seed N] [--platform NAME] [--quiet] [--stop] [--cases] [--reduce] [--reasons]
 *          [OBJECT.o | CASES.txt] …
 * --reduce: leave out what a program that fails does not need for that. --reasons: why generated ones are rejected. */
#include "asm/base/output.h"
#include "backend/verify/verify.h"
#include "linker/object/object.h"
#include "runtime/checked.h"
#include "runtime/packet.h"
#include "testsuite/diff/oracle/oracle.h"
#include "testsuite/diff/verify/random.h"
#include "testsuite/unit/verify/corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PACKETS = 6, BUFFER = 1024, START = 256, TEMPLATES = 8192, BUDGET = 6000, STEPS = 20000 };
enum { KFUNCS = 512 };
enum shape { BACKWARD, MAY_GOTO, CALLBACK, ITERATOR, SUBPROG, GLOBAL, TAIL_CALL, TIMER, LOCK, SHAPES };
static const char *const shapes[SHAPES] = {"jumps backward", "may_goto", "callbacks", "iterators", "functions",
					   "global functions", "tail calls", "timers", "locks"};
static const char *const counted[IOV_COUNTED] = {"states joined", "regions taken", "loops proved", "turns covered",
						 "states covered"};
enum source { WHOLE, GENERATED, RANDOM, MUTATED, SOURCES };
static const char *const sources[SOURCES] = {"as it is", "generated", "random", "mutated"};

static const struct iov_map_def random_maps[RANDOM_MAPS] = {
	{.name = "array", .type = 2, .key_size = 4, .value_size = 64, .max_entries = 4},
	{.name = "hash", .type = 1, .key_size = 8, .value_size = 16, .max_entries = 4},
	{.name = "ring", .type = 27, .max_entries = 4096},
};

struct oracle {
	const struct iov_platform *platform;
	struct iov_platform proving;     /* the same, but loops are not followed turn by turn */
	struct iov_arena arena;
	const struct iov_prog *templates[TEMPLATES];
	uint32_t template_count;
	uint32_t taken[TEMPLATES], taken_count; /* those that are accepted as they are */
	uint64_t state, seed;
	struct gen gen;
	struct random random;
	const struct iov_map_def *random_map_list[RANDOM_MAPS];
	struct iov_subprog random_sub;
	struct iov_insn mutated[PROG_MAX];
	uint64_t tried[SOURCES], accepted[SOURCES], runs, cut, faults;
	uint64_t rows[ISA_COUNT], helpers[IOV_CHECKED_HELPERS], kfuncs[KFUNCS], shapes[SHAPES], counts[IOV_COUNTED];
	struct iov_checked checked;
	const char *platform_name;
	bool quiet, stop, cases, reasons, reduce, silent;
};

static void *need(void *p)
{
	if (!p)
		abort();
	return p;
}

static const struct iov_insn nothing = {.code = 0x05};
static bool is_nothing(const struct iov_insn *in) { return !memcmp(in, &nothing, sizeof(nothing)); }

static void show(const struct oracle *o, const struct iov_prog *prog)
{
	struct iov_buf text = {0};

	for (uint32_t i = 0; i < prog->count; i += isa_is_wide(&prog->insns[i]) ? 2 : 1) {
		if (o->reduce && is_nothing(&prog->insns[i]))
			continue;
		buf_printf(&text, "  %3u: ", i);
		isa_print(&text, &prog->insns[i], i, IOV_DIALECT_KERNEL, NULL);
		buf_putc(&text, '\n');
	}
	if (!o->quiet)
		fprintf(stderr, "%s", buf_cstr(&text));
	buf_free(&text);
}

/* Lengths around headers' ends; bytes random, or like IPv4 over Ethernet, so that parsers go on. */
static void packet(struct oracle *o, uint8_t *buffer, struct iov_ctx *ctx)
{
	static const uint16_t lengths[] = {0, 1, 13, 14, 15, 33, 34, 35, 54, 60, 64, 90, 150, 300};
	bool edge = oracle_below(&o->state, 3);
	uint32_t length = edge ? lengths[oracle_below(&o->state, 14)] : oracle_below(&o->state, 600);

	for (int i = 0; i < BUFFER; i += 8)
		memcpy(buffer + i, &(uint64_t){oracle_random(&o->state)}, 8);
	if (oracle_below(&o->state, 2)) {
		memcpy(buffer + START + 12, (uint8_t[]){8, 0, 0x45}, 3);
		buffer[START + 23] = (uint8_t[]){1, 6, 17, 50}[oracle_below(&o->state, 4)];
	}
	memset(ctx, 0, sizeof(*ctx));
	for (size_t i = 0; i < sizeof(ctx->uapi); i += 8)
		memcpy(ctx->uapi + i, &(uint64_t){oracle_random(&o->state)}, 8);
	ctx->head = buffer;
	ctx->tail_limit = buffer + BUFFER;
	ctx->data = buffer + START;
	ctx->data_meta = ctx->data - 4 * oracle_below(&o->state, 4);
	ctx->data_end = ctx->data + length;
	packet_arrives(ctx);
}

static void run(struct oracle *o, struct iov_image *image, enum source source)
{
	static uint8_t buffer[BUFFER];

	for (int n = 0; n < PACKETS && !o->checked.failed; n++) {
		struct iov_ctx ctx;
		struct iov_env env = {.image = image, .ctx = &ctx, .checked = &o->checked,
				      .rng = {oracle_random(&o->state), 1}};

		packet(o, buffer, &ctx);
		ctx.env = &env;
		o->checked.cut = false;
		checked_run(image, &env, &ctx);
		o->runs++;
		o->cut += o->checked.cut;
	}
	if (!o->checked.failed)
		return;
	o->checked.failed = false;
	if (o->faults++ < 5 && !o->silent) {
		printf("FAIL oracle: seed %lu (%s): %s\n", o->seed, sources[source], o->checked.text);
		show(o, image->prog);
	}
}

/* The shapes that an instruction belongs to, as bits. */
static unsigned shapes_of(const struct oracle *o, const struct iov_prog *prog, uint32_t i)
{
	const struct iov_insn *in = &prog->insns[i];
	const struct iov_isa_row *row = isa_find(in);
	const struct iov_helper *h =
		row->oper == ISA_O_HELPER  ? platform_helper(o->platform, (uint32_t)in->imm)
		: row->oper == ISA_O_KFUNC ? platform_kfunc(o->platform, prog->externs[in->imm].name) : NULL;
	const struct iov_subprog *sub = row->oper == ISA_O_SUBPROG
						? prog_sub_at(prog, (uint32_t)((int32_t)i + 1 + in->imm)) : NULL;
	bool back = (row->kind == ISA_K_JCC || row->kind == ISA_K_JA) && isa_target(row, in, i) <= i;

	if (sub)
		return sub->global ? 1u << GLOBAL : 1u << SUBPROG;
	if (!h)
		return (unsigned)back << BACKWARD | (row->kind == ISA_K_MAY_GOTO) << MAY_GOTO;
	return (h->flags & IOV_HF_CALLBACK ? 1u << CALLBACK : 0) | (h->flags & IOV_HF_TAIL_CALL ? 1u << TAIL_CALL : 0) |
	       (h->flags & IOV_HF_LOCK ? 1u << LOCK : 0) | (h->kfunc & IOV_KF_ITER_NEXT ? 1u << ITERATOR : 0) |
	       (h->args[0] == IOV_ARG_TIMER ? 1u << TIMER : 0);
}

static void count_shapes(struct oracle *o, const struct iov_prog *prog)
{
	unsigned shapes_seen = 0;

	for (uint32_t i = 0; i < prog->count; i += isa_is_wide(&prog->insns[i]) ? 2 : 1)
		shapes_seen |= shapes_of(o, prog, i);
	for (int i = 0; i < SHAPES; i++)
		o->shapes[i] += shapes_seen >> i & 1;
}

static bool try(struct oracle *o, const struct iov_prog *prog, enum source source)
{
	struct iov_arena arena = {0};
	struct iov_checked_code code = {.claims.arena = &arena};
	struct iov_verify_options how = {.budget = BUDGET, .claims = &code.claims, .eager = o->state & 1};
	const struct iov_platform *platform = o->state & 2 ? &o->proving : o->platform;
	struct iov_facts facts;
	struct iov_sink sink;
	bool ok;

	sink_init(&sink, NULL);
	ok = verify_prog(prog, platform, &how, &arena, &sink, &facts) == IOV_OK;
	o->tried[source]++;
	o->accepted[source] += ok;
	if (!ok && o->reasons && source == GENERATED)
		fprintf(stderr, "%s: %s\n", diag_code(sink.first->id), sink.first->message);
	if (ok) {
		struct iov_image image = {.prog = prog, .facts = &facts, .count = prog->count, .insns = prog->insns,
					  .platform = platform, .engine_data = &code, .checked = true};

		image.calls = need(arena_array(&arena, prog->count, sizeof(*image.calls)));
		count_shapes(o, prog);
		for (int i = 0; i < IOV_COUNTED; i++)
			o->counts[i] += code.claims.counts[i];
		run(o, &image, source);
	}
	sink_free(&sink);
	arena_free(&arena);
	return ok;
}

/* The program, verified and run from the same random state as before, still belies its verification. */
static bool still_fails(struct oracle *o, const struct iov_prog *prog, uint64_t state)
{
	uint64_t before = o->faults;

	o->state = state;
	o->silent = true;
	try(o, prog, WHOLE);
	o->silent = false;
	return o->faults > before;
}

/* Leave out instructions, many at a time and then few, as long as the rest fails. */
static void reduce(struct oracle *o, const struct iov_prog *prog, uint64_t state)
{
	static struct iov_insn kept[PROG_MAX];
	struct iov_prog smaller = *prog;
	bool any = true;

	smaller.insns = need(malloc(prog->count * sizeof(*prog->insns)));
	memcpy(smaller.insns, prog->insns, prog->count * sizeof(*prog->insns));
	for (uint32_t size = prog->count / 2; size; size = size > 1 ? size / 2 : any) {
		any = false;
		for (uint32_t at = 0; at < prog->count; at += size) {
			uint32_t n = 0;

			memcpy(kept, smaller.insns, prog->count * sizeof(*kept));
			for (uint32_t i = at; i < at + size && i < prog->count; i++)
				if (!is_nothing(&kept[i]) && ++n)
					smaller.insns[i] = nothing;
			if (n && still_fails(o, &smaller, state))
				any = true;
			else
				memcpy(smaller.insns, kept, prog->count * sizeof(*kept));
		}
	}
	show(o, &smaller);
	free(smaller.insns);
}

static bool attempt(struct oracle *o, const struct iov_prog *prog, enum source source)
{
	uint64_t state = o->state, before = o->faults;
	bool ok = try(o, prog, source);

	if (o->reduce && o->faults > before)
		reduce(o, prog, state);
	return ok;
}

/* Mostly one that is accepted. */
static const struct iov_prog *template(struct oracle *o)
{
	if (o->taken_count && oracle_below(&o->state, 8))
		return o->templates[o->taken[oracle_below(&o->state, o->taken_count)]];
	return o->templates[oracle_below(&o->state, o->template_count)];
}

static void one(struct oracle *o)
{
	uint32_t what = oracle_below(&o->state, 8);
	struct iov_prog prog;

	if (what < 4 || !o->template_count) {
		o->gen.state = &o->state;
		gen_program(&o->gen);
		if (oracle_below(&o->state, 4) == 0)
			mutate(&o->state, o->gen.insns, o->gen.prog.count, o->gen.prog.map_count);
		attempt(o, &o->gen.prog, GENERATED);
	} else if (what < 5) {
		o->random.state = oracle_random(&o->state) | 1;
		random_program(&o->random);
		o->random_sub = (struct iov_subprog){.name = "main", .count = o->random.count};
		prog = (struct iov_prog){.name = "random", .section = "xdp", .type = 6, .license = "GPL", .gpl = true,
					 .insns = o->random.insns, .count = o->random.count,
					 .maps = o->random_map_list, .map_count = RANDOM_MAPS, .subs = &o->random_sub,
					 .sub_count = 1};
		attempt(o, &prog, RANDOM);
	} else {
		prog = *template(o);
		memcpy(o->mutated, prog.insns, prog.count * sizeof(*prog.insns));
		prog.insns = o->mutated;
		mutate(&o->state, prog.insns, prog.count, prog.map_count);
		attempt(o, &prog, MUTATED);
	}
}

static void add(struct oracle *o, const struct iov_prog *prog)
{
	if (prog && prog->count <= PROG_MAX && o->template_count < TEMPLATES)
		o->templates[o->template_count++] = prog;
}

static void add_object(struct oracle *o, const char *path, struct iov_sink *sink)
{
	struct iov_buf *bytes = need(ARENA_NEW(&o->arena, struct iov_buf));
	struct iov_object *obj;
	struct iov_prog *prog;

	if (input_read(path, 0, bytes, sink) || object_read(bytes->data, bytes->len, path, &o->arena, sink, &obj))
		return;
	for (uint32_t i = 0; i < obj->prog_count; i++)
		if (object_prog(obj, i, NULL, &o->arena, sink, &prog) == IOV_OK)
			add(o, prog);
}

/* --cases: one that has to be rejected, and is not. */
static void judge(struct oracle *o, const struct corpus_case *c)
{
	struct iov_arena arena = {0};
	struct iov_facts facts;
	struct iov_sink sink;

	sink_init(&sink, NULL);
	if (verify_prog(c->prog, test_platform(&arena), NULL, &arena, &sink, &facts) == IOV_OK) {
		o->faults++;
		printf("FAIL oracle: the case %s passes\n", c->name);
	}
	sink_free(&sink);
	arena_free(&arena);
}

static void add_case(void *ud, const struct corpus_case *c)
{
	struct oracle *o = ud;

	add(o, c->prog);
	if (o->cases && !c->accept)
		judge(o, c);
}

static bool add_cases(struct oracle *o, const char *path)
{
	const char *error;

	if (corpus_read(&o->arena, path, add_case, o, &error))
		return true;
	fprintf(stderr, "oracle: %s\n", error);
	return false;
}

/* Each program as it is: what is taken must run. */
static void as_they_are(struct oracle *o)
{
	for (uint32_t i = 0; i < o->template_count && !(o->stop && o->faults); i++) {
		o->seed = i;
		o->state = i * 0x9e3779b97f4a7c15u + 1;
		if (attempt(o, o->templates[i], WHOLE))
			o->taken[o->taken_count++] = i;
	}
}

static bool options(struct oracle *o, int argc, char **argv, uint64_t *count, uint64_t *seed)
{
	struct iov_sink sink;
	bool ok = true;

	sink_init(&sink, NULL);
	for (int i = 1; i < argc; i++) {
		size_t n = strlen(argv[i]);

		if (!strcmp(argv[i], "--count") && i + 1 < argc)
			*count = strtoull(argv[++i], NULL, 0);
		else if (!strcmp(argv[i], "--seed") && i + 1 < argc)
			*seed = strtoull(argv[++i], NULL, 0);
		else if (!strcmp(argv[i], "--platform") && i + 1 < argc)
			o->platform_name = argv[++i];
		else if (!strcmp(argv[i], "--quiet"))
			o->quiet = true;
		else if (!strcmp(argv[i], "--stop"))
			o->stop = true;
		else if (!strcmp(argv[i], "--cases"))
			o->cases = true;
		else if (!strcmp(argv[i], "--reasons"))
			o->reasons = true;
		else if (!strcmp(argv[i], "--reduce"))
			o->reduce = true;
		else if (n > 4 && !strcmp(argv[i] + n - 4, ".txt"))
			ok &= add_cases(o, argv[i]);
		else if (argv[i][0] != '-')
			add_object(o, argv[i], &sink);
		else
			ok = false;
	}
	if (sink.errors)
		fprintf(stderr, "oracle: %s\n", sink.first->message);
	ok &= !sink.errors;
	sink_free(&sink);
	return ok;
}

static void report(const struct oracle *o)
{
	uint64_t tried = 0, accepted = 0;
	unsigned rows = 0, helpers = 0, kfuncs = 0;

	for (int i = 0; i < SOURCES; i++) {
		tried += i == WHOLE ? 0 : o->tried[i];
		accepted += i == WHOLE ? 0 : o->accepted[i];
		printf("# %s: %lu of %lu accepted\n", sources[i], o->accepted[i], o->tried[i]);
	}
	for (int i = 0; i < ISA_COUNT; i++)
		rows += o->rows[i] != 0;
	for (int i = 0; i < IOV_CHECKED_HELPERS; i++)
		helpers += o->helpers[i] != 0;
	for (int i = 0; i < KFUNCS; i++)
		kfuncs += o->kfuncs[i] != 0;
	printf("# run: %u of %u isa rows, %u helpers, %u kernel functions; %u real programs\n# accepted programs with",
	       rows, ISA_COUNT, helpers, kfuncs, o->template_count);
	for (int i = 0; i < SHAPES; i++)
		printf("%s %s: %lu", i ? "," : "", shapes[i], o->shapes[i]);
	printf("\n# the verifier:");
	for (int i = 0; i < IOV_COUNTED; i++)
		printf("%s %s: %lu", i ? "," : "", counted[i], o->counts[i]);
	printf("\n");
	printf("# %lu runs (%lu cut short), %lu instructions, %lu claims compared\n", o->runs, o->cut, o->checked.steps,
	       o->checked.claims);
	printf("# rows that no run had:");
	for (int i = 0; i < ISA_COUNT; i++)
		if (!o->rows[i])
			printf(" %s", isa_rows[i].name);
	printf("\n%s oracle: %lu programs, %lu accepted, %lu belied the verifier\n", o->faults ? "FAIL" : "PASS", tried,
	       accepted, o->faults);
	printf("%s oracle: at least a fifth is accepted\n", accepted * 5 < tried ? "FAIL" : "PASS");
}

static bool choose_platform(struct oracle *o)
{
	o->platform = platform_shipped(o->platform_name);
	if (!o->platform)
		return false;
	o->gen.platform = o->platform;
	o->proving = *o->platform;
	o->proving.rules &= ~(uint32_t)IOV_RULE_LINUX_LOOPS;
	return true;
}

int main(int argc, char **argv)
{
	static struct oracle o;
	uint64_t count = 10000, seed = 1;

	for (int i = 0; i < RANDOM_MAPS; i++)
		o.random_map_list[i] = &random_maps[i];
	o.checked = (struct iov_checked){.max_steps = STEPS, .rows = o.rows, .helpers = o.helpers, .kfuncs = o.kfuncs};
	o.platform_name = "linux-6.18";
	if (!options(&o, argc, argv, &count, &seed) || !choose_platform(&o)) {
		fprintf(stderr, "usage: oracle [--count N] [--seed N] [--platform NAME] [--quiet] [--stop] [--cases] "
				"[--reduce] [--reasons] [OBJECT.o | CASES.txt] ...\n");
		return 2;
	}
	as_they_are(&o);
	for (uint64_t i = 0; i < count && !(o.stop && o.faults); i++) {
		o.seed = seed + i;
		o.state = o.seed * 0x9e3779b97f4a7c15u + 1;
		for (int k = 0; k < 4; k++)
			oracle_random(&o.state);
		one(&o);
	}
	report(&o);
	return o.faults != 0;
}
