/* SPDX-License-Identifier: Apache-2.0 */
/* bpf_throw(): a run goes back at once to where its program was entered, from any depth of calls, in every engine. A
 * tail call into a program that may throw enters it anew, so that its exceptions end that program alone, as in Linux.
 *
 * The verifier lets nothing be held where something is thrown, and no callback throw: between bpf_throw() and the entry
 * lie frames of the program and of the engine, never those of a helper. */
#include "runtime/kfuncs.h"

#include <setjmp.h>

struct unwind {
	jmp_buf at;
	struct unwind *up;
	uint64_t cookie;
};

uint64_t throw_guard(void *ctx, struct iov_env *env, uint64_t (*inside)(void *ctx, struct iov_env *env))
{
	const struct iov_image *image = env->image;
	struct unwind here = {.up = env->unwind};
	uint64_t r0;

	env->unwind = &here;
	if (!_setjmp(here.at))
		r0 = inside(ctx, env);
	else
		r0 = image->exception ? env_callback(env, image->exception, here.cookie, 0, 0, 0, 0) : here.cookie;
	env->unwind = here.up;
	return r0;
}

uint64_t kfunc_throw(uint64_t cookie, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r2, r3, r4, r5);
	env->unwind->cookie = cookie;
	longjmp(env->unwind->at, 1);
}
