/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: YAML → struct iov_module_desc. What can be wrong with a manifest by itself is found here, all of it in one go.
 */
#include "linker/module.h"

#include "asm/base/output.h"
#include "asm/isa/catalogue.h"

#include <inttypes.h>
#include <string.h>

static const char *const type_words[] = {"u8",   "u16",  "u32",  "u64",  "s8",   "s16", "s32",    "s64", "be16",
					 "be32", "be64", "bool", "ipv4", "ipv6", "mac", "string", NULL};
static const uint32_t type_sizes[] = {1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 1, 4, 16, 6, 0};
static const char *const port_words[] = {"any", "netdev", "vf", "representor", "module", NULL};
static const char *const pin_words[] = {"", "none", "by-name", NULL};
static const char *const clash_words[] = {"fail", "recreate", "version-name", NULL};

struct maker {
	struct iov_module_desc *m;
	struct iov_arena *arena;
	struct iov_sink *sink;
	bool bad, nomem;
};

const char *module_type_word(enum iov_param_type type)
{
	return type_words[type];
}
uint32_t module_type_size(enum iov_param_type type)
{
	return type_sizes[type];
}

/* The getters diagnose; what they say no to is noted once, here. */
#define NEED(k, ok) ((ok) || ((k)->bad = true, false))

static const char *text_of(struct maker *k, const struct iov_yaml *node, const char *key, const char *what)
{
	const struct iov_yaml *v = yml_get(node, key);
	const char *out = NULL;

	if (v && !NEED(k, yml_string(v, what, k->sink, &out)))
		return NULL;
	return out;
}

static void flag_of(struct maker *k, const struct iov_yaml *node, const char *key, const char *what, bool *out)
{
	const struct iov_yaml *v = yml_get(node, key);

	if (v)
		NEED(k, yml_bool(v, what, k->sink, out));
}

/* Names are those of the C language, or of modules and ports. */
static bool is_name(const char *s, const char *more)
{
	size_t len = 0;

	for (; s[len]; len++) {
		char c = s[len];
		bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');

		if (!word && !strchr(more, c))
			return false;
	}
	return len && len < 64;
}

static void wrong(struct maker *k, struct iov_span where, const char *what, const char *hint)
{
	diag_hint(diag_add(k->sink, DIAG_MANIFEST_VALUE, where, "%s", what), "%s", hint);
	k->bad = true;
}

/* 64MiB, 9437184, 4KiB */
static bool size_of(struct maker *k, const struct iov_yaml *node, uint64_t *out)
{
	static const struct {
		const char *unit;
		unsigned shift;
	} units[] = {{"", 0}, {"B", 0}, {"KiB", 10}, {"MiB", 20}, {"GiB", 30}};
	const char *p = node->kind == IOV_YAML_SCALAR ? node->text : "";
	uint64_t v = 0;

	if (*p < '0' || *p > '9')
		goto bad;
	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, (uint64_t)(*p - '0'), &v))
			goto bad;
	while (*p == ' ')
		p++;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (!strcmp(p, units[i].unit) && v <= UINT64_MAX >> units[i].shift) {
			*out = v << units[i].shift;
			return true;
		}
bad:
	wrong(k, node->where, "this is not a number of bytes", "write 4096, 64KiB, 16MiB or 1GiB");
	return false;
}

static void *items(struct maker *k, const struct iov_yaml *node, size_t each)
{
	void *out = arena_array(k->arena, node->count, each);

	k->nomem |= !out;
	return out;
}

/* --- sections ----------------------------------------------------------------------------------------------------- */

static void read_module(struct maker *k, const struct iov_yaml *root)
{
	static const char *const keys[] = {"name",     "version", "license", "summary",
					   "homepage", "source",  "vendor",  NULL};
	const struct iov_yaml *node = yml_require(root, "module", k->sink), *license;
	struct iov_module_desc *m = k->m;

	if (!NEED(k, node && yml_need_mapping(node, "module", k->sink)))
		return;
	NEED(k, yml_only_keys(node, keys, k->sink));
	if (!NEED(k, yml_require(node, "name", k->sink)) || !NEED(k, (license = yml_require(node, "license", k->sink))))
		return;
	m->name = text_of(k, node, "name", "the module's name");
	m->version = text_of(k, node, "version", "the version");
	m->license = text_of(k, node, "license", "the licence");
	m->license_where = license->where;
	m->summary = text_of(k, node, "summary", "the summary");
	text_of(k, node, "homepage", "the home page");
	text_of(k, node, "source", "the source");
	text_of(k, node, "vendor", "the vendor");
	if (m->name && (!is_name(m->name, "-") || *m->name == '-'))
		wrong(k, yml_get(node, "name")->where, "this cannot be a module's name",
		      "letters, digits, - and _, at most 63, as in nat44 or l2-switch");
}

static void read_chain(struct maker *k, const struct iov_yaml *node, struct iov_module_prog *p)
{
	static const char *const keys[] = {"priority", "proceed_on", NULL};
	const struct iov_yaml *v;
	uint64_t n = 0;

	if (!NEED(k, yml_need_mapping(node, "chain", k->sink)))
		return;
	NEED(k, yml_only_keys(node, keys, k->sink));
	v = yml_get(node, "priority");
	if (v && NEED(k, yml_uint(v, "the priority", 0, 1000, k->sink, &n))) {
		p->has_priority = true;
		p->priority = (uint32_t)n;
	}
	v = yml_get(node, "proceed_on");
	if (v && NEED(k, yml_need_sequence(v, "proceed_on", k->sink))) {
		const char **words = items(k, v, sizeof(char *));

		for (uint32_t i = 0; words && i < v->count; i++)
			if (NEED(k, yml_string(v->items[i], "a verdict", k->sink, &words[i])))
				p->proceed_count++;
		p->proceed_on = words;
	}
}

static void read_attach(struct maker *k, const struct iov_yaml *node, struct iov_module_prog *p)
{
	static const char *const keys[] = {"direction", "frags", NULL};
	static const char *const directions[] = {"ingress", "egress", NULL};
	const struct iov_yaml *v;
	uint32_t which;

	if (!NEED(k, yml_need_mapping(node, "attach", k->sink)))
		return;
	NEED(k, yml_only_keys(node, keys, k->sink));
	v = yml_get(node, "direction");
	if (v && NEED(k, yml_choice(v, "the direction", directions, k->sink, &which))) {
		p->ingress = which == 0;
		p->egress = which == 1;
	}
	flag_of(k, node, "frags", "frags", &p->frags);
}

static void read_prog(struct maker *k, const struct iov_yaml *node, struct iov_module_prog *p)
{
	static const char *const keys[] = {"name", "type", "port", "attach", "chain", NULL};
	const struct iov_yaml *v;
	const char *type;

	if (!NEED(k, yml_need_mapping(node, "a program", k->sink)))
		return;
	p->where = node->where;
	NEED(k, yml_only_keys(node, keys, k->sink));
	v = yml_require(node, "name", k->sink);
	if (!NEED(k, v && yml_string(v, "the program's name", k->sink, &p->name)))
		return;
	p->where = v->where;
	type = text_of(k, node, "type", "the program's type");
	if (type && !(p->type = catalogue_prog_type_by_name(type)))
		wrong(k, yml_get(node, "type")->where, "there is no such program type",
		      "xdp, sched_cls, socket_filter, cgroup_skb, …: iov-platform(5) lists them");
	p->port = text_of(k, node, "port", "the port");
	v = yml_get(node, "attach");
	if (v)
		read_attach(k, v, p);
	v = yml_get(node, "chain");
	if (v)
		read_chain(k, v, p);
}

static void read_progs(struct maker *k, const struct iov_yaml *node)
{
	if (!node || !NEED(k, yml_need_sequence(node, "programs", k->sink)))
		return;
	k->m->progs = items(k, node, sizeof(*k->m->progs));
	for (uint32_t i = 0; k->m->progs && i < node->count; i++)
		read_prog(k, node->items[i], &k->m->progs[k->m->prog_count++]);
}

static void read_port(struct maker *k, const struct iov_yaml *node, struct iov_module_port *p)
{
	static const char *const keys[] = {"kind", "min", "max", NULL};
	const struct iov_yaml *v;
	uint64_t n;
	uint32_t kind;

	p->max = 1;
	if (!NEED(k, yml_need_mapping(node, "a port", k->sink)))
		return;
	NEED(k, yml_only_keys(node, keys, k->sink));
	v = yml_get(node, "kind");
	if (v && NEED(k, yml_choice(v, "the kind", port_words, k->sink, &kind)))
		p->kind = (enum iov_port_kind)kind;
	v = yml_get(node, "min");
	if (v && NEED(k, yml_uint(v, "min", 0, 65535, k->sink, &n)))
		p->min = (uint32_t)n;
	if (p->min > p->max)
		p->max = p->min;
	v = yml_get(node, "max");
	if (v && NEED(k, yml_uint(v, "max", p->min, 65535, k->sink, &n)))
		p->max = (uint32_t)n;
}

static void read_ports(struct maker *k, const struct iov_yaml *node)
{
	if (!node || !NEED(k, yml_need_mapping(node, "ports", k->sink)))
		return;
	k->m->ports = items(k, node, sizeof(*k->m->ports));
	for (uint32_t i = 0; k->m->ports && i < node->count; i++) {
		struct iov_module_port *p = &k->m->ports[k->m->port_count++];

		p->name = node->keys[i]->text;
		p->where = node->keys[i]->where;
		read_port(k, node->items[i], p);
	}
}

static void read_entries(struct maker *k, const struct iov_yaml *node, struct iov_module_map *p)
{
	static const char *const keys[] = {"default", "min", "max", NULL};
	uint64_t *const into[] = {&p->entries, &p->entries_min, &p->entries_max};

	if (node->kind == IOV_YAML_SCALAR) {
		NEED(k, yml_uint(node, "max_entries", 1, UINT32_MAX, k->sink, &p->entries));
		return;
	}
	if (!NEED(k, yml_need_mapping(node, "max_entries", k->sink)))
		return;
	NEED(k, yml_only_keys(node, keys, k->sink));
	for (size_t i = 0; i < 3; i++) {
		const struct iov_yaml *v = yml_get(node, keys[i]);

		if (v)
			NEED(k, yml_uint(v, keys[i], 1, UINT32_MAX, k->sink, into[i]));
	}
	if (p->entries_min && p->entries_max && p->entries_min > p->entries_max)
		wrong(k, node->where, "min is greater than max", "swap them");
}

static void read_map(struct maker *k, const struct iov_yaml *node, struct iov_module_map *p)
{
	static const char *const keys[] = {"max_entries", "pin", "share", "persist", "on_incompatible", NULL};
	const struct iov_yaml *v;
	uint32_t which;

	if (!NEED(k, yml_need_mapping(node, "a map", k->sink)))
		return;
	NEED(k, yml_only_keys(node, keys, k->sink));
	v = yml_get(node, "max_entries");
	if (v)
		read_entries(k, v, p);
	v = yml_get(node, "pin");
	if (v && NEED(k, yml_choice(v, "pin", pin_words, k->sink, &which)))
		p->pin = (enum iov_module_pin)which;
	v = yml_get(node, "on_incompatible");
	if (v && NEED(k, yml_choice(v, "on_incompatible", clash_words, k->sink, &which)))
		p->on_incompatible = (enum iov_module_clash)which;
	flag_of(k, node, "persist", "persist", &p->persist);
	p->share = yml_get(node, "share");
	if (p->share)
		NEED(k, yml_need_sequence(p->share, "share", k->sink));
}

static void read_maps(struct maker *k, const struct iov_yaml *node)
{
	if (!node || !NEED(k, yml_need_mapping(node, "maps", k->sink)))
		return;
	k->m->maps = items(k, node, sizeof(*k->m->maps));
	for (uint32_t i = 0; k->m->maps && i < node->count; i++) {
		struct iov_module_map *p = &k->m->maps[k->m->map_count++];

		p->name = node->keys[i]->text;
		p->where = node->keys[i]->where;
		read_map(k, node->items[i], p);
	}
}

static bool is_number(enum iov_param_type type)
{
	return type <= IOV_TYPE_BE64;
}

static void read_range(struct maker *k, const struct iov_yaml *node, struct iov_module_param *p)
{
	const struct iov_yaml *min = yml_get(node, "min"), *max = yml_get(node, "max");

	if ((min || max) && !is_number(p->type)) {
		wrong(k, (min ? min : max)->where, "only numbers have a range", "leave min and max out");
		return;
	}
	p->has_min = min && NEED(k, yml_int(min, "min", INT64_MIN, INT64_MAX, k->sink, &p->min));
	p->has_max = max && NEED(k, yml_int(max, "max", INT64_MIN, INT64_MAX, k->sink, &p->max));
	if (p->has_min && p->has_max && p->min > p->max)
		wrong(k, min->where, "min is greater than max", "swap them");
}

static void read_param(struct maker *k, const struct iov_yaml *node, struct iov_module_param *p)
{
	static const char *const keys[] = {"type",    "unit", "description", "required", "mutable",
					   "default", "min",  "max",         "enum",     NULL};
	const struct iov_yaml *v;
	uint32_t type;

	if (!NEED(k, yml_need_mapping(node, "a parameter", k->sink)))
		return;
	NEED(k, yml_only_keys(node, keys, k->sink));
	v = yml_require(node, "type", k->sink);
	if (!NEED(k, v && yml_choice(v, "the type", type_words, k->sink, &type)))
		return;
	p->type = (enum iov_param_type)type;
	p->unit = text_of(k, node, "unit", "the unit");
	p->description = text_of(k, node, "description", "the description");
	flag_of(k, node, "required", "required", &p->required);
	flag_of(k, node, "mutable", "mutable", &p->is_mutable);
	read_range(k, node, p);
	p->default_node = yml_get(node, "default");
	p->has_default = p->default_node;
	if (p->required && p->has_default)
		wrong(k, p->default_node->where, "a parameter that is required has no default",
		      "leave one of the two out");
	p->values = yml_get(node, "enum");
	if (p->values && !is_number(p->type))
		wrong(k, p->values->where, "only numbers have an enumeration", "leave it out");
	else if (p->values && NEED(k, yml_need_mapping(p->values, "enum", k->sink)))
		for (uint32_t i = 0; i < p->values->count; i++) {
			int64_t n;

			NEED(k, yml_int(p->values->items[i], "an enumerator", INT64_MIN, INT64_MAX, k->sink, &n));
		}
}

static void read_params(struct maker *k, const struct iov_yaml *node)
{
	if (!node || !NEED(k, yml_need_mapping(node, "parameters", k->sink)))
		return;
	k->m->params = items(k, node, sizeof(*k->m->params));
	for (uint32_t i = 0; k->m->params && i < node->count; i++) {
		struct iov_module_param *p = &k->m->params[k->m->param_count++];

		p->name = node->keys[i]->text;
		p->where = node->keys[i]->where;
		read_param(k, node->items[i], p);
	}
}

static void read_requires(struct maker *k, const struct iov_yaml *node)
{
	static const char *const keys[] = {"platforms", "isa", "helpers", NULL};
	static const char *const levels[] = {"", "v1", "v2", "v3", "v4", NULL};
	const struct iov_yaml *v;
	const char *word;

	if (!node || !NEED(k, yml_need_mapping(node, "requires", k->sink)))
		return;
	NEED(k, yml_only_keys(node, keys, k->sink));
	v = yml_get(node, "isa");
	if (v && NEED(k, yml_choice(v, "the instruction set", levels, k->sink, &k->m->isa)))
		k->m->isa_where = v->where;
	k->m->platforms = yml_get(node, "platforms");
	k->m->helpers = yml_get(node, "helpers");
	for (int i = 0; i < 2; i++) {
		v = i ? k->m->helpers : k->m->platforms;
		if (!v || !NEED(k, yml_need_sequence(v, i ? "helpers" : "platforms", k->sink)))
			continue;
		for (uint32_t j = 0; j < v->count; j++)
			NEED(k, yml_string(v->items[j], "a name", k->sink, &word));
	}
}

static void read_limits(struct maker *k, const struct iov_yaml *node)
{
	static const char *const keys[] = {"insns", "worst_insns", "stack", "map_memory", NULL};
	uint64_t *const into[] = {&k->m->max_insns, &k->m->max_worst_insns, &k->m->max_stack, &k->m->max_map_memory};

	if (!node || !NEED(k, yml_need_mapping(node, "limits", k->sink)))
		return;
	k->m->limits = node;
	NEED(k, yml_only_keys(node, keys, k->sink));
	for (size_t i = 0; i < 4; i++) {
		const struct iov_yaml *v = yml_get(node, keys[i]);

		if (v && i < 2)
			NEED(k, yml_uint(v, keys[i], 1, UINT64_MAX, k->sink, into[i]));
		else if (v)
			size_of(k, v, into[i]);
	}
}

static void read_event(struct maker *k, const struct iov_yaml *node, struct iov_module_event *e)
{
	static const char *const keys[] = {"map", "type", "format", NULL};

	e->where = node->where;
	if (!NEED(k, yml_need_mapping(node, "an event", k->sink)))
		return;
	NEED(k, yml_only_keys(node, keys, k->sink));
	NEED(k, yml_require(node, "map", k->sink) != NULL);
	NEED(k, yml_require(node, "type", k->sink) != NULL);
	e->map = text_of(k, node, "map", "the map");
	e->type = text_of(k, node, "type", "the type");
	e->format = text_of(k, node, "format", "the format");
}

static void read_events(struct maker *k, const struct iov_yaml *node)
{
	if (!node || !NEED(k, yml_need_sequence(node, "events", k->sink)))
		return;
	k->m->events = items(k, node, sizeof(*k->m->events));
	for (uint32_t i = 0; k->m->events && i < node->count; i++)
		read_event(k, node->items[i], &k->m->events[k->m->event_count++]);
}

static void read_top(struct maker *k, const struct iov_yaml *root)
{
	static const char *const keys[] = {"schema",   "module", "programs", "ports",    "maps", "parameters",
					   "requires", "limits", "events",   "computed", NULL};
	const struct iov_yaml *v;
	const char *schema = NULL;

	if (!NEED(k, yml_need_mapping(root, "a manifest", k->sink)))
		return;
	NEED(k, yml_only_keys(root, keys, k->sink));
	v = yml_require(root, "schema", k->sink);
	if (NEED(k, v && yml_string(v, "the schema", k->sink, &schema)) && strcmp(schema, "iov.module/v1"))
		wrong(k, v->where, "this schema is not known", "write iov.module/v1");
	v = yml_get(root, "computed");
	if (v) {
		diag_hint(diag_add(k->sink, DIAG_MANIFEST_COMPUTED, v->where, "what tools compute cannot be said here"),
			  "leave it out: iovld records it in the module, and iovdump --manifest shows it");
		k->bad = true;
	}
	read_module(k, root);
	read_progs(k, yml_get(root, "programs"));
	read_ports(k, yml_get(root, "ports"));
	read_maps(k, yml_get(root, "maps"));
	read_params(k, yml_get(root, "parameters"));
	read_requires(k, yml_get(root, "requires"));
	read_limits(k, yml_get(root, "limits"));
	read_events(k, yml_get(root, "events"));
}

/* What the sections say about each other. */
static void cross_check(struct maker *k)
{
	for (uint32_t i = 0; i < k->m->prog_count; i++) {
		const struct iov_module_prog *p = &k->m->progs[i];
		bool found = !p->port;

		for (uint32_t j = 0; j < k->m->port_count && !found; j++)
			found = !strcmp(p->port, k->m->ports[j].name);
		if (!found)
			wrong(k, p->where, "this program's port is not among the ports",
			      "add it to ports, or correct the name");
		for (uint32_t j = 0; j < i && p->name; j++)
			if (k->m->progs[j].name && !strcmp(k->m->progs[j].name, p->name))
				wrong(k, p->where, "this program is listed twice", "remove one of the two");
	}
}

enum iov_status module_parse(const void *bytes, size_t len, const char *file, struct iov_arena *arena,
			     struct iov_sink *sink, struct iov_module_desc **out)
{
	struct maker k = {.m = ARENA_NEW(arena, struct iov_module_desc), .arena = arena, .sink = sink};
	const struct iov_yaml *root;
	enum iov_status status;

	if (!k.m)
		return IOV_NOMEM;
	k.m->file = file;
	k.m->text = bytes;
	k.m->text_len = len;
	status = yml_read(bytes, len, file, arena, sink, &root);
	if (status)
		return status;
	read_top(&k, root);
	if (!k.bad && !k.nomem)
		cross_check(&k);
	*out = k.m;
	return k.nomem ? IOV_NOMEM : k.bad ? IOV_DIAGNOSED : IOV_OK;
}

enum iov_status module_read(const char *path, struct iov_arena *arena, struct iov_sink *sink,
			    struct iov_module_desc **out)
{
	struct iov_buf file;
	enum iov_status status;
	char *text;

	buf_init(&file, arena->alloc);
	status = input_read(path, YML_MAX_BYTES + 1, &file, sink);
	if (!status) {
		text = arena_copy(arena, file.data, file.len);
		status = text ? module_parse(text, file.len, path, arena, sink, out) : IOV_NOMEM;
	}
	buf_free(&file);
	return status;
}
