/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: option tables. One table gives parsing, --help, and the SYNOPSIS and OPTIONS of the man page. */
#ifndef IOV_BASE_OPTION_H
#define IOV_BASE_OPTION_H

#include "asm/base/buf.h"
#include "asm/base/diag.h"

enum iov_option_kind {
	IOV_OPT_FLAG,   /**< no value; sets a bool */
	IOV_OPT_STRING, /**< const char *: --name=V, --name V, -nV, -n V; the last one wins */
	IOV_OPT_LIST,   /**< struct iov_option_list: appended at each use */
	IOV_OPT_UINT,   /**< uint64_t, decimal or 0x…, optional suffix k, M, G (powers of 1024) */
	IOV_OPT_ENUM,   /**< int: index into `choices` */
	IOV_OPT_GROUP,  /**< a heading in --help (`help` is its text); takes no part in parsing */
	IOV_OPT_PASS, /**< struct iov_option_list: the argument as it was written ("-Wall", "-DX=1"; "-D" "X" become two
		       * items). Rows that name the same field keep their order on the command line. With a value_name,
		       * the short form takes the rest of the argument, or the next argument when there is no rest */
	IOV_OPT_JOINED, /**< as PASS, but never takes the next argument ("-W", "-f", "-O") */
};

struct iov_option_list {
	const char **items; /**< in the arena, a NULL behind the last (NULL when empty); the strings are argv's own */
	size_t count;
};

/** One option. A table ends with a row whose kind is IOV_OPT_FLAG and both names are empty. */
struct iov_option {
	char short_name;        /**< 'o', or 0 */
	const char *long_name;  /**< "output" (--output), "-std" (one dash: -std=V, -std V), or NULL */
	enum iov_option_kind kind;
	size_t offset;          /**< offsetof() the field in the tool's options struct */
	const char *value_name; /**< "FILE"; NULL for flags */
	const char *help;       /**< one sentence, no full stop; NULL: not shown in --help */
	const char *const *choices; /**< IOV_OPT_ENUM: NULL-terminated */
};

struct iov_option_spec {
	const char *tool, *summary, *operands; /**< "iovdump", "inspect eBPF objects", "OBJECT..." */
	const struct iov_option *options;
	const char *epilogue; /**< text after the options in --help, or NULL */
};

/** What every table has besides its own rows. */
struct iov_option_common {
	bool help, version, man; /**< man: hidden */
	const char *explain, *diag_file;
	int diag_format, colour; /**< enum iov_diag_format; 0 auto, 1 always, 2 never */
};

/** Parse argv, @FILEs expanded, into *into (fields by offset) and the operands. Every table also has --help, --version,
 * --explain CODE, --diagnostics-format=text|json|sarif, --diagnostics-file=FILE and --color=auto|always|never, kept in
 * `common`.
 * Options and operands may be mixed; "--" ends the options; "-" is an operand. Short flags may be bundled. Every wrong
 * argument is diagnosed (DIAG_USAGE), then IOV_USAGE is returned; IOV_NOMEM when the arena refuses. */
enum iov_status option_parse(const struct iov_option_spec *spec, int argc, char **argv, struct iov_arena *arena,
			     struct iov_sink *sink, void *into, struct iov_option_common *common,
			     struct iov_option_list *operands);
/** Put the words of FILE in the place of each argument @FILE before "--": white space separates them, quotes and
 * backslashes are as in the shell, @FILE may stand in files too. argv[0] stays; the new vector is in the arena and ends
 * with NULL. A file that cannot be read is diagnosed. */
enum iov_status option_expand(int *argc, char ***argv, struct iov_arena *arena, struct iov_sink *sink);
/** Append an item (kept, not copied); false: the arena refuses. */
bool option_append(struct iov_option_list *list, const char *item, struct iov_arena *arena);
/** --help text. */
void option_help(const struct iov_option_spec *spec, struct iov_buf *out);
/** The .SH SYNOPSIS and .SH OPTIONS parts of a man page, in man(7). */
void option_man(const struct iov_option_spec *spec, struct iov_buf *out);

/** The rows every tool has, ended like any table; their offsets refer to struct iov_option_common. */
extern const struct iov_option option_common_rows[];

/** True for the row that ends a table. */
static inline bool option_is_end(const struct iov_option *o)
{
	return o->kind == IOV_OPT_FLAG && !o->short_name && !o->long_name;
}

#endif
