/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier alone, on programs that no object reader has looked at: any instructions, any cut into functions, any
 * kernel function, maps with every kind of special field. It has to end within its budget, must not read or write where
 * it should not, and when an allocation is refused it says so.
 *
 * An input: 8 bytes (program type, attach type, platform, functions, allocation that is refused, options), 2 bytes for
 * each function, then instructions of 8 bytes. */
#include "asm/isa/platform.h"
#include "backend/verify/record.h"
#include "backend/verify/verify.h"

#include <stdlib.h>
#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 8, SUBS = 6, MAX_INSNS = 512, BUDGET = 5000, KFUNCS = 512 };

static const struct iov_field lock_field[] = {{.kind = IOV_FIELD_SPIN_LOCK, .off = 0, .size = 4}};
static const struct iov_field many_fields[] = {
	{.kind = IOV_FIELD_SPIN_LOCK, .off = 0, .size = 4},
	{.kind = IOV_FIELD_TIMER, .off = 8, .size = 16},
	{.kind = IOV_FIELD_KPTR_REF, .off = 24, .size = 8, .type = 1},
	{.kind = IOV_FIELD_KPTR_UNREF, .off = 32, .size = 8, .type = 1},
	{.kind = IOV_FIELD_LIST_HEAD, .off = 40, .size = 16, .type = 1},
	{.kind = IOV_FIELD_RB_ROOT, .off = 56, .size = 16, .type = 1},
};
static const uint8_t letters[16] = "fuzz";
static struct iov_map_def maps[] = {
	{.name = "array", .type = 2, .key_size = 4, .value_size = 64, .max_entries = 4},
	{.name = "hash", .type = 1, .key_size = 8, .value_size = 16, .max_entries = 4},
	{.name = "ring", .type = 27, .max_entries = 4096},
	{.name = "locked", .type = 1, .key_size = 4, .value_size = 16, .max_entries = 4,
	 .fields = {lock_field, 1, NULL}},
	{.name = "special", .type = 2, .key_size = 4, .value_size = 80, .max_entries = 2,
	 .fields = {many_fields, 6, NULL}},
	{.name = "outer", .type = 12, .key_size = 4, .value_size = 4, .max_entries = 2, .inner = &maps[0]},
	{.name = "progs", .type = 3, .key_size = 4, .value_size = 4, .max_entries = 2},
	{.name = ".rodata", .type = 2, .key_size = 4, .value_size = 16, .max_entries = 1, .origin = IOV_MAP_RODATA,
	 .init = letters},
	{.name = "socks", .type = 15, .key_size = 4, .value_size = 8, .max_entries = 4},
	{.name = "storage", .type = 24, .key_size = 4, .value_size = 8},
	{.name = "empty", .type = 1},
	{.name = "huge", .type = 2, .key_size = UINT32_MAX, .value_size = UINT32_MAX, .max_entries = UINT32_MAX},
};
enum { MAPS = sizeof(maps) / sizeof(*maps) };

struct limited {
	struct iov_alloc alloc;
	uint32_t left; /* allocations until one is refused */
	bool refused;
};

static void *limited_resize(void *ud, void *ptr, size_t old, size_t size)
{
	struct limited *l = ud;

	(void)old;
	if (!size) {
		free(ptr);
		return NULL;
	}
	if (!l->left--) {
		l->refused = true;
		l->left = 0;
		return NULL;
	}
	return realloc(ptr, size);
}

static const struct iov_platform *platform(uint8_t which)
{
	static const char *const names[] = {"linux-6.18", "iovrun", "linux-5.15", "linux-6.1", "linux-6.12"};

	return platform_shipped(names[which % (sizeof(names) / sizeof(*names))]);
}

static uint32_t functions(struct iov_subprog *subs, const uint8_t *at, unsigned n, uint32_t count)
{
	uint32_t made = 1;

	subs[0] = (struct iov_subprog){.name = "main"};
	for (unsigned i = 0; i < n; i++, at += 2) {
		struct iov_subprog *s = &subs[made];
		uint32_t start = subs[made - 1].start + 1 + at[0];

		if (start >= count)
			break;
		*s = (struct iov_subprog){.name = "sub", .start = start, .global = at[1] & 1, .has_proto = at[1] & 1,
					  .is_void = at[1] & 2, .param_count = (at[1] >> 2 & 3)};
		for (uint32_t k = 0; k < s->param_count; k++) {
			enum iov_param_kind kind = (enum iov_param_kind)((at[1] >> 4) % (IOV_PARAM_OTHER + 1));

			s->params[k] = (struct iov_param){.name = "arg", .size = 16, .kind = kind, .object = "sock",
						       .tag = "__arg_trusted", .nullable = at[0] & 1};
		}
		made++;
	}
	for (uint32_t i = 0; i < made; i++)
		subs[i].count = (i + 1 < made ? subs[i + 1].start : count) - subs[i].start;
	return made;
}

static uint32_t externs(struct iov_extern *list)
{
	uint32_t n = 0;

	for (const struct iov_helper *k; n < KFUNCS && (k = catalogue_kfunc_at(n)); n++)
		list[n] = (struct iov_extern){.name = k->name, .is_func = true};
	return n;
}

static void verify(const struct iov_prog *prog, const uint8_t *head)
{
	struct limited limit = {.alloc = {.resize = limited_resize, .ud = &limit}, .left = UINT32_MAX};
	struct iov_verify_options how = {.budget = BUDGET, .every_path = head[7] & 1};
	struct iov_arena arena;
	struct iov_claims claims = {.arena = &arena};
	struct iov_buf trace = {0};
	struct iov_facts facts;
	struct iov_sink sink;
	enum iov_status st;

	if (head[5] & 1)
		limit.left = head[6] + 256u * (head[5] >> 1 & 3);
	if (head[7] & 2)
		how.claims = &claims;
	if (head[7] & 4)
		how.trace = &trace;
	arena_init(&arena, &limit.alloc);
	sink_init(&sink, NULL);
	st = verify_prog(prog, platform(head[2]), &how, &arena, &sink, &facts);
	if (st == IOV_DIAGNOSED && !sink.errors)
		abort(); /* refused, and no word of why */
	if (st == IOV_OK && (sink.errors || !facts.insns))
		abort();
	if (st == IOV_NOMEM && !limit.refused)
		abort();
	if (facts.processed > 2 * BUDGET + 16 * prog->count && st != IOV_NOMEM)
		abort(); /* trials that failed (region.c) are not counted; they are bounded by what is */
	buf_free(&trace);
	sink_free(&sink);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct iov_extern kernel[KFUNCS];
	static const struct iov_map_def *list[MAPS];
	static struct iov_insn insns[MAX_INSNS + 1];
	struct iov_subprog subs[SUBS + 1];
	unsigned cuts = size >= HEAD ? data[3] % SUBS : 0;
	uint32_t count = size >= HEAD + 2 * cuts ? (uint32_t)(size - HEAD - 2 * cuts) / 8 : 0;
	struct iov_prog prog = {.name = "fuzz", .section = "fuzz", .object = "fuzz.o", .license = "GPL", .gpl = true};

	if (!count || count > MAX_INSNS)
		return -1;
	for (unsigned i = 0; i < MAPS; i++)
		list[i] = &maps[i];
	for (uint32_t i = 0; i < count; i++) {
		const uint8_t *b = data + HEAD + 2 * cuts + 8 * (size_t)i;

		insns[i] = (struct iov_insn){.code = b[0], .dst = b[1] & 15, .src = b[1] >> 4};
		memcpy(&insns[i].off, b + 2, 2);
		memcpy(&insns[i].imm, b + 4, 4);
	}
	prog.type = data[0] % 40;
	prog.attach_type = data[1] % 64;
	prog.insns = insns;
	prog.count = count;
	prog.maps = list;
	prog.map_count = MAPS;
	prog.subs = subs;
	prog.sub_count = functions(subs, data + HEAD, cuts, count);
	prog.externs = kernel;
	prog.extern_count = externs(kernel);
	verify(&prog, data);
	return 0;
}

static void new_insn(uint8_t *b, unsigned r)
{
	const struct iov_isa_row *row = &isa_rows[r % ISA_COUNT];
	int32_t imm = (int32_t)(r >> 8 & 0xff);

	memset(b, 0, 8);
	b[0] = row->code;
	b[1] = (uint8_t)((r >> 8) % 11 | (r >> 16) % 11 << 4);
	if (row->sel == ISA_SEL_SRC)
		b[1] = (uint8_t)((b[1] & 15) | row->sel_value << 4);
	if (row->sel == ISA_SEL_OFF)
		b[2] = (uint8_t)row->sel_value;
	if (row->sel == ISA_SEL_IMM)
		imm = row->sel_value;
	if (row->kind == ISA_K_JCC || row->kind == ISA_K_JA)
		b[2] = (uint8_t)(r >> 20 & 7);
	memcpy(b + 4, &imm, 4);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	size_t start, slots, at, other;
	unsigned r = seed * 2654435761u;

	if (size < HEAD + 16 || seed % 8 == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	start = HEAD + 2u * (data[3] % SUBS);
	if (size < start + 16)
		return LLVMFuzzerMutate(data, size, max_size);
	slots = (size - start) / 8;
	at = start + (r >> 4) % slots * 8;
	other = start + (r >> 12) % slots * 8;
	switch (seed % 7) {
	case 0: new_insn(data + at, r * 2246822519u); break;
	case 1: memcpy(data + at, data + other, 8); break;
	case 2: data[at + 1] = (uint8_t)((data[at + 1] & 0xf0) | (r >> 8) % 11); break;
	case 3: data[at + 1] = (uint8_t)((data[at + 1] & 0x0f) | (r >> 8) % 11 << 4); break;
	case 4: data[at + 2] = (uint8_t)(data[at + 2] + (r >> 8) % 17 - 8); break;
	case 5: data[at + 4 + (r >> 8) % 4] = (uint8_t)(r >> 16); break;
	default: /* one more */
		if (size + 8 > max_size || slots >= MAX_INSNS)
			break;
		memmove(data + at + 8, data + at, size - at);
		new_insn(data + at, r * 3266489917u);
		return size + 8;
	}
	return size;
}
