/* SPDX-License-Identifier: Apache-2.0 */
/* The JIT's driver: plan, emit, relax, link, seal. See jit.h for the passes. */
#include "runtime/jit/jit.h"

#include <sys/random.h>

static enum iov_status cannot_map(struct jit *j, const char *what)
{
	diag_hint(diag_add(j->sink, DIAG_JIT_MEMORY, IOV_NOWHERE, "the system refuses %s", what),
		  "run it in the interpreter: --engine=interp");
	return IOV_DIAGNOSED;
}

static enum iov_status emit(struct jit *j)
{
	if (!code_begin(&j->code, j->alloc, (size_t)j->image->count * 8 + 256))
		return IOV_NOMEM;
	for (uint32_t i = 0; i < j->sub_count; i++) {
		j->sub = &j->subs[i];
		jit_function(j);
	}
	j->stub = code_at(&j->code);
	j->target->stub(j);
	if (j->code.failed)
		return IOV_NOMEM;
	return j->bug || j->code.bug ? IOV_BUG : IOV_OK;
}

/* Branches inside the image have no longer form than one that goes `reach` bytes. */
static enum iov_status too_long(struct jit *j)
{
	diag_hint(diag_add(j->sink, DIAG_JIT_UNSUPPORTED, IOV_NOWHERE, "%u bytes of machine code are more than a jump "
			   "of this machine goes over", code_at(&j->code)),
		  "split the program by tail calls, or run it in the interpreter: --engine=interp");
	return IOV_DIAGNOSED;
}

#if defined(__clang__)
__attribute__((no_sanitize("function"))) /* clang looks for type data before a callee: machine code has none */
#endif
static uint64_t inside(void *ctx, struct iov_env *env)
{
	return ((jit_entry *)env->image->text)(ctx, env);
}

/* The entry of a program that may throw, for tail calls too, which have set env->image. */
static uint64_t guarded(void *ctx, struct iov_env *env) { return env->image->guard(ctx, env, inside); }

/* In the image's pool, or on pages of its own. */
static uint8_t *place(struct jit *j, size_t *size)
{
	enum { ALIGN = 16 };
	struct jit_pool *pool = j->image->pool;

	*size = (code_at(&j->code) + (size_t)ALIGN - 1) & ~((size_t)ALIGN - 1);
	if (pool && *size <= pool->size - pool->used)
		return pool->base + pool->used;
	j->image->pool = NULL;
	return code_map(code_at(&j->code), (const void *)&jit_compile, j->image, j->target->reach, size);
}

/* A pool is sealed later. */
static bool settle(struct jit *j, uint8_t *pages, size_t size)
{
	struct jit_pool *pool = j->image->pool;

	if (!pool)
		return code_seal(pages, size, j->retpoline);
	pool->used += size;
	pool->landings |= j->retpoline;
	return true;
}

static void give_back(struct jit *j, uint8_t *pages, size_t size)
{
	if (!j->image->pool)
		code_unmap(pages, size);
}

static enum iov_status finish(struct jit *j, struct iov_arena *arena)
{
	size_t mapped;
	uint8_t *pages;

	if (code_at(&j->code) >= j->target->reach - CODE_ROOM)
		return too_long(j);
	pages = place(j, &mapped);
	if (!pages)
		return cannot_map(j, "memory for machine code");
	jit_relax(j, pages);
	j->bug |= j->subs[0].entry != 0;
	if (!j->bug)
		jit_link(j, pages, mapped);
	if (j->bug || !settle(j, pages, mapped)) {
		give_back(j, pages, mapped);
		return j->bug ? IOV_BUG : cannot_map(j, "to make memory executable");
	}
	j->image->code_at = arena_copy(arena, j->offset, (j->image->count + 1) * sizeof(*j->offset));
	if (!j->image->code_at) {
		give_back(j, pages, mapped);
		return IOV_NOMEM;
	}
	j->image->text = pages;
	j->image->code = j->image->guard ? (void *)(uintptr_t)&guarded : pages;
	j->image->code_size = mapped;
	if (j->image->prog->exception_sub)
		j->image->exception = (uintptr_t)pages + j->subs[j->image->prog->exception_sub].thunk;
	return IOV_OK;
}

/* What hides constants must not be guessed from outside: without a seed it is the system's. */
static void seed(struct jit *j, uint64_t seed)
{
	j->random = seed;
	if (j->blind && !seed && getrandom(&j->random, sizeof(j->random), 0) != sizeof(j->random))
		j->random = (uintptr_t)j ^ (uintptr_t)&jit_compile;
}

enum iov_status jit_compile_for(struct iov_image *image, struct iov_arena *arena, struct iov_sink *sink,
				const struct jit_setup *setup)
{
	struct jit j = {.image = image, .alloc = arena->alloc, .sink = sink, .target = setup->target,
			.features = setup->features, .blind = setup->hardening & IOV_HARDEN_CONSTANTS,
			.retpoline = setup->hardening & IOV_HARDEN_BRANCHES};
	enum iov_status status;

	image->code = image->text = NULL;
	if (!setup->target) {
		diag_add(sink, DIAG_JIT_UNSUPPORTED, IOV_NOWHERE, "there is no JIT for this machine");
		return IOV_DIAGNOSED;
	}
	seed(&j, setup->seed);
	arena_init(&j.arena, arena->alloc);
	status = jit_plan(&j);
	if (status == IOV_OK)
		status = emit(&j);
	if (status == IOV_OK)
		status = finish(&j, arena);
	code_end(&j.code);
	arena_free(&j.arena);
	return status;
}

bool jit_available(void)
{
	return jit_host().target != NULL;
}

enum iov_status jit_compile(struct iov_image *image, struct iov_arena *arena, struct iov_sink *sink)
{
	struct jit_setup setup = jit_host();

	setup.hardening = image->hardening;
	return jit_compile_for(image, arena, sink, &setup);
}

void jit_free(struct iov_image *image)
{
	if (image->text && !image->pool)
		code_unmap(image->text, image->code_size);
	image->code = image->text = NULL;
	image->code_size = 0;
}

void jit_pool_open(struct jit_pool *pool, size_t insns)
{
	enum { BYTES_OF_ONE = 64 }; /* of address space: pages that stay empty cost nothing */
	const struct jit_target *target = jit_host().target;

	*pool = (struct jit_pool){0};
	if (target && insns < target->reach / 4 / BYTES_OF_ONE)
		pool->base = code_map(insns * BYTES_OF_ONE, (const void *)&jit_compile, pool, target->reach,
				      &pool->size);
	if (!pool->base)
		pool->size = 0;
}

bool jit_pool_seal(struct jit_pool *pool)
{
	pool->used = pool->size;
	return !pool->size || code_seal(pool->base, pool->size, pool->landings);
}

void jit_pool_close(struct jit_pool *pool)
{
	if (pool->size)
		code_unmap(pool->base, pool->size);
	*pool = (struct jit_pool){0};
}
