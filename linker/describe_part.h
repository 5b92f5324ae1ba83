/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the files that make up a description share. Commas stand before whatever follows another value, so that
 * callers never count. */
#ifndef IOV_LINKER_DESCRIBE_PART_H
#define IOV_LINKER_DESCRIBE_PART_H

#include "linker/describe.h"

#include "asm/base/text.h"

struct describe {
	const struct iov_object *obj;
	const struct iov_module_desc *m; /* or NULL */
	struct iov_arena *arena;
	struct iov_buf *out;
	struct iov_manifest manifest;
	uint8_t *named;  /* by type id: described under "types" */
	uint32_t budget; /* members that may still be written: what nests may double at each level */
};

/* Begin a value in a list, or a member; a member's value follows. */
void json_item(struct describe *d);
void json_line(struct describe *d); /* the same on a line of its own */
/* An object in a list, open; on a line of its own; a text in a list. */
void json_begin(struct describe *d);
void json_row(struct describe *d);
void json_word(struct describe *d, const char *text);
void json_key(struct describe *d, const char *key);
/* Members. text NULL: null. */
void json_text(struct describe *d, const char *key, const char *text);
void json_number(struct describe *d, const char *key, uint64_t value);
void json_flag(struct describe *d, const char *key, bool value);
void json_digest(struct describe *d, const char *key, const uint8_t digest[IOV_SHA256_BYTES]);

/* A member that is a list or an object, open; the same as a part of the document. */
void json_open(struct describe *d, const char *key, char bracket);
void json_part(struct describe *d, const char *key, char bracket);

/* Member `key`: a type with its size and what it is made of; 0: null. Named structs are marked for "types". */
void describe_type(struct describe *d, const char *key, uint32_t type);
/* Member "types": those that were marked, and what they are made of. */
void describe_types(struct describe *d);
/* Members "programs", "maps" and "globals", and "parameters", "events", "limits" and "ports". */
void describe_progs(struct describe *d);
void describe_maps(struct describe *d);
void describe_globals(struct describe *d);
void describe_manifest(struct describe *d);
/* Member "needs". */
void describe_needs(struct describe *d);

#endif
