/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: lists and search trees of objects, in the bytes of the kernel's structs (bpf_list_head 16, bpf_list_node 24,
 * bpf_rb_root 16, bpf_rb_node 32), which no program looks into. All zeros is empty, and a node that is nowhere.
 * Whoever calls holds the lock beside the head, but for a node that others may be putting elsewhere: `in` is claimed
 * atomically.
 *
 * The tree is a treap (Seidel, Aragon 1996): nodes are heap-ordered by a hash of their address, so its depth is
 * logarithmic whatever the keys. Nodes that compare equal stay in the order in which they were added. */
#ifndef IOV_RUNTIME_GRAPH_H
#define IOV_RUNTIME_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

struct graph_node {
	struct graph_node *next, *prev;
	void *in;                         /**< the list's head, or NULL: in no list */
};
struct graph_list {
	struct graph_node *first, *last;
};

struct graph_leaf {
	struct graph_leaf *child[2], *up;
	void *in;                         /**< the tree's root, or NULL */
};
struct graph_tree {
	struct graph_leaf *top;
	uint64_t unused;
};

/** False: the node is in a list already. */
bool graph_push(struct graph_list *l, struct graph_node *n, bool back);
/** Take the first or last node out; NULL: there is none. */
struct graph_node *graph_pop(struct graph_list *l, bool back);

/** False: it is in a tree already. `less` says whether the first of two nodes comes before the second. */
bool graph_add(struct graph_tree *t, struct graph_leaf *n,
	       bool (*less)(void *ud, const struct graph_leaf *a, const struct graph_leaf *b), void *ud);
/** False: it is not in this tree. */
bool graph_remove(struct graph_tree *t, struct graph_leaf *n);
struct graph_leaf *graph_first(const struct graph_tree *t);
/** Take out some node, in constant time when all of them are taken out; NULL: the tree is empty. */
struct graph_leaf *graph_take_any(struct graph_tree *t);

#endif
