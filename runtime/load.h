/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: from a program to an image: verify, rewrite, bind. The verifier always runs; nothing recorded in an object
 * counts. */
#ifndef IOV_RUNTIME_LOAD_H
#define IOV_RUNTIME_LOAD_H

#include "runtime/image.h"

enum iov_engine { IOV_ENGINE_DEFAULT, IOV_ENGINE_INTERP, IOV_ENGINE_JIT, IOV_ENGINE_CHECKED };

/** How a program's maps are found: the map that was made for `def`. */
typedef struct iov_map *iov_map_of_fn(void *ud, const struct iov_map_def *def);

struct iov_load {
	const struct iov_platform *platform;
	enum iov_engine engine;      /**< default: the JIT where there is one, else the interpreter */
	uint64_t budget;             /**< of verification; 0: the platform's */
	const struct iov_btf *target; /**< what CO-RE is resolved against; NULL: the object's own types */
	iov_map_of_fn *map_of;
	iov_helper_fn *(*helper_of)(void *ud, const char *name); /**< the host's own, by name, or NULL; may be NULL */
	unsigned hardening;          /**< IOV_HARDEN_*, of machine code */
	struct jit_pool *pool;       /**< for machine code, sealed before anything runs; NULL: pages of its own */
	void *ud;                    /**< of map_of and helper_of */
};

/** Verify `prog` and make it ready to run. The image and its facts live in `arena`; release machine code with
 * jit_free(). */
enum iov_status image_load(const struct iov_prog *prog, const struct iov_load *how, struct iov_arena *arena,
			   struct iov_sink *sink, struct iov_image **out);

/** Run on the engine that the image was prepared for. */
uint64_t image_run(const struct iov_image *image, struct iov_env *env, struct iov_ctx *ctx);

#endif
