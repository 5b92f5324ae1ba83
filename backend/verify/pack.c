/* SPDX-License-Identifier: Apache-2.0 */
/* States that nobody looks at for a long time, a fifth to a tenth of the size, without loss. A frame is packed when the
 * state alone holds it; a shared one stays as it is.
 *
 * Words of zero are left out: one byte says which of the next eight words follow. A number is one byte (1..64: any
 * number of so many bits; or zero bytes), with its value when it is a constant, and else its words. */
#include "backend/verify/pack.h"

#include <string.h>

enum { NUMBER_ZEROS = 65, NUMBER_CONST, NUMBER_WORDS };
enum { WORD = sizeof(uint64_t), GROUP = 8 };

/** Then: pointers to the frames that are shared; words of the state; the other frames. */
struct vpacked {
	uint32_t bytes;
	uint16_t frames, shared; /**< how many; which are shared, as bits */
	uint8_t data[];
};

/** Where words go; at NULL they are counted. */
struct writer {
	uint8_t *at;
	size_t bytes;
};

struct reader {
	const uint8_t *at;
};

static void put(struct writer *w, const void *data, size_t bytes)
{
	if (w->at)
		memcpy(w->at + w->bytes, data, bytes);
	w->bytes += bytes;
}

static void put_byte(struct writer *w, uint8_t byte) { put(w, &byte, 1); }

static void take(struct reader *r, void *data, size_t bytes)
{
	memcpy(data, r->at, bytes);
	r->at += bytes;
}

static uint8_t take_byte(struct reader *r) { return *r->at++; }

static void put_words(struct writer *w, const void *from, size_t bytes)
{
	const uint8_t *p = from;

	for (size_t first = 0; first < bytes / WORD; first += GROUP) {
		size_t last = bytes / WORD - first < GROUP ? bytes / WORD : first + GROUP;
		uint64_t word[GROUP];
		uint8_t there = 0;

		memcpy(word, p + first * WORD, (last - first) * WORD);
		for (size_t i = first; i < last; i++)
			there |= (uint8_t)((word[i - first] != 0) << (i - first));
		put_byte(w, there);
		for (size_t i = first; i < last; i++)
			if (word[i - first])
				put(w, &word[i - first], WORD);
	}
}

static void take_words(struct reader *r, void *to, size_t bytes)
{
	uint8_t *p = to;

	memset(to, 0, bytes);
	for (size_t first = 0; first < bytes / WORD; first += GROUP) {
		uint8_t there = take_byte(r);

		for (size_t i = 0; i < GROUP; i++)
			if (there >> i & 1)
				take(r, p + (first + i) * WORD, WORD);
	}
}

static bool same(const struct num *a, struct num b) { return !memcmp(a, &b, sizeof(b)); }

static void put_num(struct writer *w, const struct num *n)
{
	unsigned bits = (unsigned)__builtin_popcountll(n->full.bits.mask);
	static const struct num zeros;

	if (same(n, zeros)) {
		put_byte(w, NUMBER_ZEROS);
	} else if (num_is_const(n) && same(n, num_const(n->full.umin))) {
		put_byte(w, NUMBER_CONST);
		put(w, &n->full.umin, WORD);
	} else if (bits && same(n, num_bits(bits))) {
		put_byte(w, (uint8_t)bits);
	} else {
		put_byte(w, NUMBER_WORDS);
		put_words(w, n, sizeof(*n));
	}
}

static void take_num(struct reader *r, struct num *n)
{
	uint8_t form = take_byte(r);
	uint64_t value;

	switch (form) {
	case NUMBER_ZEROS: memset(n, 0, sizeof(*n)); break;
	case NUMBER_CONST:
		take(r, &value, WORD);
		*n = num_const(value);
		break;
	case NUMBER_WORDS: take_words(r, n, sizeof(*n)); break;
	default: *n = num_bits(form);
	}
}

/* A register is words, then its number. */
enum { REG_WORDS = offsetof(struct vreg, n), FRAME_WORDS = offsetof(struct vframe, r) };
_Static_assert(REG_WORDS % WORD == 0 && REG_WORDS + sizeof(struct num) == sizeof(struct vreg), "a number comes last");
_Static_assert(FRAME_WORDS % WORD == 0 && sizeof(struct num) % WORD == 0, "whole words");
_Static_assert(offsetof(struct vframe, s) == FRAME_WORDS + IOV_REGS * sizeof(struct vreg), "registers, then slots");
_Static_assert(sizeof(struct vslot) == WORD + sizeof(struct vreg), "tags, then a register");

static void put_reg(struct writer *w, const struct vreg *reg)
{
	put_words(w, reg, REG_WORDS);
	put_num(w, &reg->n);
}

static void take_reg(struct reader *r, struct vreg *reg)
{
	take_words(r, reg, REG_WORDS);
	take_num(r, &reg->n);
}

static void put_frame(struct writer *w, const struct vframe *f)
{
	put_words(w, f, FRAME_WORDS);
	for (int r = 0; r < IOV_REGS; r++)
		put_reg(w, &f->r[r]);
	for (uint32_t k = 0; k < f->slots; k++) {
		put(w, f->s[k].tag, WORD);
		put_reg(w, &f->s[k].reg);
	}
}

static struct vframe *take_frame(struct reader *r, struct vpool *p)
{
	struct vframe head, *f;

	take_words(r, &head, FRAME_WORDS);
	f = frame_new(p, head.slots);
	if (!f)
		return NULL;
	head.cap = f->cap;
	memcpy(f, &head, FRAME_WORDS);
	for (int i = 0; i < IOV_REGS; i++)
		take_reg(r, &f->r[i]);
	for (uint32_t k = 0; k < f->slots; k++) {
		take(r, f->s[k].tag, WORD);
		take_reg(r, &f->s[k].reg);
	}
	return f;
}

enum { STATE_WORDS = offsetof(struct vstate, f) };
_Static_assert(STATE_WORDS % WORD == 0 && offsetof(struct vstate, f) + sizeof(((struct vstate *)0)->f) ==
	       sizeof(struct vstate) && V_MAX_FRAMES <= 16, "frames come last");

static uint16_t shared_frames(const struct vstate *s)
{
	unsigned shared = 0;

	for (uint32_t i = 0; i < s->frames; i++)
		shared |= (unsigned)(s->f[i]->users > 1) << i;
	return (uint16_t)shared;
}

static uint32_t put_state(uint8_t *at, const struct vstate *s, uint16_t shared)
{
	struct writer w = {.at = at};

	for (uint32_t i = 0; i < s->frames; i++)
		if (shared >> i & 1)
			put(&w, &s->f[i], sizeof(s->f[i]));
	put_words(&w, s, STATE_WORDS);
	for (uint32_t i = 0; i < s->frames; i++)
		if (!(shared >> i & 1))
			put_frame(&w, s->f[i]);
	return (uint32_t)w.bytes;
}

struct vpacked *state_pack(struct vpool *p, struct vstate *s)
{
	uint16_t shared = shared_frames(s);
	uint32_t bytes = put_state(NULL, s, shared);
	struct vpacked *k = alloc_resize(p->alloc, NULL, 0, sizeof(*k) + bytes);

	if (!k)
		return NULL;
	*k = (struct vpacked){bytes, (uint16_t)s->frames, shared};
	put_state(k->data, s, shared);
	for (uint32_t i = 0; i < s->frames; i++)
		s->f[i]->users += shared >> i & 1;
	state_drop(p, s);
	return k;
}

/* The frames that are shared, at their places in f. */
static void take_shared(struct reader *r, const struct vpacked *k, struct vframe **f)
{
	for (uint32_t i = 0; i < k->frames; i++)
		if (k->shared >> i & 1)
			take(r, &f[i], sizeof(f[i]));
}

struct vstate *state_unpack(struct vpool *p, const struct vpacked *k)
{
	struct reader r = {k->data};
	struct vframe *shared[V_MAX_FRAMES];
	struct vstate *s = state_new(p);

	if (!s)
		return NULL;
	take_shared(&r, k, shared);
	take_words(&r, s, STATE_WORDS);
	for (s->frames = 0; s->frames < k->frames; s->frames++) {
		uint32_t i = s->frames;

		s->f[i] = k->shared >> i & 1 ? frame_share(shared[i]) : take_frame(&r, p);
		if (!s->f[i])
			break;
	}
	if (s->frames == k->frames)
		return s;
	state_drop(p, s);
	return NULL;
}

void packed_drop(struct vpool *p, struct vpacked *k)
{
	struct vframe *shared[V_MAX_FRAMES];
	struct reader r;

	if (!k)
		return;
	r.at = k->data;
	take_shared(&r, k, shared);
	for (uint32_t i = 0; i < k->frames; i++)
		if (k->shared >> i & 1)
			frame_drop(p, shared[i]);
	alloc_free(p->alloc, k, sizeof(*k) + k->bytes);
}
