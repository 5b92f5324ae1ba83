/* SPDX-License-Identifier: Apache-2.0 */
/* The live kernel runs the program: BPF_PROG_LOAD, BPF_PROG_TEST_RUN. Maps are made once and filled anew each time; a
 * ring buffer that was used is made anew, because records show what lay there before. */
#include "testsuite/diff/verified/verified.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <unistd.h>

static int maps[RANDOM_MAPS];
static struct ring_buffer *ring;
static struct outcome *recorded;

static int record(void *ud, void *data, size_t len)
{
	(void)ud;
	return verified_record(recorded, data, len);
}

static bool make_ring(void)
{
	ring_buffer__free(ring);
	if (maps[2] > 0)
		close(maps[2]);
	maps[2] = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "ring", 0, 0, RING_BYTES, NULL);
	ring = maps[2] < 0 ? NULL : ring_buffer__new(maps[2], record, NULL, NULL);
	return ring != NULL;
}

const char *kernel_open(void)
{
	libbpf_set_print(NULL);
	maps[0] = bpf_map_create(BPF_MAP_TYPE_ARRAY, "array", 4, ARRAY_VALUE, ARRAY_ENTRIES, NULL);
	maps[1] = bpf_map_create(BPF_MAP_TYPE_HASH, "hash", HASH_KEY, HASH_VALUE, 4, NULL);
	if (maps[0] < 0 || maps[1] < 0 || !make_ring())
		return "it makes no maps for this user";
	return NULL;
}

static bool fill_maps(uint64_t seed)
{
	uint8_t value[ARRAY_VALUE];
	bool ok = true;

	for (uint32_t i = 0; i < ARRAY_ENTRIES; i++) {
		verified_value(seed, i, value, ARRAY_VALUE);
		ok &= !bpf_map_update_elem(maps[0], &i, value, BPF_ANY);
	}
	for (uint64_t key = 0; key < HASH_KEYS; key++) {
		verified_value(seed, ARRAY_ENTRIES + (uint32_t)key, value, HASH_VALUE);
		ok &= !bpf_map_update_elem(maps[1], &key, value, BPF_ANY);
	}
	return ok;
}

static void read_maps(struct outcome *o)
{
	for (uint32_t i = 0; i < ARRAY_ENTRIES; i++)
		bpf_map_lookup_elem(maps[0], &i, o->array[i]);
	for (uint64_t key = 0; key < HASH_KEYS; key++)
		bpf_map_lookup_elem(maps[1], &key, o->hash[key]);
	o->ring = o->ring_bytes = 0;
	recorded = o;
	ring_buffer__consume(ring);
}

static int load(const struct iov_insn *from, uint32_t count)
{
	struct bpf_insn insns[RANDOM_MAX + 16];

	for (uint32_t i = 0; i < count; i++) {
		bool map = from[i].code == 0x18 && from[i].src == BPF_PSEUDO_MAP_FD;

		insns[i] = (struct bpf_insn){.code = from[i].code, .dst_reg = from[i].dst & 15, .off = from[i].off,
					     .src_reg = from[i].src & 15, .imm = map ? maps[from[i].imm] : from[i].imm};
		if (from[i].code == 0x18 && ++i < count)
			insns[i] = (struct bpf_insn){.imm = from[i].imm};
	}
	return bpf_prog_load(BPF_PROG_TYPE_XDP, "random", "GPL", insns, count, NULL);
}

static bool run_packet(int prog, uint64_t seed, uint32_t n, struct outcome *o)
{
	uint8_t buffer[BUFFER], out[BUFFER];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = buffer + START, .data_size_in = verified_lengths[n],
		    .data_out = out, .data_size_out = sizeof(out), .repeat = 1);

	verified_fill(seed, n, buffer);
	if (bpf_prog_test_run_opts(prog, &opts))
		return false;
	o->verdicts[n] = opts.retval;
	o->length[n] = opts.data_size_out;
	if (opts.data_size_out <= BUFFER - o->start[n])
		memcpy(o->packets[n] + o->start[n], out, opts.data_size_out);
	return true;
}

int kernel_run(const struct iov_insn *insns, uint32_t count, uint64_t seed, const struct outcome *like,
	       struct outcome *o)
{
	int prog = load(insns, count);
	bool ran;

	if (prog < 0)
		return 0;
	*o = *like;
	ran = fill_maps(seed);
	for (uint32_t n = 0; n < PACKETS && ran; n++)
		ran = run_packet(prog, seed, n, o);
	close(prog);
	read_maps(o);
	ran &= !o->ring_bytes || make_ring();
	return ran ? 1 : -1;
}
