/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: reading YAML strictly into a tree with a position at every node. Used for platform files, rules and
 * configuration. libyaml is used in this folder alone.
 *
 * Taken: one document of mappings, sequences and scalars, block or flow style (JSON is YAML), UTF-8. Refused, each with
 * its position: anchors, aliases, tags, merge keys, directives, several documents, duplicate keys, keys that are not
 * scalars, control characters, invalid UTF-8, nesting deeper than YML_MAX_DEPTH, input longer than YML_MAX_BYTES.
 * There is no guessing of types: a scalar is text until a getter asks for a number or a boolean. `no` is a string;
 * booleans are true and false.
 *
 * The tree lives in the arena given; libyaml's own memory comes from the C library and is gone on return. */
#ifndef IOV_YAML_YAML_H
#define IOV_YAML_YAML_H

#include "asm/base/buf.h"
#include "asm/base/diag.h"

enum { YML_MAX_DEPTH = 32, YML_MAX_BYTES = 8 << 20 };

enum iov_yaml_kind { IOV_YAML_NULL, IOV_YAML_SCALAR, IOV_YAML_SEQUENCE, IOV_YAML_MAPPING };

/** A node. NULL stands for "null", "~" and nothing at all. */
struct iov_yaml {
	enum iov_yaml_kind kind;
	bool quoted; /**< the scalar was written in quotes or as a block: never a number or boolean */
	const char *text;                /**< scalar, NUL-terminated; no NUL inside */
	size_t len;                      /**< bytes of text */
	uint32_t count;                  /**< items of a sequence, pairs of a mapping */
	const struct iov_yaml **items;   /**< sequence: items; mapping: values */
	const struct iov_yaml **keys;    /**< mapping: keys, in the order of the file */
	const uint32_t *sorted;          /**< mapping: indices ordered by key */
	struct iov_span where;
};

/** Read a document. IOV_OK, IOV_DIAGNOSED or IOV_NOMEM; *root is never NULL on IOV_OK (an empty document is refused).
 * `file` is kept, not copied. */
enum iov_status yml_read(const void *bytes, size_t len, const char *file, struct iov_arena *arena,
			  struct iov_sink *sink, const struct iov_yaml **root);
/** The same for a file ("-": standard input). */
enum iov_status yml_read_file(const char *path, struct iov_arena *arena, struct iov_sink *sink,
			       const struct iov_yaml **root);

/** Value of a key, or NULL when the mapping does not have it (or `node` is NULL or no mapping). */
const struct iov_yaml *yml_get(const struct iov_yaml *node, const char *key);

/** The getters below return false after a diagnostic at the node. `node` is not NULL (yml_require). */
bool yml_need_mapping(const struct iov_yaml *node, const char *what, struct iov_sink *sink);
bool yml_need_sequence(const struct iov_yaml *node, const char *what, struct iov_sink *sink);
/** Any scalar as text. `what` names it in the message: "the name". */
bool yml_string(const struct iov_yaml *node, const char *what, struct iov_sink *sink, const char **out);
/** Plain decimal or 0x hexadecimal, within [min, max]. */
bool yml_uint(const struct iov_yaml *node, const char *what, uint64_t min, uint64_t max, struct iov_sink *sink,
	       uint64_t *out);
bool yml_int(const struct iov_yaml *node, const char *what, int64_t min, int64_t max, struct iov_sink *sink,
	      int64_t *out);
bool yml_bool(const struct iov_yaml *node, const char *what, struct iov_sink *sink, bool *out);
/** Index of the scalar in a NULL-terminated list; an unknown word is reported with the nearest one. */
bool yml_choice(const struct iov_yaml *node, const char *what, const char *const *choices, struct iov_sink *sink,
		 uint32_t *out);
/** A sequence of words of a list, as bits 1 << index. */
bool yml_flags(const struct iov_yaml *node, const char *what, const char *const *choices, struct iov_sink *sink,
		uint32_t *out);
/** True when the mapping has no key beyond the NULL-terminated list; others are each reported with the nearest name. */
bool yml_only_keys(const struct iov_yaml *node, const char *const *known, struct iov_sink *sink);
/** The value of a key that must be there; NULL after a diagnostic. */
const struct iov_yaml *yml_require(const struct iov_yaml *node, const char *key, struct iov_sink *sink);

/** The word of a NULL-terminated list that `word` was probably meant to be, or NULL when none is near. */
const char *yml_nearest(const char *word, const char *const *list);

#endif
