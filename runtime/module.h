/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what is behind the opaque types of iov/iov.h. The tool over libiov (run/) looks in here for types and names. */
#ifndef IOV_RUNTIME_MODULE_H
#define IOV_RUNTIME_MODULE_H

#include "linker/object/object.h"
#include "runtime/include/iov/iov.h"
#include "runtime/load.h"
#include "runtime/maps/map.h"

struct iov_program {
	const struct iov_object_prog *source;
	struct iov_prog *prog;
	struct iov_image *image;
	const struct iov_prog_type *type;
};

struct iov_module {
	struct iov_arena arena;
	const struct iov_alloc *alloc;
	struct iov_alloc hook;
	struct iov_object *object;
	struct iov_map **maps;        /**< in the object's order, without those left out; before: some NULL */
	uint32_t map_count;
	struct jit_pool pool;         /**< machine code of all of them */
	struct iov_program *programs; /**< loaded ones, in the object's order */
	uint32_t program_count;
	bool *given;                  /**< by index of object->externs: settings that have a value; NULL: none has */
	struct objects *objects;      /**< that programs allocate, or NULL */
	struct iov_own_helper { const char *name; iov_helper_fn *call; } *helpers; /**< the host's */
	size_t helper_count, helper_room;
	uint32_t cpus;
	uint64_t seed;
	bool loaded, failed;
};

struct iov_worker {
	const struct iov_module *module;
	struct iov_env env;
	struct iov_ctx ctx;
	struct iov_checked checked;
	size_t at;                    /**< in the burst */
};

enum { IOV_HEADROOM_RESERVED = 40, IOV_XDP = 6 };

enum iov_result module_result(enum iov_status status);
/** Says it, for a call that comes too late or too early. */
enum iov_result module_out_of_order(struct iov_sink *sink, const char *what);
/** Settings that nobody gave: those that the platform answers get their value; any other is diagnosed, unless weak. */
enum iov_status settings_complete(struct iov_module *m, const struct iov_platform *platform, struct iov_sink *sink);
static inline bool module_has(const struct iov_module *m, const struct iov_program *program)
{
	return (uintptr_t)program - (uintptr_t)m->programs < m->program_count * sizeof(*program);
}

#endif
