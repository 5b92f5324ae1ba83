/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: iovdump --cost: what the object's records say of each program's worst case. */
#include "asm/dump_part.h"

#include <string.h>

static const struct iov_record_facts *facts_of(const struct iov_manifest *m, const char *program)
{
	for (uint32_t i = 0; i < m->fact_count; i++)
		if (m->facts[i].current && !strcmp(m->facts[i].program, program))
			return &m->facts[i];
	return NULL;
}

void dump_json_costs(const struct iov_object *obj, const struct iov_manifest *manifest,
		     const struct iov_dump_options *options, struct iov_buf *out)
{
	bool any = false;

	buf_puts(out, ",\n\"costs\": [");
	for (uint32_t i = 0; i < obj->prog_count; i++) {
		const char *name = obj->progs[i].name;
		const struct iov_record_facts *f = facts_of(manifest, name);

		if (!dump_wants(options, name))
			continue;
		buf_puts(out, any ? ",\n  {\"program\": " : "\n  {\"program\": ");
		text_json(out, name);
		buf_puts(out, ", \"worst_case\": ");
		if (f)
			manifest_json_cost(f, out);
		else
			buf_puts(out, "null");
		buf_putc(out, '}');
		any = true;
	}
	buf_putc(out, ']');
}

void dump_costs(const struct iov_object *obj, const struct iov_manifest *manifest,
		const struct iov_dump_options *options, struct iov_buf *out)
{
	for (uint32_t i = 0; i < obj->prog_count; i++) {
		const char *name = obj->progs[i].name;
		const struct iov_record_facts *f = facts_of(manifest, name);

		if (!dump_wants(options, name))
			continue;
		dump_name(out, name);
		buf_puts(out, f ? ":\n" : ": nothing is recorded; iovverify --cost computes it\n");
		if (f)
			manifest_print_cost(f, out);
	}
}
