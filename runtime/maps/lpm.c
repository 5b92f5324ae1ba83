/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: LPM tries. A key is a 32-bit prefix length in host order and then the prefix, most significant bit first;
 * lookups give the longest stored prefix of the key. Kernel document: bpf/map_lpm_trie.rst.
 *
 * A binary trie whose nodes skip bits: every node's prefix begins with its parent's. Nodes that only branch hold no
 * value, and there are fewer of them than of the others, so the pool has 2 * max_entries, and SPARES for updates, which
 * replace a node so that a value pointer keeps the old value.
 *
 * Changes and walks of the host take the lock, lookups take none. A node is written before it is linked, and keeps its
 * children when it is taken out, so that who stands on it goes on as if he had come earlier. Nodes wait for their next
 * use in a queue, which always has SPARES at least: a lookup that has seen fewer of them used again than that has met
 * none that was; else it looks once more. */
#include "runtime/maps/map.h"
#include "runtime/maps/spin.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

enum { LPM_TRIE = 11, PREFIX_BYTES = 4, MAX_DATA = 256, NONE = UINT32_MAX, SPARES = 64 };

struct lpm_key {
	uint32_t prefixlen;
	uint8_t data[];
} __attribute__((packed)); /* keys of programs and hosts may lie anywhere */

/* A key whose length was read once, and held against the map's: another thread may be changing it. Who writes to the
 * trie has the bytes copied as well, so that each of them is the same each time. */
struct prefix {
	uint32_t bits;
	const uint8_t *data;
};

struct node {
	uint32_t child[2];    /**< NONE: none */
	uint32_t next;        /**< of those that wait */
	uint16_t prefixlen;
	bool live, branch;    /**< in the trie; only branches */
	uint64_t words[];     /**< prefix, padded with zeros, then the value */
};

struct trie {
	uint32_t lock, root, entries;
	uint32_t first, last, fresh, pool; /**< those that wait; nodes from `fresh` on were never used */
	uint32_t data_size, data_words, node_size;
	uint8_t *nodes;
	uint8_t apart[64];
	uint32_t reused;                   /**< nodes that were used again */
};

#define GET(place) __atomic_load_n(&(place), __ATOMIC_ACQUIRE)
#define SET(place, value) __atomic_store_n(&(place), value, __ATOMIC_RELEASE)

static struct trie *trie(const struct iov_map *map) { return map->state; }
static struct node *node_at(const struct trie *t, uint32_t index)
{
	return (struct node *)(t->nodes + (uint64_t)index * t->node_size);
}
static uint8_t *value_of(const struct trie *t, struct node *n) { return (uint8_t *)(n->words + t->data_words); }

static const uint8_t *data_of(const struct node *n) { return (const uint8_t *)n->words; }

static struct prefix prefix_of(const struct lpm_key *key)
{
	return (struct prefix){((const volatile struct lpm_key *)key)->prefixlen, key->data};
}

/* False: its length is more than the map's. */
static bool copy_prefix(const struct trie *t, const struct lpm_key *key, uint8_t copy[MAX_DATA], struct prefix *out)
{
	*out = (struct prefix){prefix_of(key).bits, copy};
	memcpy(copy, key->data, t->data_size);
	return out->bits <= t->data_size * 8;
}

static const char *lpm_check(const struct iov_map_def *def)
{
	if (def->key_size <= PREFIX_BYTES || def->key_size > PREFIX_BYTES + MAX_DATA)
		return "the key of an LPM trie is a __u32 prefix length and 1 to 256 bytes";
	if (!def->value_size || !def->max_entries)
		return "an LPM trie needs a value size and max_entries above 0";
	if (def->max_entries > 1U << 30)
		return "an LPM trie has 1073741824 entries at most";
	if (!(def->flags & IOV_F_NO_PREALLOC))
		return "an LPM trie needs map_flags BPF_F_NO_PREALLOC";
	return NULL;
}

static uint64_t node_size_of(const struct iov_map_def *def)
{
	return sizeof(struct node) + map_round8(def->key_size - PREFIX_BYTES) + (uint64_t)map_round8(def->value_size);
}

static uint64_t lpm_bytes(const struct iov_map_def *def, uint32_t cpus)
{
	(void)cpus;
	return sizeof(struct trie) + (2ull * def->max_entries + SPARES) * node_size_of(def);
}

static void lpm_init(struct iov_map *map)
{
	uint32_t data = map->key_size - PREFIX_BYTES;

	*trie(map) = (struct trie){.root = NONE, .first = NONE, .pool = 2 * map->head.max_entries + SPARES,
				   .data_size = data, .data_words = map_round8(data) / 8,
				   .node_size = (uint32_t)node_size_of(map->def), .nodes = (uint8_t *)(trie(map) + 1)};
}

static unsigned bit_at(const uint8_t *data, uint32_t index)
{
	return data[index / 8] >> (7 - index % 8) & 1;
}

/* Up to 8 bytes of a key as a word, the rest zeros. */
static uint64_t word_at(const uint8_t *data, uint32_t bytes)
{
	uint64_t word = 0;

	if (bytes == 4)
		memcpy(&word, data, 4);
	else
		memcpy(&word, data, bytes < 8 ? bytes : 8);
	return word;
}

/* Leading bits that a node's prefix shares with a key, at most the length of either. */
static uint32_t match(const struct trie *t, const struct node *n, struct prefix key)
{
	uint32_t len = GET(n->prefixlen), limit = len < key.bits ? len : key.bits;

	for (uint32_t at = 0; at * 8 < limit; at += 8) {
		uint64_t differ = be64toh(GET(n->words[at / 8]) ^ word_at(key.data + at, t->data_size - at));
		uint32_t bits = at * 8 + (differ ? (uint32_t)__builtin_clzll(differ) : 64);

		if (differ)
			return bits < limit ? bits : limit;
	}
	return limit;
}

/* Without the lock: what is found may have gone meanwhile. Where nodes are used again under us, prefixes may get
 * shorter on the way down. */
static struct node *walk_down(struct trie *t, struct prefix key)
{
	uint32_t index = GET(t->root), least = 0;
	struct node *found = NULL;

	while (index != NONE) {
		struct node *n = node_at(t, index);
		uint32_t len = GET(n->prefixlen);

		if (len < least || match(t, n, key) < len)
			break;
		if (!GET(n->branch))
			found = n;
		if (len == key.bits)
			break;
		index = GET(n->child[bit_at(key.data, len)]);
		least = len + 1;
	}
	return found;
}

static struct node *longest(struct trie *t, struct prefix key)
{
	struct node *found;
	uint32_t reused;

	if (key.bits > t->data_size * 8)
		return NULL;
	do {
		reused = GET(t->reused);
		found = walk_down(t, key);
	} while (GET(t->reused) - reused >= SPARES - 2);
	return found;
}

static void *lpm_lookup(struct iov_map *map, const void *key, uint32_t cpu)
{
	struct trie *t = trie(map);
	struct node *found = longest(t, prefix_of(key));

	(void)cpu;
	return found ? value_of(t, found) : NULL;
}

static uint32_t new_node(struct trie *t, const uint8_t *data, uint32_t prefixlen, bool branch)
{
	uint32_t index = t->fresh < t->pool ? t->fresh++ : t->first;
	struct node *n = node_at(t, index);

	if (index == t->first) {
		t->first = n->next;
		__atomic_fetch_add(&t->reused, 1, __ATOMIC_ACQ_REL);
	}
	SET(n->child[0], NONE);
	SET(n->child[1], NONE);
	SET(n->prefixlen, (uint16_t)prefixlen);
	SET(n->branch, branch);
	n->live = true;
	for (uint32_t i = 0; i < t->data_words; i++)
		SET(n->words[i], word_at(data + (size_t)i * 8, t->data_size - i * 8));
	return index;
}

static void free_node(struct trie *t, uint32_t index)
{
	struct node *n = node_at(t, index);

	n->live = false;
	n->next = NONE;
	if (t->first == NONE)
		t->first = index;
	else
		node_at(t, t->last)->next = index;
	t->last = index;
}

/* Where the search for `key` stops: the link to the node that is it, that differs from it, or that is longer. `parent`
 * becomes the link to the node above. */
static uint32_t *walk(struct trie *t, struct prefix key, uint32_t **parent)
{
	uint32_t *link = &t->root;

	*parent = NULL;
	while (*link != NONE) {
		struct node *n = node_at(t, *link);

		if (match(t, n, key) < n->prefixlen || n->prefixlen == key.bits)
			break;
		*parent = link;
		link = &n->child[bit_at(key.data, n->prefixlen)];
	}
	return link;
}

static uint32_t value_node(struct iov_map *map, struct prefix key, const void *value)
{
	struct trie *t = trie(map);
	uint32_t index = new_node(t, key.data, key.bits, false);

	memcpy(value_of(t, node_at(t, index)), value, map->value_size);
	return index;
}

/* Put the new node at `link`, above, beside or in place of what is there. */
static void place(struct iov_map *map, uint32_t *link, struct prefix key, const void *value)
{
	struct trie *t = trie(map);
	uint32_t index = value_node(map, key, value), old = *link, shared, fork;
	struct node *n = node_at(t, index), *o;

	if (old == NONE) {
		SET(*link, index);
		return;
	}
	o = node_at(t, old);
	shared = match(t, o, key);
	if (shared == key.bits && o->prefixlen == key.bits) {
		SET(n->child[0], o->child[0]);
		SET(n->child[1], o->child[1]);
		SET(*link, index);
		free_node(t, old);
	} else if (shared == key.bits) {
		SET(n->child[bit_at(data_of(o), shared)], old);
		SET(*link, index);
	} else {
		fork = new_node(t, key.data, shared, true);
		SET(node_at(t, fork)->child[bit_at(key.data, shared)], index);
		SET(node_at(t, fork)->child[bit_at(data_of(o), shared)], old);
		SET(*link, fork);
	}
}

static int64_t lpm_update(struct iov_map *map, const void *k, const void *value, uint64_t flags, uint32_t cpu)
{
	struct trie *t = trie(map);
	uint32_t *link, *parent;
	uint8_t copy[MAX_DATA];
	struct prefix key;
	struct node *n;
	bool exists;
	int64_t result = 0;

	(void)cpu;
	if (!copy_prefix(t, k, copy, &key) || flags > IOV_EXIST)
		return -EINVAL;
	spin_lock(&t->lock);
	link = walk(t, key, &parent);
	n = *link == NONE ? NULL : node_at(t, *link);
	exists = n && !n->branch && n->prefixlen == key.bits && match(t, n, key) == key.bits;
	if (exists ? flags == IOV_NOEXIST : flags == IOV_EXIST)
		result = exists ? -EEXIST : -ENOENT;
	else if (!exists && t->entries == map->head.max_entries)
		result = -ENOSPC;
	if (!result) {
		t->entries += !exists;
		place(map, link, key, value);
	}
	spin_unlock(&t->lock);
	return result;
}

/* Take a value out: a node with two children goes on as a branch; a branch left with one child goes as well. */
static void remove_node(struct trie *t, uint32_t *link, uint32_t *parent)
{
	uint32_t index = *link;
	struct node *n = node_at(t, index), *up = parent ? node_at(t, *parent) : NULL;

	if (n->child[0] != NONE && n->child[1] != NONE) {
		SET(n->branch, true);
		return;
	}
	if (n->child[0] == NONE && n->child[1] == NONE && up && up->branch) {
		uint32_t above = *parent;

		SET(*parent, up->child[link == &up->child[0]]);
		free_node(t, above);
	} else {
		SET(*link, n->child[n->child[0] == NONE]);
	}
	free_node(t, index);
}

static int64_t lpm_erase(struct iov_map *map, const void *k)
{
	struct trie *t = trie(map);
	uint32_t *link, *parent;
	uint8_t copy[MAX_DATA];
	struct prefix key;
	struct node *n;
	int64_t result = -ENOENT;

	if (!copy_prefix(t, k, copy, &key))
		return -EINVAL;
	spin_lock(&t->lock);
	link = walk(t, key, &parent);
	n = *link == NONE ? NULL : node_at(t, *link);
	if (n && !n->branch && n->prefixlen == key.bits && match(t, n, key) == key.bits) {
		remove_node(t, link, parent);
		t->entries--;
		result = 0;
	}
	spin_unlock(&t->lock);
	return result;
}

/* The index of the node with exactly this key, or NONE. */
static uint32_t exact(struct trie *t, struct prefix key)
{
	uint32_t *parent, *link = walk(t, key, &parent);
	struct node *n = *link == NONE ? NULL : node_at(t, *link);

	return n && !n->branch && n->prefixlen == key.bits && match(t, n, key) == key.bits ? *link : NONE;
}

static int64_t lpm_read(struct iov_map *map, const void *key, void *value)
{
	struct trie *t = trie(map);
	struct node *found;

	spin_lock(&t->lock);
	found = longest(t, prefix_of(key));
	if (found)
		memcpy(value, value_of(t, found), map->value_size);
	spin_unlock(&t->lock);
	return found ? 0 : -ENOENT;
}

static int64_t lpm_write(struct iov_map *map, const void *key, const void *value, uint64_t flags)
{
	return lpm_update(map, key, value, flags, 0);
}

static int64_t lpm_next_key(struct iov_map *map, const void *k, void *next)
{
	struct trie *t = trie(map);
	struct lpm_key *to = next;
	int64_t result = -ENOENT;
	uint8_t copy[MAX_DATA];
	struct prefix key;
	uint32_t index;

	spin_lock(&t->lock);
	index = k && copy_prefix(t, k, copy, &key) ? exact(t, key) : NONE;
	for (index = index == NONE ? 0 : index + 1; index < t->fresh; index++) {
		struct node *n = node_at(t, index);

		if (!n->live || n->branch)
			continue;
		to->prefixlen = n->prefixlen;
		memcpy(to->data, n->words, t->data_size);
		result = 0;
		break;
	}
	spin_unlock(&t->lock);
	return result;
}

static int64_t lpm_next_at(struct iov_map *map, uint64_t *at, void *k, void *value)
{
	struct trie *t = trie(map);
	struct lpm_key *to = k;
	int64_t result = -ENOENT;

	spin_lock(&t->lock);
	while (result && *at < t->fresh) {
		struct node *n = node_at(t, (uint32_t)(*at)++);

		if (!n->live || n->branch)
			continue;
		to->prefixlen = n->prefixlen;
		memcpy(to->data, n->words, t->data_size);
		if (value)
			memcpy(value, value_of(t, n), map->value_size);
		result = 0;
	}
	spin_unlock(&t->lock);
	return result;
}

const struct iov_map_ops map_ops_lpm_trie = {
	.type = LPM_TRIE, .check = lpm_check, .bytes = lpm_bytes, .init = lpm_init, .lookup = lpm_lookup,
	.update = lpm_update, .erase = lpm_erase, .read = lpm_read, .write = lpm_write, .next_key = lpm_next_key,
	.next_at = lpm_next_at,
	.flags = IOV_F_NO_PREALLOC | IOV_F_NUMA_NODE | IOV_F_ACCESS,
};
