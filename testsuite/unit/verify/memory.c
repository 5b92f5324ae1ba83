/* SPDX-License-Identifier: Apache-2.0 */
/* What verification takes of memory: states that wait are packed without loss, and no program makes a search take more
 * than MOST bytes beside what the program's size asks for. */
#include "asm/base/buf.h"
#include "backend/verify/pack.h"
#include "backend/verify/verify.h"
#include "testsuite/unit/verify/asm.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 64 << 20, EACH_INSN = 256 };

struct counted {
	struct iov_alloc alloc;
	size_t now, peak;
};

static void *count_resize(void *ud, void *ptr, size_t old, size_t size)
{
	struct counted *c = ud;
	void *p = size ? realloc(ptr, size) : NULL;

	if (!size)
		free(ptr);
	c->now += size - old;
	c->peak = c->now > c->peak ? c->now : c->peak;
	return p;
}

/* Numbers of every form: constants, so many bits, and any others. */
static struct num some_number(uint32_t i)
{
	switch (i % 6) {
	case 0: return num_const(i * 0x123456789ull);
	case 1: return num_bits(1 + i % 64);
	case 2: return num_between(i, 3ull * i * i + 7);
	case 3: return num_sbetween(-(int64_t)i, i);
	case 4: return num_unknown();
	default: return (struct num){0};
	}
}

static void fill_frame(struct vframe *f, uint32_t seed)
{
	for (uint32_t r = 0; r < IOV_R10; r++) {
		reg_scalar(&f->r[r], some_number(seed + r), seed + r);
		f->r[r].id = seed & r;
		f->r[r].off = (int32_t)(seed - 3 * r);
	}
	for (uint32_t k = 0; k < f->slots; k++) {
		memset(f->s[k].tag, k % 4, 8);
		f->s[k].reg = f->r[k % IOV_REGS];
		f->s[k].reg.n = some_number(seed * k);
		f->s[k].reg.range = k;
	}
}

static bool same_frame(const struct vframe *a, const struct vframe *b)
{
	return a->sub == b->sub && a->callsite == b->callsite && a->refs == b->refs && a->turn == b->turn &&
	       a->slots == b->slots && !memcmp(a->r, b->r, sizeof(a->r)) &&
	       !memcmp(a->s, b->s, a->slots * sizeof(a->s[0]));
}

Test(memory, packing_loses_nothing)
{
	struct counted count = {.alloc = {.resize = count_resize}};
	struct vpool pool;

	count.alloc.ud = &count;
	pool_init(&pool, &count.alloc);
	for (uint32_t seed = 1; seed < 400; seed++) {
		struct vstate *s = state_new(&pool), *copy, *back;
		struct vpacked *packed;

		s->insn = seed;
		s->ref_count = seed % V_MAX_REFS;
		for (uint32_t i = 0; i < s->ref_count; i++)
			s->refs[i] = (struct vref){seed + i, i};
		for (uint32_t i = 0; i <= seed % V_MAX_FRAMES; i++) {
			cr_assert(state_push(&pool, s, seed, i));
			fill_frame(state_frame(&pool, s, i, seed * (i + 3) % (V_STACK_SLOTS + 1)), seed + 7 * i);
		}
		copy = state_copy(&pool, s); /* every frame is shared */
		for (uint32_t i = 0; i < copy->frames; i += 2)
			cr_assert(state_frame(&pool, copy, i, 0)); /* and some are not */
		packed = state_pack(&pool, copy);
		back = state_unpack(&pool, packed);
		packed_drop(&pool, packed);
		cr_assert_eq(back->frames, s->frames);
		cr_expect_eq(back->insn, s->insn);
		cr_expect_eq(back->ref_count, s->ref_count);
		cr_expect(!memcmp(back->refs, s->refs, sizeof(s->refs)));
		for (uint32_t i = 0; i < s->frames; i++)
			cr_expect(same_frame(back->f[i], s->f[i]), "%u, frame %u", seed, i);
		state_drop(&pool, back);
		state_drop(&pool, s);
	}
	cr_expect_eq(pool.states, 0);
	cr_expect_eq(pool.bytes, 0);
	pool_free(&pool);
	cr_expect_eq(count.now, 0);
}

/* `n` paths wait, each with all of the stack in use: with numbers that take `value` to make. */
static void forks(struct iov_buf *text, int n, const char *value)
{
	buf_puts(text, "r7 = *(u32 *)(r1 + 12)\n");
	for (int k = 1; k <= V_STACK_SLOTS; k++)
		buf_printf(text, "r6 = *(u32 *)(r1 + 12)\n%s*(u64 *)(r10 - %d) = r6\n", value, 8 * k);
	for (int i = 0; i < n; i++)
		buf_printf(text, "if r7 == %d goto out\n", i + 1);
	buf_puts(text, "out:\nr0 = 2\nexit\n");
}

/* The same in a loop, which is followed turn by turn. */
static void forks_in_a_loop(struct iov_buf *text, int n, const char *value)
{
	forks(text, 0, value);
	text->len -= strlen("out:\nr0 = 2\nexit\n");
	buf_printf(text, "r8 = 0\nr9 = r1\nagain:\nr8 += 1\nr6 = *(u32 *)(r9 + 12)\nif r6 == r8 goto out\n"
		   "if r8 != %d goto again\nout:\nr0 = 2\nexit\n", n);
}

static void turns(struct iov_buf *text, int n, const char *value)
{
	(void)value;
	buf_printf(text, "r6 = 0\nagain:\nr6 += 1\nif r6 != %d goto again\nr0 = 2\nexit\n", n);
}

static const struct {
	const char *name;
	void (*make)(struct iov_buf *text, int n, const char *value);
	int n;
	const char *value;
	const char *code; /* NULL: must be accepted */
} monsters[] = {
	{"forks", forks, 8000, "", NULL},
	{"forks over numbers that cannot be packed", forks, 16000, "r6 &= 0x7ffe0\nr6 *= 3\nr6 += 5\n", "IOV-V072"},
	{"forks in a loop", forks_in_a_loop, 8000, "", NULL},
	{"a loop of many turns", turns, 300000, "", NULL},
};

Test(memory, monsters, .timeout = 120)
{
	for (size_t i = 0; i < sizeof(monsters) / sizeof(*monsters); i++) {
		struct counted count = {.alloc = {.resize = count_resize}};
		struct iov_arena arena, work;
		struct iov_buf text = {0};
		struct iov_facts facts;
		const char *error = NULL;
		struct iov_prog *p;
		struct iov_sink sink;

		count.alloc.ud = &count;
		arena_init(&arena, NULL);
		arena_init(&work, &count.alloc);
		sink_init(&sink, NULL);
		monsters[i].make(&text, monsters[i].n, monsters[i].value);
		p = test_assemble(&arena, buf_cstr(&text), &error);
		cr_assert(p, "%s: %s", monsters[i].name, error);
		verify_prog(p, test_platform(&arena), NULL, &work, &sink, &facts);
		cr_log_info("%s: %s, %u instructions, %" PRIu64 " followed, %zu KiB at most", monsters[i].name,
			    sink.first ? sink.first->message : "accepted", p->count, facts.processed,
			    count.peak >> 10);
		if (monsters[i].code)
			cr_expect(sink.first && !strcmp(diag_code(sink.first->id), monsters[i].code), "%s: %s",
				  monsters[i].name, sink.first ? sink.first->message : "accepted");
		else
			cr_expect(facts.accepted, "%s: %s", monsters[i].name, sink.first ? sink.first->message : "?");
		cr_expect(count.peak <= MOST + (size_t)EACH_INSN * p->count, "%s: %zu bytes", monsters[i].name,
			  count.peak);
		sink_free(&sink);
		arena_free(&work);
		arena_free(&arena);
		buf_free(&text);
		cr_expect_eq(count.now, 0, "%s: %zu bytes leak", monsters[i].name, count.now);
	}
}
