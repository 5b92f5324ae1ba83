/* SPDX-License-Identifier: Apache-2.0 */
/* The heap of objects, and the lists and trees that hold them. */
#include "asm/isa/types.h"
#include "runtime/graph.h"
#include "runtime/objects.h"
#include "asm/base/alloc.h"

#include <criterion/criterion.h>
#include <string.h>

struct thing {
	uint64_t key;
	struct graph_node node;
	struct graph_leaf leaf;
	uint64_t next; /* kernel pointer to another thing */
};

static const struct iov_field thing_fields[] = {
	{.kind = IOV_FIELD_KPTR_REF, .off = offsetof(struct thing, next), .size = 8},
};
static const struct iov_type thing_type = {.name = "thing", .id = 7, .size = sizeof(struct thing),
					   .fields = {.all = thing_fields, .count = 1}};
static const struct iov_type words_type = {.name = "words", .id = 9, .size = 20};
static const struct iov_made_type types[] = {{&thing_type, false}, {&words_type, true}, {&words_type, false}};

static struct objects *heap(uint64_t bytes, uint32_t cpus)
{
	struct objects *h = NULL;

	cr_assert_eq(objects_new(types, 3, cpus, bytes, alloc_libc(), &h), IOV_OK);
	return h;
}

static struct thing *thing(struct objects *h, uint64_t key)
{
	struct thing *t = objects_make(h, 7, false, 0);

	if (t)
		t->key = key;
	return t;
}

/* How many there is room for now. */
static unsigned room(struct objects *h)
{
	uint64_t chain = 0;
	struct thing *t;
	unsigned n = 0;

	while ((t = thing(h, n))) {
		t->next = chain;
		chain = (uintptr_t)t;
		n++;
	}
	while (chain) {
		t = (struct thing *)(uintptr_t)chain;
		chain = t->next;
		t->next = 0;
		objects_drop(t);
	}
	return n;
}

Test(objects, memory_is_used_again_and_comes_as_zeros)
{
	struct objects *h = heap(1 << 18, 1);
	unsigned most = room(h);
	struct thing *t;

	cr_expect_gt(most, 1500);
	for (int i = 0; i < 3; i++)
		cr_expect_eq(room(h), most, "what was dropped is there again");
	t = thing(h, 5);
	t->leaf.in = t;
	objects_drop(t);
	t = objects_make(h, 7, false, 0);
	for (size_t i = 0; i < sizeof(*t); i++)
		cr_expect_eq(((uint8_t *)t)[i], 0);
	cr_expect_null(objects_make(h, 8, false, 0), "no such type");
	cr_expect_null(objects_make(h, 7, true, 0));
	cr_expect_null(objects_make(NULL, 7, false, 0));
	objects_free(h);
}

Test(objects, another_thread_takes_what_the_first_left)
{
	struct objects *h = heap(1 << 16, 4);
	unsigned n = 0;

	while (objects_make(h, 7, false, n % 4))
		n++;
	cr_expect_gt(n, 400, "one chunk serves all threads");
	objects_free(h);
	h = heap(0, 1);
	cr_expect_null(thing(h, 1), "a heap without room gives nothing");
	objects_free(h);
}

Test(objects, owners_are_counted)
{
	struct objects *h = heap(1 << 18, 1);
	unsigned most = room(h);
	struct thing *t = thing(h, 1);

	cr_expect(objects_share(t));
	objects_drop(t);
	cr_expect_eq(room(h), most - 1);
	cr_expect_eq(t->key, 1);
	objects_drop(t);
	cr_expect_eq(room(h), most);
	cr_expect_not(objects_share(t), "it has no owner: it cannot be had again");
	objects_free(h);
}

/* Whether the heap gives `t` again, with all that it has. */
static bool comes_back(struct objects *h, const struct thing *t)
{
	bool back = false;
	struct thing *n;

	while ((n = thing(h, 0)))
		back |= n == t;
	return back;
}

Test(objects, what_others_could_see_waits_for_their_runs)
{
	struct objects *h = heap(1 << 16, 2);
	struct thing *t = thing(h, 5);

	objects_publish(t);
	objects_enter(h, 0);
	objects_enter(h, 1);
	objects_drop(t);
	cr_expect_not(comes_back(h, t));
	objects_leave(h, 0);
	objects_enter(h, 0);
	cr_expect_not(comes_back(h, t), "the other run may still look at it");
	cr_expect_eq(t->key, 5);
	objects_leave(h, 1);
	objects_enter(h, 1);
	cr_expect(comes_back(h, t), "those that go on began later");
	objects_free(h);
}

/* As deep as memory allows: giving up is no recursion. */
Test(objects, a_long_chain_goes_with_its_head)
{
	struct objects *h = heap(64 << 20, 1);
	unsigned most = room(h), n = 0;
	uint64_t chain = 0;

	cr_assert_gt(most, 400000);
	for (struct thing *t; (t = thing(h, n)); n++) {
		t->next = chain;
		chain = (uintptr_t)t;
	}
	objects_drop((void *)(uintptr_t)chain);
	cr_expect_eq(room(h), most);
	objects_free(h);
}

Test(objects, each_cpu_has_its_copy)
{
	struct objects *h = heap(1 << 20, 3);
	uint8_t *a = objects_make(h, 9, true, 0), *b = objects_make(h, 9, true, 0);

	for (uint32_t cpu = 0; cpu < 3; cpu++) {
		memset(objects_of_cpu(a, cpu), 1 + (int)cpu, 20);
		memset(objects_of_cpu(b, cpu), 101 + (int)cpu, 20);
	}
	for (uint32_t cpu = 0; cpu < 3; cpu++)
		for (int i = 0; i < 20; i++)
			cr_expect_eq(((uint8_t *)objects_of_cpu(a, cpu))[i], 1 + cpu);
	cr_expect_null(objects_of_cpu(a, 3));
	objects_drop(a);
	objects_drop(b);
	objects_free(h);
	h = heap(1 << 20, 8000);
	cr_expect_null(objects_make(h, 9, true, 0), "copies for so many do not fit into a chunk");
	objects_free(h);
}

static const struct iov_field value_fields[] = {
	{.kind = IOV_FIELD_SPIN_LOCK, .off = 0, .size = 4},
	{.kind = IOV_FIELD_LIST_HEAD, .off = 8, .size = 16, .node_off = offsetof(struct thing, node)},
	{.kind = IOV_FIELD_RB_ROOT, .off = 24, .size = 16, .node_off = offsetof(struct thing, leaf)},
	{.kind = IOV_FIELD_KPTR_REF, .off = 40, .size = 8},
};

static bool by_key(void *ud, const struct graph_leaf *a, const struct graph_leaf *b)
{
	(void)ud;
	return ((const struct thing *)(const void *)((const char *)a - offsetof(struct thing, leaf)))->key <
	       ((const struct thing *)(const void *)((const char *)b - offsetof(struct thing, leaf)))->key;
}

Test(objects, a_value_that_goes_gives_up_what_it_holds)
{
	const struct iov_fields fields = {.all = value_fields, .count = 4};
	struct objects *h = heap(1 << 20, 1);
	unsigned most = room(h);
	struct {
		uint32_t lock, pad;
		struct graph_list list;
		struct graph_tree tree;
		uint64_t pointer;
	} value = {0};

	for (uint64_t i = 0; i < 1000; i++) {
		struct thing *t = thing(h, i * 2654435761u % 4096);

		cr_expect(objects_share(t));
		cr_expect(graph_push(&value.list, &t->node, i & 1));
		cr_expect(graph_add(&value.tree, &t->leaf, by_key, NULL));
		cr_expect_not(graph_push(&value.list, &t->node, false), "it is in a list");
	}
	value.pointer = (uintptr_t)thing(h, 1);
	cr_expect_eq(room(h), most - 1001);
	objects_clear(&fields, &value);
	cr_expect_eq(room(h), most);
	cr_expect_null(value.list.first);
	cr_expect_null(value.tree.top);
	cr_expect_eq(value.pointer, 0);
	cr_expect_eq(value.lock, 0);
	objects_free(h);
}

static unsigned depth(const struct graph_leaf *n)
{
	unsigned a = n ? depth(n->child[0]) : 0, b = n ? depth(n->child[1]) : 0;

	return n ? 1 + (a > b ? a : b) : 0;
}

/* Keys that rise, the worst of unbalanced trees; equal ones in the order in which they came. */
Test(objects, trees_are_flat_and_keep_their_order)
{
	static struct thing all[4096];
	struct graph_tree tree = {0}, other = {0};
	uint64_t last = 0, turn = 0;
	struct graph_leaf *n;

	for (uint64_t i = 0; i < 4096; i++) {
		all[i].key = i / 4;
		all[i].next = i;
		cr_assert(graph_add(&tree, &all[i].leaf, by_key, NULL));
	}
	cr_expect_leq(depth(tree.top), 48);
	cr_expect_not(graph_remove(&other, &all[3].leaf), "it is in another tree");
	for (uint64_t i = 1; i < 4096; i += 2)
		cr_expect(graph_remove(&tree, &all[i].leaf));
	cr_expect_not(graph_remove(&tree, &all[1].leaf), "it is in none");
	for (; (n = graph_first(&tree)); turn++) {
		struct thing *t = (struct thing *)(void *)((char *)n - offsetof(struct thing, leaf));

		cr_expect_eq(t->next, turn * 2);
		cr_expect_geq(t->key, last);
		last = t->key;
		cr_assert(graph_remove(&tree, n));
	}
	cr_expect_eq(turn, 2048);
}

Test(objects, lists_have_two_ends)
{
	struct thing t[4] = {{0}};
	struct graph_list list = {0};

	for (int i = 0; i < 4; i++)
		cr_expect(graph_push(&list, &t[i].node, i & 1));
	cr_expect_eq(graph_pop(&list, true), &t[3].node);
	cr_expect_eq(graph_pop(&list, false), &t[2].node);
	cr_expect_eq(graph_pop(&list, true), &t[1].node);
	cr_expect_eq(graph_pop(&list, true), &t[0].node);
	cr_expect_null(graph_pop(&list, true));
	cr_expect_null(list.first);
	cr_expect_null(list.last);
}

/* A size is what the object's types say: of any number of bytes, and rounded up it may be none. */
Test(objects, too_large_for_the_heap)
{
	static const uint32_t sizes[] = {UINT32_MAX, UINT32_MAX - 6, 1u << 31, 1u << 16, (1u << 16) - 15};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (int per_cpu = 0; per_cpu < 2; per_cpu++) {
			const struct iov_type large = {.name = "large", .id = 3, .size = sizes[i]};
			struct objects *h = NULL;

			cr_assert_eq(objects_new(&(struct iov_made_type){&large, per_cpu}, 1, 2, 1 << 20, alloc_libc(),
						 &h), IOV_OK);
			cr_expect_null(objects_make(h, 3, per_cpu, 0), "%u bytes", sizes[i]);
			objects_free(h);
		}
}
