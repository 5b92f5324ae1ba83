/* SPDX-License-Identifier: Apache-2.0 */
/* Random programs that the verifier accepts, each run on a few packets by the interpreter, by the JIT (which folds and
 * drops code as the facts allow), plain and hardened, by the checked engine, by the oracle, and with --kernel by the
 * live kernel where it takes them: verdict, packet and maps must agree. And every fact is held against the oracle's
 * runs: a constant that was not, a branch that went the other way, code that was "never reached".
 *
 *   diff-verified [--count N | --accepted N | --vectors] [--seed S] [--kernel] [--save FILE] [--replay FILE]
 * vectors: instead of random programs those of vectors.c, each row with corner values; all must be accepted
 * save: accepted programs and a digest of what they leave behind, for another machine, whose JIT alone replays them */
#include "runtime/jit/jit.h"
#include "runtime/load.h"
#include "runtime/maps/map.h"
#include "runtime/packet.h"
#include "testsuite/diff/verified/verified.h"
#include "testsuite/unit/jit/oracle.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum engine { ORACLE, INTERP, JIT, HARDENED, CHECKED, KERNEL, ENGINES };

static const char *const names[ENGINES] = {"oracle", "interpreter", "JIT", "JIT, hardened", "checked engine",
					   "live kernel"};
const uint32_t verified_lengths[PACKETS] = {64, 14, 150, 33};
static const struct iov_map_def defs[RANDOM_MAPS] = {
	{.name = "array", .type = 2, .key_size = 4, .value_size = ARRAY_VALUE, .max_entries = ARRAY_ENTRIES},
	{.name = "hash", .type = 1, .key_size = HASH_KEY, .value_size = HASH_VALUE, .max_entries = 4},
	{.name = "ring", .type = 27, .max_entries = RING_BYTES},
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
	struct iov_checked checked;
	uint64_t seed, generated, accepted, lengthy, cut, agreed[ENGINES], differences[ENGINES], wrong_facts;
	bool kernel;
	FILE *save;
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

void verified_value(uint64_t seed, uint32_t which, uint8_t *value, size_t size)
{
	uint64_t z = seed * 31 + which;

	for (size_t i = 0; i < size; i++) {
		z = z * 6364136223846793005u + 1442695040888963407u;
		value[i] = (uint8_t)(z >> 56);
	}
}

static void fill_maps(struct test *t)
{
	uint8_t value[ARRAY_VALUE];

	for (uint32_t i = 0; i < ARRAY_ENTRIES; i++) {
		verified_value(t->seed, i, value, ARRAY_VALUE);
		map_write(t->live[0], &i, value, 0);
	}
	for (uint64_t key = 0; key < HASH_KEYS; key++) {
		verified_value(t->seed, ARRAY_ENTRIES + (uint32_t)key, value, HASH_VALUE);
		map_write(t->live[1], &key, value, 0);
	}
}

int verified_record(void *ud, void *data, size_t len)
{
	struct outcome *o = ud;

	for (size_t i = 0; i < len; i++)
		o->ring = o->ring * 31 + ((const uint8_t *)data)[i];
	o->ring_bytes += len;
	return 0;
}

static int record(void *ud, const void *data, size_t len)
{
	return verified_record(ud, (void *)(uintptr_t)data, len);
}

static void read_maps(struct test *t, struct outcome *o)
{
	for (uint32_t i = 0; i < ARRAY_ENTRIES; i++)
		map_read(t->live[0], &i, o->array[i]);
	for (uint64_t key = 0; key < HASH_KEYS; key++)
		map_read(t->live[1], &key, o->hash[key]);
	ring_consume(t->live[2], UINT64_MAX, record, o);
}

void verified_fill(uint64_t seed, uint32_t n, uint8_t packet_[BUFFER])
{
	uint64_t z = seed * 77 + n;

	memset(packet_, 0, BUFFER);
	for (uint32_t i = 0; i < verified_lengths[n] && n; i++) {
		z = z * 6364136223846793005u + 1442695040888963407u;
		packet_[START + i] = (uint8_t)(z >> 56);
	}
}

static void run(struct test *t, const struct iov_image *image, enum engine engine, struct outcome *o)
{
	enum { FRAME_HEAD = 40 };
	uint64_t clock = 0;
	struct iov_env env = {.now = ticks, .now_ud = &clock, .rng = {t->seed, 99}, .checked = &t->checked};

	for (uint32_t n = 0; n < PACKETS; n++) {
		struct iov_ctx ctx = {.data = packet + START, .data_meta = packet + START, .head = packet + FRAME_HEAD,
				      .data_end = packet + START + verified_lengths[n], .tail_limit = packet + BUFFER};

		verified_fill(t->seed, n, packet);
		ctx.xdp.ingress_ifindex = 1;
		packet_arrives(&ctx);
		if (engine == ORACLE) {
			env.ctx = &ctx;
			o->verdicts[n] = (uint32_t)oracle_learn(image, &env, &ctx, t->learned);
		} else {
			o->verdicts[n] = (uint32_t)image_run(image, &env, &ctx);
		}
		o->start[n] = (uint32_t)(ctx.data - packet);
		o->length[n] = (uint32_t)(ctx.data_end - ctx.data);
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
static const char *belied(const struct iov_insn_fact *claim, const struct iov_insn_fact *seen, bool lookup,
			  uint64_t private)
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
	if (!seen->is_const && seen->value & private)
		return "bytes of the stack that only r10 reaches";
	return claim->divisor_nonzero && !seen->divisor_nonzero ? "divisor never 0" : NULL;
}

static void check_facts(struct test *t, const struct iov_facts *facts)
{
	for (uint32_t i = 0; i < t->random.count; i++) {
		bool lookup = t->random.insns[i].code == 0x85 && t->random.insns[i].imm == 1;
		const struct iov_isa_row *row = isa_find(&t->random.insns[i]);
		bool reaches = row && row->kind != ISA_K_ALU && row->kind != ISA_K_END;
		uint64_t private = reaches ? facts->sub_private[0] : 0;
		const char *what = belied(&facts->insns[i], &t->learned[i], lookup, private);

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

static void drop_maps(struct test *t)
{
	for (int i = 0; i < RANDOM_MAPS; i++)
		map_destroy(t->live[i]);
}

/* Programs whose loops may turn for hours are left out. Under the checked engine others are cut short, or what it
 * records fills the memory that a verification may take: then its run says nothing. */
enum { MOST_STEPS = 4000000, MAX_STEPS = 1000000 };

static bool run_image(struct test *t, enum engine engine)
{
	static const enum iov_engine engines[] = {
		[ORACLE] = IOV_ENGINE_INTERP, [INTERP] = IOV_ENGINE_INTERP, [JIT] = IOV_ENGINE_JIT,
		[HARDENED] = IOV_ENGINE_JIT, [CHECKED] = IOV_ENGINE_CHECKED,
	};
	struct iov_load how = {.platform = t->platform, .map_of = map_of, .ud = t, .engine = engines[engine]};
	struct iov_arena arena = {0};
	struct iov_image *image = NULL;
	struct iov_sink sink;

	if (engine == HARDENED)
		how.hardening = IOV_HARDEN_CONSTANTS | IOV_HARDEN_BRANCHES;
	sink_init(&sink, NULL);
	if (image_load(&t->prog, &how, &arena, &sink, &image) == IOV_OK && engine == ORACLE &&
	    image->facts->worst_insns > MOST_STEPS) {
		t->lengthy++;
		jit_free(image);
		image = NULL;
	} else if (image) {
		memset(t->learned, 0, engine == ORACLE ? sizeof(t->learned) : 0);
		fill_maps(t);
		run(t, image, engine, &t->outcomes[engine]);
		if (engine == ORACLE)
			check_facts(t, image->facts);
		jit_free(image);
	} else if (engine == CHECKED && sink.first) { /* what it records besides is too much */
		t->checked.cut = sink.first->id == DIAG_V_TOO_COMPLEX || sink.first->id == DIAG_V_LOOP_UNBOUNDED;
	}
	sink_free(&sink);
	arena_free(&arena);
	return image != NULL;
}

static bool run_engine(struct test *t, enum engine engine)
{
	struct iov_sink sink;
	bool ran = false;

	sink_init(&sink, NULL);
	memset(&t->outcomes[engine], 0, sizeof(t->outcomes[engine]));
	t->checked = (struct iov_checked){.max_steps = MAX_STEPS};
	if (make_maps(t, &sink))
		ran = run_image(t, engine);
	drop_maps(t);
	sink_free(&sink);
	if (t->checked.failed)
		printf("%s\n", t->checked.text);
	return ran && !t->checked.failed;
}

static void judge(struct test *t, enum engine engine, bool ran)
{
	if (engine == CHECKED && t->checked.cut && !t->checked.failed) {
		t->cut++;
		return;
	}
	if (ran && !memcmp(&t->outcomes[ORACLE], &t->outcomes[engine], sizeof(struct outcome))) {
		t->agreed[engine]++;
		return;
	}
	if (t->differences[engine]++ < 3) {
		printf("FAIL verified: seed %lu: %s differs from the oracle\n", t->seed, names[engine]);
		show(t);
	}
}

static uint64_t digest(const struct outcome *o)
{
	const uint8_t *bytes = (const uint8_t *)o;
	uint64_t sum = 0xcbf29ce484222325;

	for (size_t i = 0; i < sizeof(*o); i++)
		sum = (sum ^ bytes[i]) * 0x100000001b3;
	return sum;
}

/* Numbers that the verifier does not know come from what all engines agree on, not from time and chance: the packet's
 * length first, then the memory node. */
static void make(struct test *t, uint64_t seed)
{
	enum { KTIME = 5, PRANDOM = 7, NODE = 42, BUFF_LEN = 188 };

	t->seed = seed;
	t->generated++;
	t->random.state = seed * 0x9e3779b97f4a7c15u + 1;
	random_program(&t->random);
	t->sub.count = t->prog.count = t->random.count;
	for (uint32_t i = 0; i < t->random.count; i += isa_is_wide(&t->random.insns[i]) ? 2 : 1) {
		struct iov_insn *insn = &t->random.insns[i];

		if (insn->code == 0x85 && (insn->imm == KTIME || insn->imm == PRANDOM))
			insn->imm = i == 1 ? BUFF_LEN : NODE;
	}
}

/* The program itself: a compiler for another machine evaluates arguments in another order, and with them the
 * generator's random numbers. */
static void save(struct test *t)
{
	fprintf(t->save, "%" PRIu64 " %016" PRIx64 " %u", t->seed, digest(&t->outcomes[ORACLE]), t->random.count);
	for (uint32_t i = 0; i < t->random.count; i++) {
		uint8_t bytes[8];
		uint64_t word = 0;

		isa_encode(&t->random.insns[i], true, bytes);
		for (int n = 0; n < 8; n++)
			word = word << 8 | bytes[n];
		fprintf(t->save, " %016" PRIx64, word);
	}
	fputc('\n', t->save);
}

static bool restore(struct test *t, FILE *file, uint64_t *want)
{
	uint32_t count;

	if (fscanf(file, "%" SCNu64 " %" SCNx64 " %u", &t->seed, want, &count) != 3 || count > RANDOM_MAX + 16)
		return false;
	t->random.count = t->sub.count = t->prog.count = count;
	for (uint32_t i = 0; i < count; i++) {
		uint8_t bytes[8];
		uint64_t word;

		if (fscanf(file, " %" SCNx64, &word) != 1)
			return false;
		for (int n = 0; n < 8; n++)
			bytes[n] = (uint8_t)(word >> (56 - 8 * n));
		isa_decode(bytes, true, &t->random.insns[i]);
	}
	return true;
}

static void compare(struct test *t)
{
	int told;

	if (!run_engine(t, ORACLE))
		return;
	t->accepted++;
	for (int engine = INTERP; engine < KERNEL; engine++)
		judge(t, (enum engine)engine, run_engine(t, (enum engine)engine));
	if (t->save)
		save(t);
	if (!t->kernel)
		return;
	told = kernel_run(t->random.insns, t->random.count, t->seed, &t->outcomes[ORACLE], &t->outcomes[KERNEL]);
	if (told)
		judge(t, KERNEL, told > 0);
}

static void compare_vectors(struct test *t)
{
	for (uint64_t n = 0; n < vectors_count(); n++) {
		if (!vectors_program(n, &t->random))
			continue;
		t->seed = n;
		t->generated++;
		t->sub.count = t->prog.count = t->random.count;
		compare(t);
		if (t->accepted == t->generated)
			continue;
		printf("FAIL verified: program %" PRIu64 " of corner values is not accepted\n", n);
		show(t);
		t->accepted++;
		t->wrong_facts++;
	}
}

/* What this machine's JIT does with programs that another machine accepted and ran. */
static int replay(struct test *t, const char *path)
{
	FILE *file = fopen(path, "r");
	uint64_t want;

	while (file && restore(t, file, &want)) {
		if (run_engine(t, JIT) && digest(&t->outcomes[JIT]) == want) {
			t->agreed[JIT]++;
			continue;
		}
		if (t->differences[JIT]++ < 3) {
			printf("FAIL verified: seed %lu: this machine's JIT does otherwise\n", t->seed);
			show(t);
		}
	}
	if (file)
		fclose(file);
	printf("%s verified: replay: this machine's JIT, %lu programs do what the interpreter and the oracle did "
	       "elsewhere, %lu differences\n",
	       t->differences[JIT] || !t->agreed[JIT] ? "FAIL" : "PASS", t->agreed[JIT], t->differences[JIT]);
	return t->differences[JIT] || !t->agreed[JIT];
}

static int report(const struct test *t, uint64_t seed)
{
	bool bad = t->wrong_facts || t->accepted < t->generated / 20;

	for (int engine = INTERP; engine < (t->kernel ? ENGINES : KERNEL); engine++) {
		printf("%s verified: %s, %lu of %lu programs accepted, %lu run by it, seeds from %lu, "
		       "%lu differences\n",
		       t->differences[engine] ? "FAIL" : "PASS", names[engine], t->accepted, t->generated,
		       t->agreed[engine] + t->differences[engine], seed, t->differences[engine]);
		bad |= t->differences[engine] != 0;
	}
	if (t->lengthy)
		printf("%lu programs that may run for more than %d instructions were left out\n", t->lengthy,
		       MOST_STEPS);
	if (t->cut)
		printf("%lu programs were too long for the checked engine\n", t->cut);
	printf("%s verified: facts against %lu runs, %lu wrong\n", t->wrong_facts ? "FAIL" : "PASS",
	       t->accepted * PACKETS, t->wrong_facts);
	return bad;
}

struct options {
	uint64_t count, accepted, seed;
	const char *save, *replay;
	bool kernel, vectors;
};

static struct options parse(int argc, char **argv)
{
	static const struct option options[] = {
		{"count", required_argument, NULL, 'c'}, {"accepted", required_argument, NULL, 'a'},
		{"seed", required_argument, NULL, 's'}, {"save", required_argument, NULL, 'f'},
		{"replay", required_argument, NULL, 'r'}, {"kernel", no_argument, NULL, 'k'},
		{"vectors", no_argument, NULL, 'v'}, {0},
	};
	struct options o = {.count = 20000, .seed = 1};

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 'c')
			o.count = strtoull(optarg, NULL, 0);
		else if (c == 'a')
			o.accepted = strtoull(optarg, NULL, 0);
		else if (c == 's')
			o.seed = strtoull(optarg, NULL, 0);
		else if (c == 'f')
			o.save = optarg;
		else if (c == 'r')
			o.replay = optarg;
		else if (c == 'k')
			o.kernel = true;
		else if (c == 'v')
			o.vectors = true;
		else
			exit(2);
	}
	return o;
}

static void start(struct test *t)
{
	t->platform = platform_shipped("iovrun");
	for (int i = 0; i < RANDOM_MAPS; i++)
		t->maps[i] = &defs[i];
	t->sub = (struct iov_subprog){.name = "main"};
	t->prog = (struct iov_prog){.name = "random", .section = "xdp", .type = 6, .license = "GPL", .gpl = true,
				    .insns = t->random.insns, .maps = t->maps, .map_count = RANDOM_MAPS,
				    .subs = &t->sub, .sub_count = 1};
}

int main(int argc, char **argv)
{
	static struct test t;
	struct options o = parse(argc, argv);
	const char *missing = o.kernel ? kernel_open() : NULL;

	start(&t);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (o.replay)
		return replay(&t, o.replay);
	if (missing)
		printf("SKIP verified: live kernel: %s\n", missing);
	t.kernel = o.kernel && !missing;
	t.save = o.save ? fopen(o.save, "w") : NULL;
	if (o.vectors)
		compare_vectors(&t);
	for (uint64_t i = 0; !o.vectors && (o.accepted ? t.accepted < o.accepted : i < o.count); i++) {
		make(&t, o.seed + i);
		compare(&t);
	}
	if (t.save)
		fclose(t.save);
	return report(&t, o.seed);
}
