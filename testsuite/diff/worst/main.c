/* SPDX-License-Identifier: Apache-2.0 */
/* The worst case, measured. Programs are generated from blocks (straight code, diamonds, loops of so many turns,
 * bpf_loop() and iterators with so many, functions), nested; while one is written, the generator chooses for each
 * diamond which side is longer and sets the bit of the context that leads there. Each diamond tests a bit that none
 * around it or before it tests, so that by construction no two exclude each other and the run takes the worst path; the
 * generator counts its instructions. Then:
 *   - the run executes as many as the generator says (else the test is wrong),
 *   - the verifier's bound is never less, and at most twice as many; where the verifier was told to join paths at the
 *     first chance (options.eager, which is for tests) it is never less,
 *   - of each helper, no more calls are executed than claimed.
 * Diamonds that exclude each other (one bit tested twice, the longer sides opposite) come as a second family: there the
 * bound may be larger, by what the generator says that the sides add up to, and no more.
 *
 *   worst [--count N] [--seed N] [--mode 0..3] [--show] */
#include "asm/base/buf.h"
#include "backend/verify/verify.h"
#include "runtime/checked.h"
#include "runtime/packet.h"
#include "testsuite/unit/verify/asm.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 3, BITS = 31, MODES = 4, TWICE = 2 };
enum block { STRAIGHT, DIAMOND, LOOP, CALLBACK, ITERATOR, FUNCTION, BLOCKS };

struct gen {
	uint64_t state;
	struct iov_buf text, functions[16];
	uint32_t function_count, labels, bits;          /* bits: tested so far */
	uint32_t context;                               /* of the bits, those that are set */
	bool exclude;                                   /* the second family */
};

/* Instructions of a piece: on the way that the run takes, and if every diamond took its longer side. */
struct count {
	uint64_t run, most;
};

static uint32_t below(struct gen *g, uint32_t n)
{
	g->state ^= g->state << 13;
	g->state ^= g->state >> 7;
	g->state ^= g->state << 17;
	return (uint32_t)((g->state >> 32) % n);
}

static struct count add(struct count a, struct count b) { return (struct count){a.run + b.run, a.most + b.most}; }
static struct count times(struct count a, uint64_t n) { return (struct count){a.run * n, a.most * n}; }
static struct count fixed(uint64_t n) { return (struct count){n, n}; }

/* Turns that a call makes: the verifier enters a body that no turn reaches, and may count it once. */
static struct count turned(struct count a, uint64_t turns)
{
	return (struct count){a.run * turns, a.most * (turns ? turns : 1)};
}

static struct count blocks(struct gen *g, struct iov_buf *out, unsigned depth);

static struct count straight(struct gen *g, struct iov_buf *out)
{
	uint32_t n = 1 + below(g, 8);

	for (uint32_t i = 0; i < n; i++)
		buf_printf(out, "r6 += %u\n", 1 + below(g, 100));
	return fixed(n);
}

/* One side is longer. Its bit is set so that the run goes there; a bit that was tested before stays as it is. */
static struct count diamond(struct gen *g, struct iov_buf *out)
{
	uint32_t label = g->labels++, sides[2] = {below(g, 12), 0}, bit = g->bits;
	bool again = g->exclude && g->bits && below(g, 2), taken;

	sides[1] = sides[0] + 1 + below(g, 12);
	if (below(g, 2))
		sides[0] ^= sides[1], sides[1] ^= sides[0], sides[0] ^= sides[1];
	if (again)
		bit = below(g, g->bits);
	else if (g->bits < BITS)
		g->bits++;
	else
		return straight(g, out);
	if (!again && sides[1] + 0u > sides[0] + 1)
		g->context |= 1u << bit;
	buf_printf(out, "r5 = r7\nr5 &= %d\nif r5 != 0 goto s%u\n", 1 << bit, label);
	for (uint32_t i = 0; i < sides[0]; i++)
		buf_puts(out, "r6 += 1\n");
	buf_printf(out, "goto e%u\ns%u:\n", label, label);
	for (uint32_t i = 0; i < sides[1]; i++)
		buf_puts(out, "r6 += 2\n");
	buf_printf(out, "e%u:\n", label);
	taken = g->context >> bit & 1;
	sides[0]++; /* the jump over the other */
	return (struct count){3 + sides[taken], 3 + (sides[0] > sides[1] ? sides[0] : sides[1])};
}

static struct count loop(struct gen *g, struct iov_buf *out, unsigned depth)
{
	uint32_t label = g->labels++, turns = 1 + below(g, 6), slot = 16 + 8 * depth;
	struct count body;

	buf_printf(out, "r5 = 0\n*(u64 *)(r10 - %u) = r5\nl%u:\n", slot, label);
	body = blocks(g, out, depth + 1);
	buf_printf(out, "r5 = *(u64 *)(r10 - %u)\nr5 += 1\n*(u64 *)(r10 - %u) = r5\nif r5 != %u goto l%u\n", slot, slot,
		   turns, label);
	return add(fixed(2), times(add(body, fixed(4)), turns));
}

static struct iov_buf *function(struct gen *g, const char *name, uint32_t label)
{
	struct iov_buf *out = &g->functions[g->function_count++];

	buf_printf(out, ".func %s%u\n", name, label);
	return out;
}

enum { ENTER = 3, LEAVE = 2 };

/* The bits, in r7 and for callbacks at r10 - 8. */
static struct count body_of(struct gen *g, struct iov_buf *out, const char *bits, unsigned depth)
{
	struct count body;

	buf_printf(out, "%s\n*(u64 *)(r10 - 8) = r7\nr6 = 0\n", bits);
	body = blocks(g, out, depth + 1);
	buf_puts(out, "r0 = 0\nexit\n");
	return add(body, fixed(ENTER + LEAVE));
}

static struct count callback(struct gen *g, struct iov_buf *out, unsigned depth)
{
	uint32_t label = g->labels++, turns = below(g, 7);

	buf_printf(out, "r1 = %u\nr2 = func cb%u\nr3 = r10\nr3 += -8\nr4 = 0\ncall bpf_loop\n", turns, label);
	return add(fixed(6), turned(body_of(g, function(g, "cb", label), "r7 = *(u64 *)(r2 + 0)", depth), turns));
}

static struct count iterator(struct gen *g, struct iov_buf *out, unsigned depth)
{
	uint32_t label = g->labels++, turns = below(g, 7), slot = 48 + 8 * depth, start = below(g, 3);
	struct count body;

	buf_printf(out, "r1 = r10\nr1 += -%u\nr2 = %u\nr3 = %u\ncall bpf_iter_num_new\ni%u:\nr1 = r10\nr1 += -%u\n"
		   "call bpf_iter_num_next\nif r0 == 0 goto d%u\n", slot, start, start + turns, label, slot, label);
	body = blocks(g, out, depth + 1);
	buf_printf(out, "goto i%u\nd%u:\nr1 = r10\nr1 += -%u\ncall bpf_iter_num_destroy\n", label, label, slot);
	return add(fixed(5 + 4 + 3), turned(add(body, fixed(5)), turns));
}

static struct count call(struct gen *g, struct iov_buf *out, unsigned depth)
{
	uint32_t label = g->labels++;

	buf_printf(out, "r1 = r7\ncall fn%u\n", label);
	return add(fixed(2), body_of(g, function(g, "fn", label), "r7 = r1", depth));
}

static struct count one_block(struct gen *g, struct iov_buf *out, unsigned depth)
{
	bool leaf = depth == DEPTH, full = g->function_count == sizeof(g->functions) / sizeof(*g->functions);

	switch (leaf ? below(g, LOOP) : below(g, full ? CALLBACK : BLOCKS)) {
	case DIAMOND: return diamond(g, out);
	case LOOP: return loop(g, out, depth);
	case CALLBACK: return callback(g, out, depth);
	case ITERATOR: return iterator(g, out, depth);
	case FUNCTION: return call(g, out, depth);
	default: return straight(g, out);
	}
}

static struct count blocks(struct gen *g, struct iov_buf *out, unsigned depth)
{
	struct count all = {0};

	for (uint32_t n = 1 + below(g, depth ? 2 : 4); n; n--)
		all = add(all, one_block(g, out, depth));
	return all;
}

/* The program's text is in g->text. */
static struct count generate(struct gen *g)
{
	struct count all = body_of(g, &g->text, "r7 = *(u32 *)(r1 + 12)", 0);

	for (uint32_t i = 0; i < g->function_count; i++)
		buf_puts(&g->text, buf_cstr(&g->functions[i]));
	buf_cstr(&g->text);
	return all;
}

struct totals {
	uint64_t programs, failures, rejected;
	double largest;
	unsigned mode;
	bool show;
};

static void wrong(struct totals *t, const struct gen *g, uint64_t seed, const char *what, uint64_t is, uint64_t want)
{
	if (t->failures++ < 5)
		printf("FAIL worst: seed %" PRIu64 ": %s: %" PRIu64 ", %" PRIu64 "\n", seed, what, is, want);
	if (t->show)
		fprintf(stderr, "context %#x\n%s", g->context, g->text.data);
}

static uint64_t executed(const struct iov_image *image, uint32_t bits, struct iov_checked *checked)
{
	static uint8_t packet[64];
	struct iov_ctx ctx = {.head = packet, .data = packet, .data_meta = packet, .data_end = packet + 64,
			      .tail_limit = packet + 64};
	struct iov_env env = {.image = image, .ctx = &ctx, .checked = checked, .rng = {1, 1}};

	memcpy(ctx.uapi + 12, &bits, sizeof(bits));
	packet_arrives(&ctx);
	ctx.env = &env;
	checked->steps = 0;
	checked_run(image, &env, &ctx);
	return checked->steps;
}

static void hold(struct totals *t, const struct gen *g, uint64_t seed, const struct iov_image *image,
		 struct count count, bool eager)
{
	static uint64_t helpers[IOV_CHECKED_HELPERS];
	const struct iov_facts *f = image->facts;
	struct iov_checked checked = {.helpers = helpers};
	uint64_t steps;
	double ratio;

	memset(helpers, 0, sizeof(helpers));
	steps = executed(image, g->context, &checked);
	if (checked.failed) {
		printf("FAIL worst: seed %" PRIu64 ": %s\n", seed, checked.text);
		wrong(t, g, seed, "the run was stopped; worst case claimed, and real", f->worst_insns, count.run);
		return;
	}
	if (steps != count.run)
		wrong(t, g, seed, "executed, and counted by the generator", steps, count.run);
	if (f->worst_insns < steps)
		wrong(t, g, seed, "the bound is less than what was executed", f->worst_insns, steps);
	if (!eager && f->worst_insns > TWICE * count.most)
		wrong(t, g, seed, "the bound is more than twice the worst path", f->worst_insns, count.most);
	for (uint32_t i = 0; i < f->call_count; i++)
		if (!f->calls[i].kfunc && helpers[f->calls[i].id] > f->calls[i].most)
			wrong(t, g, seed, f->calls[i].name, f->calls[i].most, helpers[f->calls[i].id]);
	ratio = (double)f->worst_insns / (double)count.most;
	if (!g->exclude && !eager && ratio > t->largest)
		t->largest = ratio;
}

static void try(struct totals *t, const struct gen *g, uint64_t seed, struct count count, unsigned mode)
{
	struct iov_arena arena = {0};
	struct iov_checked_code code = {.claims.arena = &arena};
	struct iov_platform *platform = test_platform(&arena);
	struct iov_verify_options how = {.claims = &code.claims, .eager = mode & 1};
	const char *error = NULL;
	struct iov_prog *prog = test_assemble(&arena, (const char *)g->text.data, &error);
	struct iov_facts facts;
	struct iov_sink sink;

	if (mode & 2)
		platform->rules &= ~(uint32_t)IOV_RULE_LINUX_LOOPS;
	sink_init(&sink, NULL);
	if (!prog) {
		printf("FAIL worst: seed %" PRIu64 ": %s\n", seed, error);
		t->failures++;
	} else if (verify_prog(prog, platform, &how, &arena, &sink, &facts)) {
		wrong(t, g, seed, sink.first ? sink.first->message : "rejected, mode", mode, 0);
	} else {
		struct iov_image image = {.prog = prog, .facts = &facts, .count = prog->count, .insns = prog->insns,
					  .platform = platform, .engine_data = &code, .checked = true};

		image.calls = arena_array(&arena, prog->count, sizeof(*image.calls));
		if (image.calls)
			hold(t, g, seed, &image, count, mode & 1);
	}
	sink_free(&sink);
	arena_free(&arena);
}

static void one(struct totals *t, uint64_t seed)
{
	struct gen *g = calloc(1, sizeof(*g));
	struct count count;

	if (!g)
		abort();
	g->state = seed * 0x9e3779b97f4a7c15u + 0x1234567;
	g->exclude = seed % 3 == 0;
	count = generate(g);
	t->programs++;
	try(t, g, seed, count, t->mode < MODES ? t->mode : seed / 3 % MODES);
	buf_free(&g->text);
	for (uint32_t i = 0; i < g->function_count; i++)
		buf_free(&g->functions[i]);
	free(g);
}

int main(int argc, char **argv)
{
	uint64_t count = 1000, seed = 1;
	struct totals t = {.mode = MODES};

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--count") && i + 1 < argc)
			count = strtoull(argv[++i], NULL, 10);
		else if (!strcmp(argv[i], "--seed") && i + 1 < argc)
			seed = strtoull(argv[++i], NULL, 10);
		else if (!strcmp(argv[i], "--mode") && i + 1 < argc)
			t.mode = (unsigned)strtoul(argv[++i], NULL, 10);
		else
			t.show = !strcmp(argv[i], "--show");
	}
	for (uint64_t i = 0; i < count; i++)
		one(&t, seed + i);
	fprintf(stderr, "%" PRIu64 " programs; the bound is at most %.2f times the worst path\n", t.programs,
		t.largest);
	if (!t.failures)
		printf("PASS worst/generated\n");
	return t.failures != 0;
}
