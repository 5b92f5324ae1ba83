/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: joining the types of inputs; one that says what a type of an earlier input says is found before it is copied.
 * That finds most, not all (one input's own doubles, types that differ behind a forward declaration): whoever joins
 * calls btf_canonicalise afterwards, and its result does not depend on what was found here. */
#ifndef IOV_LINKER_SAME_H
#define IOV_LINKER_SAME_H

#include "linker/object/btf_raw.h"

struct same_slot {
	uint32_t hash, id; /* id 0: free */
};

/** Types joined so far, and the input at hand. */
struct same {
	struct iov_btf *into; /**< [0] is void */
	size_t room;          /**< types that into->types has room for */
	struct iov_arena *arena; /**< of what `into` points to */
	struct iov_arena scratch;
	struct same_slot *table; /**< joined types by hash, open addressing */
	uint32_t table_size, used;
	const struct iov_btf_raw *raw;
	uint32_t *map, *hash; /**< by id of the input: among the joined types; 0: not yet */
	uint32_t *trail;      /**< ids whose `map` is a guess that stands or falls with the others */
	uint32_t trail_count;
	uint64_t budget; /**< words that may still be compared in vain */
};

/** Begin with nothing but void joined. `most`: types of the largest input; `all`: of all of them, for which there is
 * room from the start, so that what is joined is never moved (pages that nothing is written to cost nothing). */
enum iov_status same_begin(struct same *s, struct iov_btf *into, uint32_t most, uint32_t all, struct iov_arena *arena);
/** Join the types of one input. `map`: raw->count zeroed words; by id, what each type is among the joined ones (data
 * sections: nothing). */
enum iov_status same_join(struct same *s, const struct iov_btf_raw *raw, uint32_t *map);
void same_end(struct same *s);

#endif
