/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: platform files, YAML to struct iov_platform and back. The format is documented in iov-platform(5); a file names
 * what it offers out of the catalogue, may start from another platform (inherit), and may bring helpers and program
 * types of its own. */
#ifndef IOV_YAML_PLATFORM_READ_H
#define IOV_YAML_PLATFORM_READ_H

#include "asm/base/digest.h"
#include "asm/isa/platform.h"
#include "asm/yaml/yaml.h"

/** Finds a platform that another one inherits from; NULL when there is none. */
struct iov_platform_base {
	const struct iov_platform *(*find)(void *ud, const char *name);
	void *ud;
};

/** Make a platform from a tree. Everything lives in `arena` (or in the catalogue and the base). */
enum iov_status platform_parse(const struct iov_yaml *root, const struct iov_platform_base *base,
			       struct iov_arena *arena, struct iov_sink *sink, const struct iov_platform **out);
/** The same from a file, "-" for standard input. */
enum iov_status platform_read(const char *path, const struct iov_platform_base *base, struct iov_arena *arena,
			      struct iov_sink *sink, const struct iov_platform **out);
/** What --platform=NAME names: a shipped platform, or a file when NAME has a '/' or ends in .yaml or .yml. */
enum iov_status platform_open(const char *name, struct iov_arena *arena, struct iov_sink *sink,
			      const struct iov_platform **out);
/** A file, whatever its name; it may inherit from the shipped ones. */
enum iov_status platform_open_file(const char *path, struct iov_arena *arena, struct iov_sink *sink,
				   const struct iov_platform **out);
/** The same of a file's text, which `name` stands for in messages. */
enum iov_status platform_open_text(const char *name, const void *text, size_t len, struct iov_arena *arena,
				   struct iov_sink *sink, const struct iov_platform **out);
/** The platform as a YAML file that reads back to the same platform. */
void platform_print(const struct iov_platform *p, struct iov_buf *out);
/** The digest of that file: what evidence in an object's manifest was given under. IOV_NOMEM or IOV_OK. */
enum iov_status platform_digest(const struct iov_platform *p, const struct iov_alloc *alloc,
				uint8_t out[IOV_SHA256_BYTES]);

/** What each rule means, for iov-platform(5). */
extern const char *const platform_rule_texts[];
/** The words that files use, NULL-terminated, in the order of the enumerations they stand for. */
extern const char *const platform_rule_words[], *const platform_arg_words[], *const platform_ret_words[],
	*const platform_flag_words[], *const platform_ctx_words[];

#endif
