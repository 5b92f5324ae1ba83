/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the parts of the packet differential share. One object and one list of frames go through several engines
 * (the live kernel, our interpreter, our JIT); each gives verdicts, frames, map contents and ring-buffer records in the
 * plain structs below, and compare.c puts them side by side. The BTF used for names, masks and sums is read by libbpf,
 * not by our own reader, so that an error of ours in it cannot hide itself. */
#ifndef IOV_DIFF_PACKETS_H
#define IOV_DIFF_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct btf;
struct bpf_map;
struct bpf_object;

struct frame {
	const uint8_t *data;
	uint32_t len;
	uint64_t time_ns;
};

struct frames {
	struct frame *at;
	uint32_t count;
	void *file; /**< the bytes, owned */
};

struct result {
	uint32_t verdict;
	uint32_t len;
	uint8_t *data;
};

/** One entry of a map: key_size + value_size bytes. Per-CPU values are summed, one value each. */
struct entry {
	uint8_t *key, *value;
};

struct map_dump {
	char name[64];
	uint32_t type, key_size, value_size, key_btf, value_btf;
	struct entry *entries;
	uint32_t count;
	bool ring; /**< a ring buffer: entries are its records in order, value_sizes[i] bytes each */
	uint32_t *value_sizes;
};

struct trial {
	struct result *results; /**< one a frame */
	struct map_dump *maps;  /**< by name */
	uint32_t map_count;
};

enum outcome { RAN, SKIPPED, FAILED };

struct job {
	const char *object;  /**< path */
	const char *program; /**< the one to run; others in the object may be reached by tail calls */
	uint32_t type;       /**< of a program that is loaded alone */
	bool skb;            /**< it runs on a socket buffer, not at XDP */
	bool below_link;     /**< its packets begin at the network layer */
	const char *rules;   /**< YAML that fills maps before the run, or NULL */
	uint32_t pulled;     /**< bytes of link header that TEST_RUN hides from socket filters */
	const char *config;  /**< the running kernel's configuration, a text file, or NULL */
	bool alone;          /**< it is loaded without the object's other programs, CO-RE against the running kernel */
	bool tight;          /**< no tailroom: behind the frame lies memory that faults */
	const struct frames *frames;
	struct bpf_object *bpf; /**< the object as libbpf opened it: sizes and types of its maps */
	struct btf *btf;        /**< of the object */
	struct trial presets;   /**< what `rules` put into the maps, read back from our runtime; entries alone */
};

/** Each fills `run` or says in `why` (512 bytes) why not. */
enum outcome kernel_run(const struct job *job, struct trial *run, char *why);
enum outcome own_run(struct job *job, const char *engine, struct trial *run, char *why);

/** Entries (a ring buffer: bytes) for a map that leaves it to its loader; 0: it has a size. */
uint32_t loader_size(const struct bpf_map *map);
/** Whether BPF_PROG_TEST_RUN takes the frame: 14 bytes at least, and socket buffers with a whole IP header. */
bool kernel_takes(const struct job *job, const struct frame *frame);

/** Frames of a classic pcap file, Ethernet. False with a message on stderr. */
bool frames_read(const char *path, struct frames *frames);

/** `count` frames made from `from` by changing bytes, cutting and lengthening; the same ones each time. */
struct frames frames_mutated(const struct frames *from, uint32_t count);
void frames_free(struct frames *frames);

/** Compare and print what differs on stderr; the numbers of differences. */
uint32_t compare_verdicts(const struct job *job, const struct trial *want, const struct trial *got,
			  const char *names[2]);
uint32_t compare_frames(const struct job *job, const struct trial *want, const struct trial *got, const char *names[2]);
uint32_t compare_maps(const struct job *job, const struct trial *want, const struct trial *got, const char *names[2]);

/** Zero the time fields (names ending in _ns) and list heads of a value of BTF type `type`. */
void mask_times(const struct btf *btf, uint32_t type, uint8_t *value, uint32_t size);
/** Add `more` to `sum` field by field. Without BTF: in 64-bit words. */
void sum_value(const struct btf *btf, uint32_t type, uint8_t *sum, const uint8_t *more, uint32_t size);

/** Whether the object has, or asks for, a variable of this name. */
bool has_variable(const struct btf *btf, const char *name);

/** Type of the records of ring buffer `map`, named by its declaration tag (stdlib/include/iov/record.h); 0: none. */
uint32_t record_type(const struct btf *btf, const char *map);

void *need(void *allocated);
struct map_dump *trial_add_map(struct trial *run, const char *name);
struct entry *map_add_entry(struct map_dump *map, const void *key, const void *value, uint32_t value_size);
void trial_finish(const struct job *job, struct trial *run); /**< masks times, sorts maps and entries */
void trial_free(struct trial *run, uint32_t frame_count);

#endif
