/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what can be said before linking, for iovcc -c, iovld and iovverify alike: functions that no program calls, and
 * by name what was taken on trust of other objects. None of it is ever recorded as evidence. */
#ifndef IOV_ASSESS_UNLINKED_H
#define IOV_ASSESS_UNLINKED_H

#include "backend/verify/verify.h"
#include "linker/object/object.h"

/** The program relies on something that another object defines. */
bool unlinked_any(const struct iov_prog *p);
/** What it relies on, each name once: "parse()", "map flows", "total". */
struct unlinked_name {
	const char *after, *before, *name;
	uint32_t insn; /**< that uses it first */
};
struct unlinked_names {
	struct unlinked_name *names; /**< in the arena */
	uint32_t count;
};
/** Those of the slots from `begin` to `end`. IOV_NOMEM or IOV_OK. */
enum iov_status unlinked_names(const struct iov_prog *p, uint32_t begin, uint32_t end, struct iov_arena *arena,
			       struct unlinked_names *out);
/** An error for each: this is all there will be of the program. */
void unlinked_errors(const struct iov_prog *p, const struct unlinked_names *names, struct iov_sink *sink);
/** A note that names it function by function, with what was not followed because no type is known. */
void unlinked_note(const struct iov_prog *p, const struct iov_facts *facts, struct iov_arena *arena,
		   struct iov_sink *sink);

/** The object's "program" is a function for other objects to call: nothing makes it a program on this platform. */
bool unlinked_is_function(const struct iov_object_prog *p, const struct iov_platform *platform);

/** Other objects can call the function, and its prototype is known. */
bool unlinked_callable(const struct iov_object *obj, uint32_t func);
/** A function and how it is to be verified. */
struct unlinked_function {
	const struct iov_object *obj;
	uint32_t func;
	const struct iov_platform *platform;
	const struct iov_btf *target;
	const struct iov_verify_options *how;
};
/** Verify a global function from its prototype, as a function of the first type of program that it is accepted for:
 * types whose context it takes, or any. *prog is of that type; when none accepts, it is of the first, and the sink has
 * what that one found. IOV_DIAGNOSED then, and when there is no prototype (*prog is NULL). */
enum iov_status unlinked_verify(const struct unlinked_function *f, struct iov_arena *arena, struct iov_sink *sink,
				struct iov_prog **prog, struct iov_facts *facts);

/** Mark the functions of the object that are part of the program, by function. */
void unlinked_mark(const struct iov_object *obj, const struct iov_prog *p, bool *reached);
/** A note that names functions that are part of nothing that was checked. */
void unlinked_rest(const struct iov_object *obj, const bool *reached, struct iov_arena *arena, struct iov_sink *sink);

#endif
