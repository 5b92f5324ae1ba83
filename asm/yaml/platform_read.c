/* SPDX-License-Identifier: Apache-2.0 */
/* A platform file's top level: numbers, rules, and the four lists that select from the catalogue.
 *
 * A list is `all` (every row of the catalogue, up to the release that `kernel` names), a sequence of names (and of
 * mappings that define rows of the platform's own, which replace those of the same name; `all` may be among them), or
 * {add: ..., remove: ...} on what is inherited. */
#include "asm/yaml/platform_read.h"
#include "asm/yaml/platform_rows.h"

#include <stdlib.h>
#include <string.h>

const char *const platform_rule_words[] = {
	"pointers_in_maps", "uninit_to_maps",  "bounded_loops",   "subprograms",  "tail_calls",
	"strict_alignment", "callbacks",       "global_data",     "legacy_loads", "atomics_fetch",
	"may_goto",         "acquire_release", "addr_space_cast", "linux_loops",  "swap_bounds",
	"stack_whole",      "not_equal_bounds", NULL,
};
const char *const platform_rule_texts[] = {
	"allow: addresses may be stored where they can be read as numbers (maps, packets, the context), computed with "
	"and returned, as Linux allows programs that root loads; without it, deny",
	"allow: stack bytes that were never written may be given to helpers that read memory, and so reach maps, as "
	"Linux allows root from 6.3 on; without it, deny",
	"loops, when they are proved to end",
	"calls of functions of the program",
	"bpf_tail_call()",
	"accesses must be aligned to their size, packets included",
	"helpers that call functions of the program, such as bpf_loop()",
	"global variables: .data, .rodata, .bss",
	"BPF_ABS and BPF_IND loads from packets",
	"atomic operations that return the old value",
	"the may_goto instruction",
	"load_acquire and store_release",
	"casts between address spaces",
	"loops are walked turn by turn and count as Linux counts them, instead of being summarised",
	"what is known of a number survives byte swaps",
	"the stack is accessed at constant offsets only, and read in pieces no larger than they were written, as DPDK "
	"wants it",
	"where a number differs from the least or most that it may be, the next one is the least or most, "
	"as in Linux from 6.8 on",
	NULL,
};
_Static_assert(IOV_RULE_STACK_WHOLE == 1 << 15 && IOV_RULE_TAIL_CALLS == 1 << 4 && IOV_RULE_MAY_GOTO == 1 << 10 &&
		       sizeof(platform_rule_words) == sizeof(platform_rule_texts) &&
		       sizeof(platform_rule_words) / sizeof(char *) == 18,
	       "words and texts are in the order of enum iov_platform_rules");

/* A kind of row: how the catalogue finds it, and how a file may define its own. */
struct row_kind {
	const char *what, *key;
	const void *(*by_name)(const char *name);
	const void *(*at)(size_t index); /* NULL past the end */
	const char *(*name)(const void *row);
	const char *(*since)(const void *row);
	void *(*own)(struct platform_maker *m, const struct iov_yaml *node); /* NULL: files cannot define any */
};

struct row_list {
	const void **rows;
	uint32_t count;
};

enum { MAX_ROWS = 4096 }; /* names are compared one by one */

/* ---- the four kinds ---- */

#define ROW_KIND(prefix, type, by_name_fn, at_expr)                                                                    \
	static const void *prefix##_by_name(const char *name)                                                          \
	{                                                                                                              \
		return by_name_fn(name);                                                                               \
	}                                                                                                              \
	static const void *prefix##_at(size_t index)                                                                   \
	{                                                                                                              \
		return at_expr;                                                                                        \
	}                                                                                                              \
	static const char *prefix##_name(const void *row)                                                              \
	{                                                                                                              \
		return ((const type *)row)->name;                                                                      \
	}                                                                                                              \
	static const char *prefix##_since(const void *row)                                                             \
	{                                                                                                              \
		return ((const type *)row)->since;                                                                     \
	}

ROW_KIND(helper, struct iov_helper, catalogue_helper_by_name, catalogue_helper_at(index))
ROW_KIND(kfunc, struct iov_helper, catalogue_kfunc_by_name, catalogue_kfunc_at(index))
ROW_KIND(prog_type, struct iov_prog_type, catalogue_prog_type_by_name, catalogue_prog_type((uint32_t)index + 1))
ROW_KIND(map_type, struct iov_map_type, catalogue_map_type_by_name, catalogue_map_type((uint32_t)index + 1))

static void *own_helper(struct platform_maker *m, const struct iov_yaml *node) { return platform_own_helper(m, node); }
static void *own_prog_type(struct platform_maker *m, const struct iov_yaml *node)
{
	return platform_own_prog_type(m, node);
}

static const struct row_kind helper_kind = {"a helper", "helpers", helper_by_name, helper_at, helper_name, helper_since,
					    own_helper};
static const struct row_kind kfunc_kind = {"a kfunc", "kfuncs", kfunc_by_name, kfunc_at, kfunc_name, kfunc_since, NULL};
static const struct row_kind prog_type_kind = {"a program type", "program_types", prog_type_by_name, prog_type_at,
					       prog_type_name, prog_type_since, own_prog_type};
static const struct row_kind map_type_kind = {"a map type", "map_types", map_type_by_name, map_type_at, map_type_name,
					      map_type_since, NULL};

/* ---- lists ---- */

static bool out_of_memory(struct platform_maker *m)
{
	m->status = IOV_NOMEM;
	return false;
}

static bool diagnosed(struct platform_maker *m)
{
	if (m->status == IOV_OK)
		m->status = IOV_DIAGNOSED;
	return false;
}

static uint32_t list_find(const struct row_kind *kind, const struct row_list *list, const char *name)
{
	uint32_t i = 0;

	name += strncmp(name, "bpf_", 4) ? 0 : 4;
	while (i < list->count && strcmp(kind->name(list->rows[i]), name))
		i++;
	return i;
}

/* A row of the same name is replaced. */
static bool list_put(struct platform_maker *m, const struct row_kind *kind, struct row_list *list, const void *row)
{
	uint32_t at = list_find(kind, list, kind->name(row));

	if (at == MAX_ROWS) {
		diag_add(m->sink, DIAG_YAML_LIMIT, IOV_NOWHERE, "%s: more than %d rows", kind->key, MAX_ROWS);
		return diagnosed(m);
	}
	if (at == list->count) {
		if (!(at & (at - 1))) {
			const void **bigger = arena_array(m->arena, at ? (size_t)at * 2 : 1, sizeof(*bigger));

			if (!bigger)
				return out_of_memory(m);
			if (at)
				memcpy(bigger, list->rows, at * sizeof(*bigger));
			list->rows = bigger;
		}
		list->count++;
	}
	list->rows[at] = row;
	return true;
}

static bool put_all(struct platform_maker *m, const struct row_kind *kind, struct row_list *list)
{
	for (size_t i = 0; kind->at(i); i++) {
		const void *row = kind->at(i);

		if (catalogue_release_cmp(kind->since(row), m->p->kernel) <= 0 && !list_put(m, kind, list, row))
			return false;
	}
	return true;
}

static bool unknown_name(struct platform_maker *m, const struct row_kind *kind, const struct iov_yaml *node)
{
	const char *names[512];
	struct iov_diag *d = diag_add(m->sink, DIAG_YAML_NAME, node->where, "there is no %s '%.80s'",
				      strchr(kind->what, ' ') + 1, node->text);
	const char *nearest;
	size_t n = 0;

	for (size_t i = 0; kind->at(i) && n < 511; i++)
		names[n++] = kind->name(kind->at(i));
	names[n] = NULL;
	nearest = yml_nearest(strncmp(node->text, "bpf_", 4) ? node->text : node->text + 4, names);
	if (nearest)
		diag_hint(d, "did you mean '%s'?", nearest);
	return diagnosed(m);
}

static bool put_item(struct platform_maker *m, const struct row_kind *kind, struct row_list *list,
		     const struct iov_yaml *item)
{
	const char *name;
	const void *row;

	if (item->kind == IOV_YAML_MAPPING && kind->own) {
		row = kind->own(m, item);
		return row && list_put(m, kind, list, row);
	}
	if (!yml_string(item, kind->what, m->sink, &name))
		return diagnosed(m);
	if (!strcmp(name, "all"))
		return put_all(m, kind, list);
	row = kind->by_name(name);
	return row ? list_put(m, kind, list, row) : unknown_name(m, kind, item);
}

static bool put_items(struct platform_maker *m, const struct row_kind *kind, struct row_list *list,
		      const struct iov_yaml *items)
{
	bool ok = true;

	if (items->kind == IOV_YAML_SCALAR && !strcmp(items->text, "all"))
		return put_all(m, kind, list);
	if (!yml_need_sequence(items, kind->key, m->sink))
		return diagnosed(m);
	for (uint32_t i = 0; i < items->count; i++)
		ok &= put_item(m, kind, list, items->items[i]);
	return ok;
}

static bool remove_items(struct platform_maker *m, const struct row_kind *kind, struct row_list *list,
			 const struct iov_yaml *items)
{
	bool ok = true;

	if (!yml_need_sequence(items, "remove", m->sink))
		return diagnosed(m);
	for (uint32_t i = 0; i < items->count; i++) {
		const char *name;
		uint32_t at;

		if (!yml_string(items->items[i], kind->what, m->sink, &name)) {
			ok = diagnosed(m);
			continue;
		}
		at = list_find(kind, list, name);
		if (at == list->count) {
			diag_add(m->sink, DIAG_YAML_NAME, items->items[i]->where, "'%.80s' is not inherited", name);
			ok = diagnosed(m);
			continue;
		}
		list->count--;
		memmove(list->rows + at, list->rows + at + 1, (list->count - at) * sizeof(*list->rows));
	}
	return ok;
}

static bool read_list(struct platform_maker *m, const struct row_kind *kind, const struct iov_yaml *root,
		      struct row_list *list)
{
	static const char *const keys[] = {"add", "remove", NULL};
	const struct iov_yaml *node = yml_get(root, kind->key), *part;
	const void *const *inherited = list->rows;
	uint32_t count = list->count;
	bool changes = node && node->kind == IOV_YAML_MAPPING;

	if (node && node->kind == IOV_YAML_NULL)
		count = 0;
	*list = (struct row_list){0};
	for (uint32_t i = 0; (!node || changes) && i < count; i++) {
		if (!list_put(m, kind, list, inherited[i]))
			return false;
	}
	if (!changes)
		return !node || node->kind == IOV_YAML_NULL || put_items(m, kind, list, node);
	if (!yml_only_keys(node, keys, m->sink))
		return diagnosed(m);
	part = yml_get(node, "remove");
	if (part && !remove_items(m, kind, list, part))
		return false;
	part = yml_get(node, "add");
	return !part || put_items(m, kind, list, part);
}

/* ---- numbers and words ---- */

static bool read_text(struct platform_maker *m, const struct iov_yaml *root, const char *key, const char **into)
{
	const struct iov_yaml *node = yml_get(root, key);

	return !node || yml_string(node, key, m->sink, into) || diagnosed(m);
}

static bool read_number(struct platform_maker *m, const struct iov_yaml *node, const char *key, uint64_t min,
			uint64_t max, uint64_t *into)
{
	const struct iov_yaml *value = yml_get(node, key);

	return !value || yml_uint(value, key, min, max, m->sink, into) || diagnosed(m);
}

static bool read_number32(struct platform_maker *m, const struct iov_yaml *node, const char *key, uint32_t min,
			  uint32_t max, uint32_t *into)
{
	uint64_t value = *into;
	bool ok = read_number(m, node, key, min, max, &value);

	*into = (uint32_t)value;
	return ok;
}

static bool read_limits(struct platform_maker *m, const struct iov_yaml *root)
{
	static const char *const keys[] = {"instructions", "processed", "stack", "frames", "states", "map_memory",
					   "tail_calls", NULL};
	const struct iov_yaml *node = yml_get(root, "limits");
	struct iov_platform *p = m->p;

	if (!node)
		return true;
	if (!yml_need_mapping(node, "limits", m->sink) || !yml_only_keys(node, keys, m->sink))
		return diagnosed(m);
	return read_number32(m, node, "instructions", 1, UINT32_MAX, &p->max_insns) &
	       read_number(m, node, "processed", 1, UINT64_MAX, &p->max_processed) &
	       read_number32(m, node, "stack", 0, 1 << 20, &p->max_stack) &
	       read_number32(m, node, "frames", 1, 64, &p->max_frames) &
	       read_number32(m, node, "states", 0, UINT32_MAX, &p->max_states) &
	       read_number(m, node, "map_memory", 0, UINT64_MAX, &p->max_map_memory) &
	       read_number32(m, node, "tail_calls", 0, UINT32_MAX, &p->max_tail_calls);
}

static bool read_rules(struct platform_maker *m, const struct iov_yaml *root)
{
	static const char *const keys[] = {"add", "remove", NULL};
	const struct iov_yaml *node = yml_get(root, "rules");
	uint32_t add = 0, take = 0;
	bool ok = true;

	if (!node)
		return true;
	if (node->kind != IOV_YAML_MAPPING)
		return yml_flags(node, "rules", platform_rule_words, m->sink, &m->p->rules) || diagnosed(m);
	ok = yml_only_keys(node, keys, m->sink);
	if (yml_get(node, "add"))
		ok &= yml_flags(yml_get(node, "add"), "a rule", platform_rule_words, m->sink, &add);
	if (yml_get(node, "remove"))
		ok &= yml_flags(yml_get(node, "remove"), "a rule", platform_rule_words, m->sink, &take);
	m->p->rules = (m->p->rules | add) & ~take;
	return ok || diagnosed(m);
}

static bool read_order(struct platform_maker *m, const struct iov_yaml *root)
{
	static const char *const words[] = {"any", "little", "big", NULL};
	const struct iov_yaml *node = yml_get(root, "byte_order");
	uint32_t order = m->p->order;

	if (node && !yml_choice(node, "byte_order", words, m->sink, &order))
		return diagnosed(m);
	m->p->order = (enum iov_platform_order)order;
	return true;
}

/* "6.12": what releases are compared by. */
static bool read_kernel(struct platform_maker *m, const struct iov_yaml *root)
{
	const struct iov_yaml *node = yml_get(root, "kernel");
	size_t major, minor;

	if (!node)
		return true;
	if (node->kind == IOV_YAML_NULL) {
		m->p->kernel = NULL;
		return true;
	}
	if (!read_text(m, root, "kernel", &m->p->kernel))
		return false;
	major = strspn(m->p->kernel, "0123456789");
	minor = m->p->kernel[major] == '.' ? strspn(m->p->kernel + major + 1, "0123456789") : 0;
	if (major && major < 5 && minor && minor < 5 && !m->p->kernel[major + 1 + minor])
		return true;
	diag_add(m->sink, DIAG_YAML_TYPE, node->where, "kernel must be a release such as \"6.12\", in quotes");
	return diagnosed(m);
}

/* A relative path is meant from the platform file's folder. */
static bool read_target(struct platform_maker *m, const struct iov_yaml *root)
{
	const struct iov_yaml *node = yml_get(root, "target_btf");
	const char *slash;

	if (!node)
		return true;
	if (node->kind == IOV_YAML_NULL) {
		m->p->target_btf = NULL;
		return true;
	}
	if (!read_text(m, root, "target_btf", &m->p->target_btf))
		return false;
	slash = node->where.file ? strrchr(node->where.file, '/') : NULL;
	if (!slash || *m->p->target_btf == '/' || !strcmp(m->p->target_btf, "auto"))
		return true;
	m->p->target_btf = arena_printf(m->arena, "%.*s/%s", (int)(slash - node->where.file), node->where.file,
					m->p->target_btf);
	return m->p->target_btf || out_of_memory(m);
}

static bool read_base(struct platform_maker *m, const struct iov_yaml *root, const struct iov_platform_base *base)
{
	const struct iov_yaml *node = yml_get(root, "inherit");
	const struct iov_platform *found;
	const char *name;

	if (!node) {
		*m->p = (struct iov_platform){.cpu = 4, .max_insns = 4096, .max_processed = 1000000, .max_stack = 512,
					      .max_frames = 8, .max_tail_calls = 33};
		return true;
	}
	if (!yml_string(node, "inherit", m->sink, &name))
		return diagnosed(m);
	found = base && base->find ? base->find(base->ud, name) : NULL;
	if (!found) {
		diag_add(m->sink, DIAG_PLATFORM_UNKNOWN, node->where, "there is no platform '%.80s' to inherit from",
			 name);
		return diagnosed(m);
	}
	*m->p = *found;
	return true;
}

/* ---- all of it ---- */

/* A misspelt name in a program type's list of calls would allow nothing, in silence. */
static bool check_calls(struct platform_maker *m, const struct iov_yaml *root, const struct row_list *types,
			const struct row_list *helpers)
{
	for (uint32_t i = 0; i < types->count; i++) {
		const struct iov_prog_type *type = types->rows[i];

		for (const char *const *call = type->helpers; call && *call; call++) {
			if (strchr(*call, '@') || catalogue_helper_by_name(*call) ||
			    list_find(&helper_kind, helpers, *call) < helpers->count)
				continue;
			diag_add(m->sink, DIAG_YAML_NAME, yml_get(root, "program_types")->where,
				 "the program type %s may call '%.80s', but there is no such helper", type->name,
				 *call);
			return diagnosed(m);
		}
	}
	return true;
}

static int by_id(const void *a, const void *b)
{
	uint32_t x = (*(const struct iov_helper *const *)a)->id, y = (*(const struct iov_helper *const *)b)->id;

	return x < y ? -1 : x > y;
}

static bool sort_helpers(struct platform_maker *m, const struct iov_yaml *root, struct row_list *list)
{
	if (list->count)
		qsort(list->rows, list->count, sizeof(*list->rows), by_id);
	for (uint32_t i = 1; i < list->count; i++) {
		const struct iov_helper *a = list->rows[i - 1], *b = list->rows[i];

		if (a->id != b->id)
			continue;
		diag_add(m->sink, DIAG_PLATFORM_PROTOTYPE,
			 yml_get(root, "helpers") ? yml_get(root, "helpers")->where : root->where,
			 "the helpers %s and %s have the same id %u", a->name, b->name, a->id);
		return diagnosed(m);
	}
	return true;
}

/* The type with one more name in its list of calls. */
static const struct iov_prog_type *type_with(struct platform_maker *m, const struct iov_prog_type *type,
					     const char *helper)
{
	struct iov_prog_type *copy = ARENA_NEW(m->arena, struct iov_prog_type);
	const char **list;
	size_t n = 0;

	while (type->helpers && type->helpers[n])
		n++;
	list = arena_array(m->arena, n + 2, sizeof(*list));
	if (!copy || !list)
		return NULL;
	if (n)
		memcpy(list, type->helpers, n * sizeof(*list));
	list[n] = helper;
	*copy = *type;
	copy->helpers = list;
	return copy;
}

static bool apply_grants(struct platform_maker *m, struct row_list *types)
{
	for (const struct platform_grant *g = m->grants; g; g = g->next) {
		const char *name;
		uint32_t at;

		if (!yml_string(g->type, "a program type", m->sink, &name))
			return diagnosed(m);
		at = list_find(&prog_type_kind, types, name);
		if (at == types->count) {
			diag_add(m->sink, DIAG_YAML_NAME, g->type->where, "this platform has no program type '%.80s'",
				 name);
			return diagnosed(m);
		}
		types->rows[at] = type_with(m, types->rows[at], g->helper->name);
		if (!types->rows[at])
			return out_of_memory(m);
	}
	return true;
}

static bool read_lists(struct platform_maker *m, const struct iov_yaml *root)
{
	struct iov_platform *p = m->p;
	struct row_list types = {(const void **)(uintptr_t)p->prog_types, p->prog_type_count};
	struct row_list helpers = {(const void **)(uintptr_t)p->helpers, p->helper_count};
	struct row_list kfuncs = {(const void **)(uintptr_t)p->kfuncs, p->kfunc_count};
	struct row_list maps = {(const void **)(uintptr_t)p->map_types, p->map_type_count};
	bool ok = read_list(m, &prog_type_kind, root, &types) & read_list(m, &helper_kind, root, &helpers) &
		  read_list(m, &kfunc_kind, root, &kfuncs) & read_list(m, &map_type_kind, root, &maps);

	if (!ok || !apply_grants(m, &types) || !check_calls(m, root, &types, &helpers) ||
	    !sort_helpers(m, root, &helpers))
		return false;
	p->prog_types = (const struct iov_prog_type *const *)types.rows;
	p->prog_type_count = types.count;
	p->helpers = (const struct iov_helper *const *)helpers.rows;
	p->helper_count = helpers.count;
	p->kfuncs = (const struct iov_helper *const *)kfuncs.rows;
	p->kfunc_count = kfuncs.count;
	p->map_types = (const struct iov_map_type *const *)maps.rows;
	p->map_type_count = maps.count;
	return true;
}

/* ---- notes: words about names ---- */

/* Every name of one item, with its text. */
static bool put_notes(struct platform_maker *m, const struct iov_yaml *item, const char *word,
		      struct iov_platform_note *out, uint32_t *count)
{
	const char *const keys[] = {"names", word, NULL};
	const struct iov_yaml *names, *text;
	const char *said;

	if (!yml_need_mapping(item, "a note", m->sink) || !yml_only_keys(item, keys, m->sink) ||
	    !(names = yml_require(item, "names", m->sink)) || !(text = yml_require(item, word, m->sink)) ||
	    !yml_need_sequence(names, "names", m->sink) || !yml_string(text, word, m->sink, &said))
		return diagnosed(m);
	for (uint32_t i = 0; i < names->count; i++) {
		if (!yml_string(names->items[i], "a name", m->sink, &out[*count].name))
			return diagnosed(m);
		out[(*count)++].text = said;
	}
	return true;
}

/* A sequence of {names: [...], WORD: text}; what is inherited goes when the file has the key. */
static bool read_notes(struct platform_maker *m, const struct iov_yaml *root, const char *key, const char *word,
		       const struct iov_platform_note **into, uint32_t *count)
{
	const struct iov_yaml *node = yml_get(root, key);
	struct iov_platform_note *notes;
	size_t most = 0;

	if (!node)
		return true;
	if (!yml_need_sequence(node, key, m->sink))
		return diagnosed(m);
	for (uint32_t i = 0; i < node->count; i++) {
		const struct iov_yaml *names = yml_get(node->items[i], "names");

		most += names ? names->count : 0;
	}
	notes = arena_array(m->arena, most, sizeof(*notes));
	if (!notes)
		return out_of_memory(m);
	*into = notes;
	*count = 0;
	for (uint32_t i = 0; i < node->count; i++)
		if (!put_notes(m, node->items[i], word, notes, count))
			return false;
	return true;
}

static bool read_platform(struct platform_maker *m, const struct iov_yaml *root, const struct iov_platform_base *base)
{
	static const char *const keys[] = {"name",          "summary",   "inherit", "kernel",  "byte_order",
					   "cpu",           "rules",     "limits",  "helpers", "kfuncs",
					   "program_types", "map_types", "target_btf", "lacking", "hosted", NULL};
	uint32_t cpu;
	bool ok;

	if (!yml_need_mapping(root, "a platform", m->sink) || !yml_only_keys(root, keys, m->sink) ||
	    !yml_require(root, "name", m->sink))
		return diagnosed(m);
	if (!read_base(m, root, base))
		return false;
	cpu = m->p->cpu;
	ok = read_text(m, root, "name", &m->p->name) & read_text(m, root, "summary", &m->p->summary) &
	     read_kernel(m, root) & read_target(m, root) & read_order(m, root) &
	     read_number32(m, root, "cpu", 1, 4, &cpu) & read_rules(m, root) & read_limits(m, root) &
	     read_notes(m, root, "lacking", "why", &m->p->lacking, &m->p->lacking_count) &
	     read_notes(m, root, "hosted", "by", &m->p->hosted, &m->p->hosted_count);
	m->p->cpu = (uint8_t)cpu;
	return read_lists(m, root) && ok;
}

enum iov_status platform_parse(const struct iov_yaml *root, const struct iov_platform_base *base,
			       struct iov_arena *arena, struct iov_sink *sink, const struct iov_platform **out)
{
	struct platform_maker m = {.arena = arena, .sink = sink, .p = ARENA_NEW(arena, struct iov_platform)};

	if (!m.p)
		return IOV_NOMEM;
	if (!read_platform(&m, root, base))
		return m.status == IOV_OK ? IOV_BUG : m.status;
	*out = m.p;
	return IOV_OK;
}

enum iov_status platform_read(const char *path, const struct iov_platform_base *base, struct iov_arena *arena,
			      struct iov_sink *sink, const struct iov_platform **out)
{
	const struct iov_yaml *root;
	enum iov_status status = yml_read_file(path, arena, sink, &root);

	return status == IOV_OK ? platform_parse(root, base, arena, sink, out) : status;
}
