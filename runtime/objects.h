/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the heap of a module: objects that its programs allocate (bpf_obj_new), which live in lists, trees and kernel
 * pointers. All its memory is taken at loading.
 *
 * Who still reads an object that was given up (the verifier allows it, as Linux does in an RCU section) reads what it
 * was, with its owning fields emptied, until the run ends: its memory is used again when all runs have ended that were
 * under way. Before another thread could see an object nobody else can hold it: then it is used again at once. Memory
 * that held an object of one type holds objects of that type for ever. It is all gone when the module is. Safe from
 * any thread. */
#ifndef IOV_RUNTIME_OBJECTS_H
#define IOV_RUNTIME_OBJECTS_H

#include "runtime/image.h"

/** Bytes of the largest object that any heap holds: for more, objects_make() gives NULL. */
enum { OBJECTS_LARGEST = (1 << 16) - 24 };

/** A heap of `bytes` for objects of the types, each once; `cpus`: copies of those for each CPU. */
enum iov_status objects_new(const struct iov_made_type *types, size_t count, uint32_t cpus, uint64_t bytes,
			    const struct iov_alloc *alloc, struct objects **out);
void objects_free(struct objects *heap);

/** A run on slot `cpu`, one at a time, begins and ends: only between these are objects looked at. */
void objects_enter(struct objects *heap, uint32_t cpu);
void objects_leave(struct objects *heap, uint32_t cpu);
/** From now on others may find it: `object` goes to a place that is shared. */
void objects_publish(void *object);
/** A new object, all zeros, with one owner; NULL when there is no room. `cpu`: who asks, to keep threads apart. */
void *objects_make(struct objects *heap, uint32_t type, bool per_cpu, uint32_t cpu);
/** One more owner of an object that has any: false when it has none any more. */
bool objects_share(void *object);
/** One owner less. The last one gone, it is given up, with all that only it owned. */
void objects_drop(void *object);
/** The object that `inside` points into. */
void *objects_around(const void *inside);
/** From a copy for each CPU to that of `cpu`; NULL when there is no such CPU. */
void *objects_of_cpu(void *object, uint32_t cpu);
/** Take everything out of the fields that own objects, of a map value or an object, and drop it. */
void objects_clear(const struct iov_fields *fields, void *at);

#endif
