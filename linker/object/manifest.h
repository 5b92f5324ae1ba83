/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: section .iov.manifest: records about an object, in the object. Nothing in it is trusted: a runtime verifies
 * again; what a record says of a program counts as absent when the program's code digest is another one by now.
 *
 * The section is a row of frames, each a multiple of 8 bytes, so that sections which a linker puts one behind the other
 * stay readable; zero bytes between frames are passed over. A frame, little-endian whatever the object's order:
 *
 *	magic "IOVM", u16 version (1), u16 kind, u32 length, u32 CRC-32C of the 8 bytes before it and the payload,
 *	payload (length bytes), zeros up to a multiple of 8
 *
 * The payloads of facts and evidence are fields: u16 tag, u32 length, value. Integers are 8 bytes, text has no NUL at
 * its end, a repeated or nested value is a field whose value is fields. Unknown kinds, versions and tags are passed
 * over. The same object gives the same records: no time, no path. iov-manifest(5) lists the tags. */
#ifndef IOV_OBJECT_MANIFEST_H
#define IOV_OBJECT_MANIFEST_H

#include "asm/base/digest.h"
#include "asm/isa/facts.h"
#include "linker/object/object.h"

#define IOV_MANIFEST_SECTION ".iov.manifest"

enum iov_record_kind {
	IOV_RECORD_SOURCE = 1,   /**< the source manifest, as text */
	IOV_RECORD_FACTS = 2,    /**< what was computed about one program */
	IOV_RECORD_EVIDENCE = 3, /**< that one program was accepted for one platform */
	IOV_RECORD_SIGNATURE = 4,
};

/** One frame whose checksum is right. */
struct iov_record {
	uint16_t kind, version;
	const uint8_t *data; /**< payload, in the object's bytes */
	uint32_t len;
	uint32_t offset; /**< of the frame in the section */
};

/** At most this many calls of a helper in one run. */
struct iov_record_call {
	const char *name; /**< "map_lookup_elem" */
	uint32_t id;      /**< 0: a kernel function */
	uint64_t most;    /**< UINT64_MAX: not bounded by a number */
};

/** A map that a program names, and the digest of its layout: type, sizes, flags, BTF of key and value. */
struct iov_record_map {
	const char *name;
	uint8_t layout[IOV_SHA256_BYTES];
};

struct iov_record_facts {
	const char *program, *section;
	uint32_t type, attach_type; /**< uapi */
	uint32_t isa;               /**< lowest -mcpu=vN that runs it */
	uint32_t slots;             /**< instructions with all functions that it reaches, in slots of 8 bytes */
	uint64_t worst_insns;       /**< executed in one run at most; UINT64_MAX: not bounded by a number */
	uint32_t stack, frames;     /**< bytes and frames of the deepest call chain */
	uint64_t map_bytes;         /**< keys and values of its maps, full */
	const struct iov_record_call *calls;
	uint32_t call_count;
	const struct iov_record_map *maps;
	uint32_t map_count;
	uint8_t code[IOV_SHA256_BYTES]; /**< manifest_code_digest */
	bool current;                   /**< reading: the object's program has this digest */
};

struct iov_record_evidence {
	const char *program, *platform;
	const char *verifier; /**< "iovcc 0.1.0" */
	uint64_t processed;   /**< instructions that verification went through */
	uint32_t states;
	uint8_t rules[IOV_SHA256_BYTES]; /**< digest of the platform as it was: platform_digest */
	uint8_t code[IOV_SHA256_BYTES];
	bool has_target;                  /**< verified against a target's types, with this digest (iov_btf.digest) */
	uint8_t target[IOV_SHA256_BYTES];
	bool current; /**< reading: as in facts */
};

/** What a section says. Everything lives in the object and the arena given to manifest_read. */
struct iov_manifest {
	const struct iov_record *records; /**< every good frame, in order */
	uint32_t record_count;
	const struct iov_record_facts *facts;
	uint32_t fact_count;
	const struct iov_record_evidence *evidence;
	uint32_t evidence_count;
	uint32_t damaged; /**< frames and payloads that could not be read */
};

/** Append one frame. */
void manifest_put(struct iov_buf *out, uint16_t kind, const void *payload, uint32_t len);
void manifest_put_facts(struct iov_buf *out, const struct iov_record_facts *facts);
void manifest_put_evidence(struct iov_buf *out, const struct iov_record_evidence *evidence);

/** Make `records` the object's section; empty: take the section away. They are copied into the object's arena. */
enum iov_status manifest_set(struct iov_object *obj, const struct iov_buf *records);

/** Read the section; none: an empty manifest. What cannot be read is a warning in the sink, and counted. IOV_OK or
 * IOV_NOMEM. */
enum iov_status manifest_read(const struct iov_object *obj, struct iov_arena *arena, struct iov_sink *sink,
			      struct iov_manifest *out);

/** The digest of program number `index` as it would be loaded: instructions of all functions that it reaches, the maps
 * and externs that they name, constants in .rodata. CO-RE relocations are as the compiler left them. The same before
 * and after debug information is stripped or sections are moved. */
enum iov_status manifest_code_digest(const struct iov_object *obj, uint32_t index, struct iov_arena *arena,
				     struct iov_sink *sink, uint8_t out[IOV_SHA256_BYTES]);
/** The digest of a map's layout. */
enum iov_status manifest_map_digest(const struct iov_object *obj, const struct iov_map_def *map,
				    uint8_t out[IOV_SHA256_BYTES]);

/** What the verifier proved of `prog` as facts without digests: for manifest_print_cost. */
enum iov_status manifest_cost(const struct iov_prog *prog, const struct iov_facts *proved, struct iov_arena *arena,
			      struct iov_record_facts *out);

/** Facts of program number `index` from what the verifier proved of `prog`, ready for manifest_put_facts. */
enum iov_status manifest_facts(const struct iov_object *obj, uint32_t index, const struct iov_prog *prog,
			       const struct iov_facts *proved, struct iov_arena *arena, struct iov_sink *sink,
			       struct iov_record_facts *out);

/** Append a manifest, or the worst case of one program alone (four lines, indented), as text; as one JSON object. Names
 * are made printable. */
void manifest_print(const struct iov_manifest *m, struct iov_buf *out);
void manifest_print_cost(const struct iov_record_facts *f, struct iov_buf *out);
void manifest_json(const struct iov_manifest *m, struct iov_buf *out);
void manifest_json_cost(const struct iov_record_facts *f, struct iov_buf *out);

#endif
