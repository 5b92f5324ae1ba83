/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the C face of the only C++ in the house: C source to LLVM IR with Clang in process.
 * Call it once per process (LLVM 19 keeps state across CO-RE compiles): the driver forks a child for each compile. */
#ifndef IOV_FRONTEND_CLANG_H
#define IOV_FRONTEND_CLANG_H

#include <llvm-c/Types.h>

#ifdef __cplusplus
extern "C" {
#endif

#include "asm/base/buf.h"
#include "asm/base/diag.h"
#include "asm/base/timing.h"

/** Where the headers that exist only in memory live: the stdlib's under include/, Clang's own under clang/include/. */
#define IOV_VIRTUAL_ROOT "/<iov>"
#define IOV_VIRTUAL_INCLUDE IOV_VIRTUAL_ROOT "/include"
#define IOV_VIRTUAL_RESOURCES IOV_VIRTUAL_ROOT "/clang"

/** A file that exists only in memory (the stdlib's headers, gnu/stubs-32.h). */
struct iov_virtual_file {
	const char *path; /**< absolute, under IOV_VIRTUAL_ROOT */
	const void *data;
	size_t len;
};

enum iov_clang_action { IOV_CLANG_IR, IOV_CLANG_PREPROCESS, IOV_CLANG_SYNTAX_ONLY, IOV_CLANG_DEPS_ONLY };

struct iov_clang_job {
	const char *const *args; /**< clang driver arguments without program name and input; NULL-terminated */
	const char *input;       /**< path of the source */
	enum iov_clang_action action;
	const struct iov_virtual_file *files;
	size_t file_count;
	const char *const *llvm_args; /**< -mllvm, which LLVM must know; NULL-terminated, or NULL */
	const char *folder; /**< not NULL: there are no files but these, and this is the working folder; files that
			     * share their data are names of one */
	/** Is told of each file of the disk that is found (`text` NULL) or read; `id` is the same for two names of one.
	 * May be NULL. */
	void (*saw)(void *ud, const char *path, uint64_t id, const char *text, size_t len);
	void *saw_ud;
	const char *const *depends; /**< files that the make rule names beside the headers; NULL-terminated, or NULL */
	const char *const
		*system_dirs; /**< searched after -I and -isystem, in order; NULL-terminated; not with -nostdinc */
	/** May give a shorter text for a file that is read ('\0' behind it), or NULL; it takes the file's place, name
	 * and all. May be NULL itself. */
	const char *(*shorten)(void *ud, const char *text, size_t len, size_t *out_len);
	void *shorten_ud;
	struct iov_timing *timing; /**< where the time goes; or NULL */
	bool show_cc1; /**< PREPROCESS and others are not run: `out` receives the cc1 command line, as clang -### */
};

struct iov_clang_result {
	LLVMContextRef context; /**< IR: both owned by the caller */
	LLVMModuleRef module;
	struct iov_buf out;  /**< PREPROCESS: text; show_cc1: the command line */
	struct iov_buf deps; /**< the make rule, when the arguments ask for dependencies; virtual files are left out */
};

/** A word of the command line, as Clang's driver reads it. */
struct iov_clang_word {
	unsigned words;   /**< it and the values that stand behind it; 0: Clang knows no such option */
	char nearest[64]; /**< then: the option that was most likely meant, or "" */
};
void clang_look_up(const char *arg, struct iov_clang_word *out);

/** What Clang's and LLVM's own timers counted so far (-ftime-report), to standard error. */
void clang_print_timers(void);
/** Run the job. Clang's own diagnostics go to the sink with file, line, column, source text and fix-it hints.
 * IOV_USAGE: the arguments are wrong. IOV_DIAGNOSED: the source is. Not thread-safe: Clang's state is the process's. */
enum iov_status clang_run(const struct iov_clang_job *job, struct iov_sink *sink, struct iov_clang_result *result);

#ifdef __cplusplus
}
#endif
#endif
