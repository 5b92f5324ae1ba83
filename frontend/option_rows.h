/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the table of iovcc's options, which parses and gives --help. */
#ifndef IOV_FRONTEND_OPTION_ROWS_H
#define IOV_FRONTEND_OPTION_ROWS_H

enum option_id {
	OPT_PASS,
	OPT_IGNORE,
	OPT_COMPILE,
	OPT_ASM,
	OPT_PREPROCESS,
	OPT_SYNTAX,
	OPT_EMIT_LLVM,
	OPT_OUTPUT,
	OPT_OPTIMISE,
	OPT_DEBUG,
	OPT_NO_DEBUG,
	OPT_DEPS,
	OPT_DEPS_ONLY,
	OPT_DEPS_FILE,
	OPT_DATABASE,
	OPT_CPU,
	OPT_TARGET,
	OPT_BIG,
	OPT_LITTLE,
	OPT_PLATFORM,
	OPT_TARGET_BTF,
	OPT_NO_VERIFY,
	OPT_VERIFY,
	OPT_PRINT_PLATFORM,
	OPT_PRINT_VMLINUX,
	OPT_PRINT_CLANGD,
	OPT_EXPLAIN,
	OPT_FORMAT,
	OPT_DIAG_FILE,
	OPT_COLOUR,
	OPT_COLOUR_ON,
	OPT_COLOUR_OFF,
	OPT_SHOW,
	OPT_VERBOSE,
	OPT_HELP,
	OPT_VERSION,
	OPT_LLVM,
	OPT_LANGUAGE,
	OPT_DUMP_MACHINE,
	OPT_DUMP_VERSION,
	OPT_SEARCH_DIRS,
	OPT_FILE_NAME,
	OPT_FOLDER,
	OPT_LIBRARY,
	OPT_RELOCATABLE,
	OPT_PRUNE,
	OPT_NO_PRUNE,
	OPT_CACHE,
	OPT_NO_CACHE,
	OPT_LTO,
	OPT_NO_LTO,
	OPT_LINKER,      /* one word for the linker */
	OPT_LINKER_LIST, /* several, between commas */
	OPT_JOBS,
	OPT_TIME_REPORT,
	OPT_SAVE_TEMPS,
	OPT_MAX_SECONDS,
	OPT_MAX_MEMORY,
	OPT_PREPROCESSOR_LIST, /* -Wp,: words for the preprocessor, between commas */
	OPT_RESOURCE_DIR,
	OPT_PROG_NAME,
	OPT_LIBGCC,
	OPT_MULTI_LIB,
	OPT_MULTI_FOLDER,
	OPT_TARGETS,
	OPT_CPUS,
};

/* How an option's value follows it. */
enum option_form {
	FORM_FLAG,     /* -c */
	FORM_JOINED,   /* -O2; the name is a prefix */
	FORM_SEPARATE, /* -o FILE */
	FORM_EITHER,   /* -Idir, -I dir */
};

struct option_row {
	const char *name;
	enum option_form form;
	enum option_id id;
	const char *value, *help; /* help NULL: --help=all lists the name alone */
};

/** The row whose name matches best, or NULL: the option is none of iovcc's own. */
const struct option_row *option_row_find(const char *arg);
/** The option of iovcc's own that a word of two dashes or -fiov- most likely was meant to be, or NULL. */
const char *option_row_nearest(const char *arg);

#endif
