/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel functions about objects, lists and trees, and bpf_kptr_xchg() and bpf_this_cpu_ptr(). The verifier has held
 * programs to owners, types, locks and places of nodes; kernel document: bpf/graph_ds_impl.rst. */
#include "runtime/graph.h"
#include "runtime/kfuncs.h"
#include "runtime/objects.h"

#define ARGS uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env
#define UNUSED3 IOV_UNUSED(r3, r4, r5, env)
#define UNUSED2 IOV_UNUSED(r2, r3, r4, r5, env)

uint64_t kfunc_obj_new(ARGS)
{
	IOV_UNUSED(r2, r3, r4, r5);
	return (uintptr_t)objects_make(env->image->objects, (uint32_t)r1, false, env->cpu);
}

uint64_t kfunc_percpu_obj_new(ARGS)
{
	IOV_UNUSED(r2, r3, r4, r5);
	return (uintptr_t)objects_make(env->image->objects, (uint32_t)r1, true, env->cpu);
}

uint64_t kfunc_obj_drop(ARGS)
{
	UNUSED2;
	objects_drop(helper_ptr(r1));
	return 0;
}

uint64_t kfunc_percpu_obj_drop(ARGS) { return kfunc_obj_drop(r1, r2, r3, r4, r5, env); }

uint64_t kfunc_refcount_acquire(ARGS)
{
	UNUSED2;
	return objects_share(helper_ptr(r1)) ? r1 : 0;
}

uint64_t helper_kptr_xchg(ARGS)
{
	UNUSED3;
	if (r2)
		objects_publish(helper_ptr(r2));
	return __atomic_exchange_n((uint64_t *)helper_ptr(r1), r2, __ATOMIC_ACQ_REL);
}

uint64_t helper_this_cpu_ptr(ARGS)
{
	IOV_UNUSED(r2, r3, r4, r5);
	return (uintptr_t)objects_of_cpu(helper_ptr(r1), env->cpu);
}

uint64_t helper_per_cpu_ptr(ARGS)
{
	UNUSED3;
	return (uintptr_t)objects_of_cpu(helper_ptr(r1), (uint32_t)r2);
}

/* --- Lists. ------------------------------------------------------------------------------------------------------ */

static void *publish(uint64_t node)
{
	objects_publish(objects_around(helper_ptr(node)));
	return helper_ptr(node);
}

/* What cannot go in, because it is somewhere already, is given up. */
static uint64_t pushed(bool ok, uint64_t node)
{
	if (!ok)
		objects_drop(objects_around(helper_ptr(node)));
	return ok ? 0 : helper_err(-EINVAL);
}

uint64_t kfunc_list_push_front(ARGS)
{
	UNUSED3;
	return pushed(graph_push(helper_ptr(r1), publish(r2), false), r2);
}

uint64_t kfunc_list_push_back(ARGS)
{
	UNUSED3;
	return pushed(graph_push(helper_ptr(r1), publish(r2), true), r2);
}

uint64_t kfunc_list_pop_front(ARGS)
{
	UNUSED2;
	return (uintptr_t)graph_pop(helper_ptr(r1), false);
}

uint64_t kfunc_list_pop_back(ARGS)
{
	UNUSED2;
	return (uintptr_t)graph_pop(helper_ptr(r1), true);
}

uint64_t kfunc_list_front(ARGS)
{
	UNUSED2;
	return (uintptr_t)((struct graph_list *)helper_ptr(r1))->first;
}

uint64_t kfunc_list_back(ARGS)
{
	UNUSED2;
	return (uintptr_t)((struct graph_list *)helper_ptr(r1))->last;
}

/* --- Trees. ------------------------------------------------------------------------------------------------------ */

struct order {
	struct iov_env *env;
	uint64_t fn;
};

static bool less(void *ud, const struct graph_leaf *a, const struct graph_leaf *b)
{
	const struct order *o = ud;

	return (uint8_t)env_callback(o->env, o->fn, (uintptr_t)a, (uintptr_t)b, 0, 0, 0);
}

uint64_t kfunc_rbtree_add(ARGS)
{
	(void)r4, (void)r5;
	return pushed(graph_add(helper_ptr(r1), publish(r2), less, &(struct order){env, r3}), r2);
}

uint64_t kfunc_rbtree_remove(ARGS)
{
	UNUSED3;
	return graph_remove(helper_ptr(r1), helper_ptr(r2)) ? r2 : 0;
}

uint64_t kfunc_rbtree_first(ARGS)
{
	UNUSED2;
	return (uintptr_t)graph_first(helper_ptr(r1));
}

uint64_t kfunc_rbtree_root(ARGS)
{
	UNUSED2;
	return (uintptr_t)((struct graph_tree *)helper_ptr(r1))->top;
}

/* A child of a node that is in this tree. */
static uint64_t child(uint64_t root, uint64_t node, int side)
{
	const struct graph_leaf *n = helper_ptr(node);

	return n->in == helper_ptr(root) ? (uintptr_t)n->child[side] : 0;
}

uint64_t kfunc_rbtree_left(ARGS)
{
	UNUSED3;
	return child(r1, r2, 0);
}

uint64_t kfunc_rbtree_right(ARGS)
{
	UNUSED3;
	return child(r1, r2, 1);
}
