/* SPDX-License-Identifier: Apache-2.0 */
/* Random programs that the verifier accepts, each run on a few packets by the interpreter, by the JIT (which folds and
 * drops code as the facts allow) and by the oracle: verdict, packet and maps must agree. And every fact is held against
 * the oracle's runs: a constant that was not, a branch that went the other way, code that was "never reached".
 *
 *   diff-verified [count [seed]] */
#include "runtime/jit/jit.h"
#include "runtime/load.h"
#include "runtime/maps/map.h"
#include "runtime/packet.h"
#include "testsuite/diff/verify/random.h"
#include "testsuite/unit/jit/oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum engine { ORACLE, INTERP, JIT, ENGINES };
enum { PACKETS = 4, BUFFER = 256, START = 64 };

static const char *const names[ENGINES] = {"oracle", "interpreter", "JIT"};
static const struct iov_map_def defs[RANDOM_MAPS] = {
	{.name = "array", .type = 2, .key_size = 4, .value_size = 64, .max_entries = 4},
	{.name = "hash", .type = 1, .key_size = 8, .value_size = 16, .max_entries = 4},
	{.name = "ring", .type = 27, .max_entries = 4096},
};

/* What a program leaves behind. */
struct outcome {
	uint64_t verdicts[PACKETS];
	uint8_t packets[PACKETS][BUFFER];
	uint8_t array[4][64];
	uint8_t hash[8][8 + 16];
	uint64_t ring, ring_bytes;
};

struct test {
	struct random random;
	const struct iov_platform *platform;
	struct iov_prog prog;
	struct iov_subprog sub;
	const struct iov_map_def *maps[RANDOM_MAPS];
	struct iov_map *live[RANDOM_MAPS];
	struct outcome outcomes[ENGINES];
	struct iov_insn_fact learned[RANDOM_MAX + 16];
	uint64_t seed, accepted, differences[ENGINES], wrong_facts;
};

static uint8_t packet[BUFFER];

static uint64_t ticks(void *ud)
{
	return (*(uint64_t *)ud += 1000);
}

static struct iov_map *map_of(void *ud, const struct iov_map_def *def)
{
	struct test *t = ud;

	return t->live[def - defs];
}

static bool make_maps(struct test *t, struct iov_sink *sink)
{
	static const struct iov_map_options options = {.cpus = 1, .seed = 7};

	for (int i = 0; i < RANDOM_MAPS; i++)
		if (map_create(&defs[i], &options, NULL, sink, &t->live[i]) != IOV_OK)
			return false;
	return true;
}

static int count_record(void *ud, const void *data, size_t len)
{
	struct outcome *o = ud;

	for (size_t i = 0; i < len; i++)
		o->ring = o->ring * 31 + ((const uint8_t *)data)[i];
	o->ring_bytes += len;
	return 0;
}

static void read_maps(struct test *t, struct outcome *o)
{
	void *key = NULL;

	for (uint32_t i = 0; i < 4; i++)
		map_read(t->live[0], &i, o->array[i]);
	for (int i = 0; i < 8 && map_next_key(t->live[1], key, o->hash[i]) == 0; i++) {
		key = o->hash[i];
		map_read(t->live[1], key, o->hash[i] + 8);
	}
	ring_consume(t->live[2], count_record, o);
	for (int i = 0; i < RANDOM_MAPS; i++)
		map_destroy(t->live[i]);
}

static void fill(uint64_t seed, uint32_t n)
{
	uint64_t z = seed * 77 + n;

	for (int i = 0; i < BUFFER; i++) {
		z = z * 6364136223846793005u + 1442695040888963407u;
		packet[i] = n == 0 ? 0 : (uint8_t)(z >> 56);
	}
}

static void run(struct test *t, const struct iov_image *image, enum engine engine, struct outcome *o)
{
	static const uint32_t lengths[PACKETS] = {64, 14, 150, 33};
	uint64_t clock = 0;
	struct iov_env env = {.now = ticks, .now_ud = &clock, .rng = {t->seed, 99}};

	for (uint32_t n = 0; n < PACKETS; n++) {
		struct iov_ctx ctx = {.data = packet + START, .data_meta = packet + START, .head = packet,
				      .data_end = packet + START + lengths[n], .tail_limit = packet + BUFFER};

		fill(t->seed, n);
		ctx.xdp.ingress_ifindex = n + 1;
		packet_arrives(&ctx);
		if (engine == ORACLE) {
			env.ctx = &ctx;
			o->verdicts[n] = oracle_learn(image, &env, &ctx, t->learned);
		} else {
			o->verdicts[n] = image_run(image, &env, &ctx);
		}
		memcpy(o->packets[n], packet, BUFFER);
	}
	read_maps(t, o);
}

static void show(const struct test *t)
{
	struct iov_buf text = {0};

	for (uint32_t i = 0; i < t->random.count; i += isa_is_wide(&t->random.insns[i]) ? 2 : 1) {
		buf_printf(&text, "  %3u: ", i);
		isa_print(&text, &t->random.insns[i], i, IOV_DIALECT_KERNEL, NULL);
		buf_putc(&text, '\n');
	}
	printf("%s", buf_cstr(&text));
	buf_free(&text);
}

/* What a fact says and a run belied, or NULL. */
static const char *belied(const struct iov_insn_fact *claim, const struct iov_insn_fact *seen, bool lookup)
{
	if (!seen->reached)
		return NULL;
	if (!claim->reached)
		return "never reached";
	if (claim->is_const && !(seen->is_const && seen->value == claim->value))
		return "constant";
	if (claim->always && !seen->always)
		return "branch always taken";
	if (claim->never && !seen->never)
		return "branch never taken";
	if (claim->map >= 0 && lookup && seen->map != claim->map)
		return "map";
	if (claim->key_const && lookup && !(seen->key_const && seen->key == claim->key))
		return "key";
	return claim->divisor_nonzero && !seen->divisor_nonzero ? "divisor never 0" : NULL;
}

static void check_facts(struct test *t, const struct iov_facts *facts)
{
	for (uint32_t i = 0; i < t->random.count; i++) {
		bool lookup = t->random.insns[i].code == 0x85 && t->random.insns[i].imm == 1;
		const char *what = belied(&facts->insns[i], &t->learned[i], lookup);

		if (!what)
			continue;
		if (t->wrong_facts++ < 3) {
			printf("FAIL verified: seed %lu: instruction %u: fact \"%s\" (%#lx) is wrong\n", t->seed, i,
			       what, facts->insns[i].value);
			show(t);
		}
		return;
	}
}

static bool run_engine(struct test *t, enum engine engine)
{
	struct iov_load how = {.platform = t->platform, .map_of = map_of, .ud = t,
			       .engine = engine == JIT ? IOV_ENGINE_JIT : IOV_ENGINE_INTERP};
	struct iov_arena arena = {0};
	struct iov_image *image = NULL;
	struct iov_sink sink;

	sink_init(&sink, NULL);
	memset(&t->outcomes[engine], 0, sizeof(t->outcomes[engine]));
	if (make_maps(t, &sink) && image_load(&t->prog, &how, &arena, &sink, &image) == IOV_OK) {
		memset(t->learned, 0, engine == ORACLE ? sizeof(t->learned) : 0);
		run(t, image, engine, &t->outcomes[engine]);
		if (engine == ORACLE)
			check_facts(t, image->facts);
		jit_free(image);
	} else {
		for (int i = 0; i < RANDOM_MAPS; i++)
			map_destroy(t->live[i]);
	}
	sink_free(&sink);
	arena_free(&arena);
	return image != NULL;
}

static void compare(struct test *t)
{
	t->sub.count = t->prog.count = t->random.count;
	if (!run_engine(t, ORACLE))
		return;
	t->accepted++;
	for (int engine = INTERP; engine < ENGINES; engine++) {
		if (run_engine(t, engine) &&
		    !memcmp(&t->outcomes[ORACLE], &t->outcomes[engine], sizeof(struct outcome)))
			continue;
		if (t->differences[engine]++ < 3) {
			printf("FAIL verified: seed %lu: %s differs from the oracle\n", t->seed, names[engine]);
			show(t);
		}
	}
}

int main(int argc, char **argv)
{
	static struct test t;
	uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 0) : 20000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	bool bad;

	t.platform = platform_shipped("iovrun");
	for (int i = 0; i < RANDOM_MAPS; i++)
		t.maps[i] = &defs[i];
	t.sub = (struct iov_subprog){.name = "main"};
	t.prog = (struct iov_prog){.name = "random", .section = "xdp", .type = 6, .license = "GPL", .gpl = true,
				   .insns = t.random.insns, .maps = t.maps, .map_count = RANDOM_MAPS, .subs = &t.sub,
				   .sub_count = 1};
	for (uint64_t i = 0; i < count; i++) {
		t.seed = seed + i;
		t.random.state = t.seed * 0x9e3779b97f4a7c15u + 1;
		random_program(&t.random);
		compare(&t);
	}
	for (int engine = INTERP; engine < ENGINES; engine++)
		printf("%s verified: %s, %lu of %lu programs accepted, seeds from %lu, %lu differences\n",
		       t.differences[engine] ? "FAIL" : "PASS", names[engine], t.accepted, count, seed,
		       t.differences[engine]);
	printf("%s verified: facts against %lu runs, %lu wrong\n", t.wrong_facts ? "FAIL" : "PASS",
	       t.accepted * PACKETS, t.wrong_facts);
	bad = t.differences[INTERP] || t.differences[JIT] || t.wrong_facts || t.accepted < count / 20;
	return bad;
}
