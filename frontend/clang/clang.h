/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the C face of the only C++ in the house: C source to LLVM IR with Clang in process.
 * Call it once per process (LLVM 19 keeps state across CO-RE compiles): the driver forks a child for each compile. */
#ifndef IOV_FRONTEND_CLANG_H
#define IOV_FRONTEND_CLANG_H

#include "asm/base/buf.h"
#include "asm/base/diag.h"

#include <llvm-c/Types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A file that exists only in memory (the stdlib's headers, gnu/stubs-32.h). */
struct iov_virtual_file {
	const char *path;
	const void *data;
	size_t len;
};

enum iov_clang_action { IOV_CLANG_IR, IOV_CLANG_PREPROCESS, IOV_CLANG_SYNTAX_ONLY, IOV_CLANG_DEPS_ONLY };

struct iov_clang_job {
	const char *const *args; /**< clang driver arguments without program name, input and output; NULL-terminated */
	const char *input;       /**< path of the source */
	const char *text;        /**< its text when it is not to be read from disk, else NULL */
	size_t text_len;
	enum iov_clang_action action;
	const struct iov_virtual_file *files;
	size_t file_count;
};

/** Run the job. IR: *module in *context, both owned by the caller. PREPROCESS: text in `out`. Clang's own diagnostics
 * go to the sink with file, line, column and fix-it hints. */
enum iov_status clang_run(const struct iov_clang_job *job, struct iov_sink *sink, LLVMContextRef *context,
			  LLVMModuleRef *module, struct iov_buf *out);

#ifdef __cplusplus
}
#endif
#endif
