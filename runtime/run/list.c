/* SPDX-License-Identifier: Apache-2.0 */
/* --list: what a module holds, as far as one has to know it to run it: programs (--program, --type) and maps
 * (--entries, --rules). iovdump shows the rest. */
#include "runtime/run/run.h"
#include "asm/base/text.h"
#include "asm/isa/catalogue.h"

static const char *type_name(uint32_t type)
{
	const struct iov_prog_type *known = type ? catalogue_prog_type(type) : NULL;

	return known ? known->name : "";
}

static const char *map_type(const struct iov_map_def *def)
{
	const struct iov_map_type *type = catalogue_map_type(def->type);

	return type ? type->name : "";
}

static void text(const struct iov_object *obj, struct iov_buf *out)
{
	buf_printf(out, "%-32s %-16s %s\n", "program", "type", "section");
	for (uint32_t i = 0; i < obj->prog_count; i++)
		buf_printf(out, "%-32s %-16s %s\n", obj->progs[i].name,
			   obj->progs[i].type ? type_name(obj->progs[i].type) : "not said", obj->progs[i].section);
	if (obj->map_count)
		buf_printf(out, "\n%-32s %-16s %9s %9s %11s\n", "map", "type", "key", "value", "entries");
	for (uint32_t i = 0; i < obj->map_count; i++)
		buf_printf(out, "%-32s %-16s %9u %9u %11u\n", obj->maps[i]->name, map_type(obj->maps[i]),
			   obj->maps[i]->key_size, obj->maps[i]->value_size, obj->maps[i]->max_entries);
}

static void json(const struct iov_object *obj, struct iov_buf *out)
{
	buf_puts(out, "{\n  \"programs\": [");
	for (uint32_t i = 0; i < obj->prog_count; i++) {
		buf_printf(out, "%s\n    {\"name\": ", i ? "," : "");
		text_json(out, obj->progs[i].name);
		buf_printf(out, ", \"type\": \"%s\", \"section\": ", type_name(obj->progs[i].type));
		text_json(out, obj->progs[i].section);
		buf_puts(out, "}");
	}
	buf_puts(out, "\n  ],\n  \"maps\": [");
	for (uint32_t i = 0; i < obj->map_count; i++) {
		buf_printf(out, "%s\n    {\"name\": ", i ? "," : "");
		text_json(out, obj->maps[i]->name);
		buf_printf(out, ", \"type\": \"%s\", \"key_size\": %u, \"value_size\": %u, \"max_entries\": %u}",
			   map_type(obj->maps[i]), obj->maps[i]->key_size, obj->maps[i]->value_size,
			   obj->maps[i]->max_entries);
	}
	buf_puts(out, "\n  ]\n}\n");
}

void list_module(const struct run *run, struct iov_buf *out)
{
	(run->options->json ? json : text)(run->module->object, out);
}
