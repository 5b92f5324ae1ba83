/* SPDX-License-Identifier: Apache-2.0 */
/* Records of ring buffers. A ring buffer's BTF has no place for its records' type, so stdlib/include/iov/record.h puts
 * a declaration tag "iov:record:NAME" on the map's variable; records of other ring buffers are printed as bytes. */
#include "runtime/run/run.h"
#include "asm/base/text.h"

#include <linux/btf.h>
#include <string.h>

struct printer {
	struct run *run;
	struct iov_map *map;
	uint32_t type; /**< BTF id of the records, 0: unknown */
};

static uint32_t record_type(const struct iov_btf *btf, const char *map)
{
	static const char tag[] = "iov:record:";
	uint32_t id = 0;

	for (uint32_t i = 1; btf && !id && i < btf->count; i++) {
		const struct iov_btf_type *t = &btf->types[i],
					  *var = t->kind == BTF_KIND_DECL_TAG ? btf_type(btf, t->type) : NULL;

		if (!var || var->kind != BTF_KIND_VAR || strcmp(var->name, map) ||
		    strncmp(t->name, tag, sizeof(tag) - 1))
			continue;
		id = btf_find(btf, t->name + sizeof(tag) - 1, BTF_KIND_STRUCT);
	}
	return id;
}

static void print_bytes(struct iov_buf *out, const uint8_t *bytes, size_t len, bool json)
{
	if (json)
		buf_putc(out, '"');
	for (size_t i = 0; i < len; i++)
		buf_printf(out, "%s%02x", i && !json ? " " : "", bytes[i]);
	if (json)
		buf_putc(out, '"');
}

static int print(void *ud, const void *data, size_t len)
{
	struct printer *p = ud;
	struct run *run = p->run;
	struct iov_buf *out = &run->event_text;
	bool json = run->options->json;

	run->events++;
	if (!run->options->events || !run->first_pass)
		return 0;
	if (json) {
		buf_printf(out, "%s\n    {\"map\": ", run->events > 1 ? "," : "");
		text_json(out, p->map->def->name);
		buf_puts(out, ", \"record\": ");
	} else {
		text_safe(out, p->map->def->name, strlen(p->map->def->name));
		buf_putc(out, ' ');
	}
	if (p->type && btf_size(run->module->object->btf, p->type) <= (int64_t)len)
		btf_print_value(run->module->object->btf, p->type, data, len, run->module->object->big_endian, json,
				out);
	else
		print_bytes(out, data, len, json);
	buf_puts(out, json ? "}" : "\n");
	return 0;
}

void events_drain(struct run *run)
{
	uint64_t start = run->options->events ? run_now() : 0;

	for (uint32_t i = 0; i < run->module->map_count; i++) {
		struct printer p = {.run = run, .map = run->module->maps[i]};

		if (!map_is_ring(p.map) || !ring_query(p.map, 0))
			continue;
		p.type = run->options->events ? record_type(run->module->object->btf, p.map->def->name) : 0;
		ring_consume(p.map, UINT64_MAX, print, &p);
	}
	run->untimed += run->options->events ? run_now() - start : 0;
}
