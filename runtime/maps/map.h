/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: struct iov_map and the table of operations that each map type fills in. Semantics and errno values (negative,
 * in r0 or as the result) are the kernel's, uapi linux/bpf.h and kernel/bpf/{arraymap,hashtab,lpm_trie,ringbuf}.c as
 * documented in bpf/map_*.rst.
 *
 * Invariants: all memory is taken at creation, the data path allocates nothing; memory of a deleted element stays part
 * of the map, so a value pointer never dangles while the map lives. Every operation is safe from any thread; the bytes
 * of a value are the program's own to guard, as in the kernel. */
#ifndef IOV_RUNTIME_MAPS_MAP_H
#define IOV_RUNTIME_MAPS_MAP_H

#include "runtime/image.h"

/** Update flags (uapi BPF_ANY, BPF_NOEXIST, BPF_EXIST, BPF_F_LOCK) and creation flags. */
enum { IOV_ANY = 0, IOV_NOEXIST = 1, IOV_EXIST = 2, IOV_F_LOCK = 4 };
enum {
	IOV_F_NO_PREALLOC = 1 << 0, IOV_F_NO_COMMON_LRU = 1 << 1, IOV_F_NUMA_NODE = 1 << 2, IOV_F_RDONLY = 1 << 3,
	IOV_F_WRONLY = 1 << 4, IOV_F_ZERO_SEED = 1 << 6, IOV_F_RDONLY_PROG = 1 << 7, IOV_F_WRONLY_PROG = 1 << 8,
	IOV_F_MMAPABLE = 1 << 10, IOV_F_PRESERVE_ELEMS = 1 << 11, IOV_F_INNER_MAP = 1 << 12,
	IOV_F_ACCESS = IOV_F_RDONLY | IOV_F_WRONLY | IOV_F_RDONLY_PROG | IOV_F_WRONLY_PROG,
};

/** Visit of one element; a non-zero result ends the walk. */
typedef int64_t iov_map_visit_fn(void *ud, const void *key, void *value);

/** What a map type does. An operation that is NULL answers -EOPNOTSUPP (lookup: NULL). `cpu` is the slot of per-CPU
 * maps. Operations for programs: lookup, update, erase, push, pop, peek, each; for the host: the rest as well. */
struct iov_map_ops {
	uint32_t type; /**< uapi BPF_MAP_TYPE_* */
	bool per_cpu;
	uint32_t flags; /**< creation flags that it takes */
	/** NULL when the definition is fine, else what is wrong with it. */
	const char *(*check)(const struct iov_map_def *def);
	/** Bytes of memory that the type wants at map->state, uninitialised (UINT64_MAX: more than there can be); and
	 * how it sets them up. */
	uint64_t (*bytes)(const struct iov_map_def *def, uint32_t cpus);
	void (*init)(struct iov_map *map);
	void *(*lookup)(struct iov_map *map, const void *key, uint32_t cpu);
	/** Helper `id` for this very map, to be called in its stead; or NULL. */
	iov_helper_fn *(*helper)(const struct iov_map *map, uint32_t id);
	int64_t (*update)(struct iov_map *map, const void *key, const void *value, uint64_t flags, uint32_t cpu);
	int64_t (*erase)(struct iov_map *map, const void *key);
	int64_t (*push)(struct iov_map *map, const void *value, uint64_t flags);
	int64_t (*pop)(struct iov_map *map, void *value);
	int64_t (*peek)(struct iov_map *map, void *value);
	/** Every element in turn, for bpf_for_each_map_elem: the callback may erase the element it stands on. The
	 * result is the number of elements visited. */
	int64_t (*each)(struct iov_map *map, iov_map_visit_fn *visit, void *ud, uint32_t cpu);
	/** Copy out, in: per-CPU types take map->cpus values of map->head.stride bytes. */
	int64_t (*read)(struct iov_map *map, const void *key, void *value);
	int64_t (*write)(struct iov_map *map, const void *key, const void *value, uint64_t flags);
	/** Key after `key` (NULL or gone: the first); -ENOENT at the end. */
	int64_t (*next_key)(struct iov_map *map, const void *key, void *next);
	/** Copies of key and value of the first element at place *at or behind it, and the place after it: a walk that
	 * goes on whatever others do, and meets each element that stays, once; value NULL: the key alone. -ENOENT at
	 * the end. */
	int64_t (*next_at)(struct iov_map *map, uint64_t *at, void *key, void *value);
	/** Read and erase at once. */
	int64_t (*take)(struct iov_map *map, const void *key, void *value);
	/** Elements that may be at one time, each with its timer; NULL: values with timers are refused. */
	uint32_t (*elements)(const struct iov_map_def *def, uint32_t cpus);
	/** Elements, for bpf_map_sum_elem_count. */
	int64_t (*count)(const struct iov_map *map);
	/** Bytes of values from address `at` on; 0: no value lies there. NULL: programs have no addresses of values. */
	uint64_t (*room)(const struct iov_map *map, uint64_t at);
};

struct iov_map {
	struct iov_map_head head; /**< head.stride: value_size rounded up to 8, also of per-CPU values */
	const struct iov_map_ops *ops;
	const struct iov_map_def *def;
	const struct iov_alloc *alloc;
	const struct iov_module *module; /**< that it belongs to, or NULL */
	uint32_t key_size, value_size, flags;
	uint32_t cpus;        /**< copies of each value in per-CPU types, else 1 */
	uint32_t slots;       /**< of per-CPU maps in this module: threads that may run at once */
	uint32_t lock_off;    /**< offset of struct bpf_spin_lock in the value, UINT32_MAX: none */
	bool owns;            /**< values have fields that own things: timers, lists, trees, kernel pointers */
	bool frozen;          /**< the host may not write any more */
	uint32_t owner_type;  /**< program arrays: type + 1 of the programs that use it or are in it, 0: none yet */
	uint64_t seed;        /**< of the hash function */
	struct timers *timers;/**< of its values, or NULL */
	uint64_t timers_size;
	void *state;          /**< the type's own */
	uint64_t state_size;  /**< bytes at `state` */
};

static inline uint32_t map_round8(uint32_t size) { return (size + 7) & ~7U; }

/** a * b, UINT64_MAX when it does not fit. */
static inline uint64_t map_times(uint64_t a, uint64_t b)
{
	uint64_t product;

	return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

/** The operations of a type, or NULL when this runtime has none. */
const struct iov_map_ops *map_ops(uint32_t type);

/** How maps are made: per-CPU slots, key of the hash functions, most bytes for one map (0: no limit); what knows why a
 * type is not there, or NULL. */
struct iov_map_options {
	uint32_t cpus;
	uint64_t seed, max_bytes;
	const struct iov_platform *platform;
};

/** Make a map. IOV_DIAGNOSED says what is wrong with `def`, which must outlive the map. */
enum iov_status map_create(const struct iov_map_def *def, const struct iov_map_options *options,
			   const struct iov_alloc *alloc, struct iov_sink *sink, struct iov_map **out);
void map_destroy(struct iov_map *map);

/** Zeros where a copy of a value has locks, timers and the like: they are no one's to read. */
void map_hide(const struct iov_map *map, void *value);
enum { MAP_ALL_CPUS = UINT32_MAX };
/** Copy values of a per-CPU map in, or out, leaving special fields alone: those of one CPU (`from`: one value), or of
 * all. */
void map_copy_cpus(const struct iov_map *map, void *to, const void *from, uint32_t cpu);
/** What the fields of a value, or of several in a row, own is given up: the element is gone, or was set anew. */
void map_release(struct iov_map *map, void *value, uint32_t copies);
static inline void map_drop(struct iov_map *map, void *value)
{
	if (map->owns)
		map_release(map, value, map->cpus);
}
/** The special fields of an element that is new. One that holds an old pointer to its memory may have started a timer
 * there: that one goes. The memory is zeros when it is first used. */
void map_renew(struct iov_map *map, void *value);
/** Copy a value in, leaving locks and timers in it alone; with IOV_F_LOCK in `flags` under its lock. */
void map_copy_value(const struct iov_map *map, void *to, const void *from, uint64_t flags);
/** Copy a value out under its lock; what is no one's to read is zeros. */
void map_copy_locked(const struct iov_map *map, void *to, const void *from);
/** -EINVAL, or 0 when a program's update flags are among those that keyed maps know. */
int64_t map_check_flags(uint64_t flags);

/** Host access, as bpf(2): 0 or a negative errno. Per-CPU types: value holds map->cpus * map->head.stride bytes. */
int64_t map_read(struct iov_map *map, const void *key, void *value);
int64_t map_write(struct iov_map *map, const void *key, const void *value, uint64_t flags);
int64_t map_erase(struct iov_map *map, const void *key);
int64_t map_next_key(struct iov_map *map, const void *key, void *next);
int64_t map_take(struct iov_map *map, const void *key, void *value);
/** Several at once, as bpf(2): *count elements are asked for and told. `at` is 0 for the first call; -ENOENT: the end,
 * and *count may be above 0. */
int64_t map_read_batch(struct iov_map *map, uint64_t *at, void *keys, void *values, uint32_t *count, uint64_t flags,
		       bool take);
int64_t map_write_batch(struct iov_map *map, const void *keys, const void *values, uint32_t *count, uint64_t flags);
int64_t map_erase_batch(struct iov_map *map, const void *keys, uint32_t *count, uint64_t flags);
/** `next_key` of types whose keys are the numbers from 0 to max_entries. */
int64_t map_next_index(struct iov_map *map, const void *key, void *next);
/** Bytes that map_read gives. */
size_t map_read_size(const struct iov_map *map);

/** Ring buffers and arrays of perf events. */
static inline bool map_is_ring(const struct iov_map *map) { return map->head.type == 27 || map->head.type == 4; }

/** Storage (storage.c): a value that no key has, for when there is no room; all programs get the same. */
void *storage_spare(struct iov_map *map, uint32_t cpu);

/** Ring buffers (ring.c). Records: 8-byte header before the data, as the kernel's. */
void *ring_reserve(struct iov_map *map, uint64_t size, uint64_t flags);
void ring_commit(void *sample, uint64_t flags, bool discard);
int64_t ring_output(struct iov_map *map, const void *data, uint64_t size, uint64_t flags);
uint64_t ring_query(struct iov_map *map, uint64_t flags);
/** Hand every complete record to `visit` (one consumer at a time), `most` at most, discarded ones counted; a non-zero
 * result stops. Records consumed. */
uint64_t ring_consume(struct iov_map *map, uint64_t most, int (*visit)(void *ud, const void *data, size_t len),
		      void *ud);
/** One program at a time drains a user ring buffer: false when another does. */
bool ring_claim(struct iov_map *map);
void ring_release(struct iov_map *map);

/** A program array is for programs of one type, as in the kernel: false when another type has it already. */
bool table_claim(struct iov_map *map, uint32_t prog_type);
/** Slot `index` of a program array; the image is one prepared for the engine that runs, NULL empties the slot. */
int64_t table_set_image(struct iov_map *map, uint32_t index, const struct iov_image *image);
/** The id of the control group in slot `index`, which is in the array; 0: none. */
uint64_t table_group(const struct iov_map *map, uint32_t index);
/** Put `inner` into a map of maps; -EINVAL when it is not like the template that the verifier went by. */
int64_t table_set_map(struct iov_map *map, const void *key, struct iov_map *inner);
/** Likewise for a hash of maps, without that look: a key that is there goes from one map to the other at once. */
int64_t hash_set_inner(struct iov_map *map, const void *key, struct iov_map *inner);

#endif
