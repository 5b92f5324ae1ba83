/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: text → iovas → object → image, for tests that run what iovas made. */
#ifndef IOV_TEST_ASSEMBLED_H
#define IOV_TEST_ASSEMBLED_H

#include "asm/as.h"
#include "runtime/image.h"

struct assembled {
	struct iov_arena arena;
	struct iov_buf object;
	struct iov_object *obj;
	struct iov_insn *insns; /**< of section .text */
	uint32_t count;
	struct iov_prog prog;   /**< its functions, in order; the first is the entry */
	struct iov_image image;
	char error[256];
};

/** False: `error` says why; assembled_free() all the same. `limit` as in iov_as_options. */
bool assembled_make(struct assembled *a, const struct iov_buf *text, const struct iov_as_options *options);
void assembled_free(struct assembled *a);
/** By the interpreter, from the entry; helpers are `calls`, by slot, or NULL. */
uint64_t assembled_run(struct assembled *a, struct iov_env *env, void *ctx, iov_helper_fn **calls);

#endif
