/* SPDX-License-Identifier: Apache-2.0 */
/* linktext OBJECT: what an object holds, as sorted lines that do not say where it stands: functions by their names with
 * what they refer to, maps, variables with their bytes, types as C, records by function. Two linkers that agree give
 * the same lines. */
#include "asm/base/output.h"
#include "linker/object/object.h"

#include <elf.h>
#include <linux/btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text {
	const struct iov_object *obj;
	struct iov_arena *arena;
	char **lines;
	size_t count, room;
};

static void line(struct text *t, struct iov_buf *b)
{
	if (t->count == t->room) {
		t->room = t->room ? 2 * t->room : 1024;
		t->lines = realloc(t->lines, t->room * sizeof(char *));
		if (!t->lines)
			exit(70);
	}
	t->lines[t->count++] = arena_strdup(t->arena, buf_cstr(b));
	b->len = 0;
}

static const char *func_name(const struct iov_object *obj, const struct iov_object_func *f)
{
	return f->symbol ? obj->symbols[f->symbol].name : f->name;
}

/* The variable that holds a byte of a data section: "counter+4"; where none does, the bytes themselves. */
static void variable_at(const struct iov_object *obj, const struct iov_section *s, uint64_t offset, struct iov_buf *out)
{
	const struct iov_btf_type *t = btf_type(obj->btf, btf_find(obj->btf, s->name, BTF_KIND_DATASEC));

	for (uint32_t i = 0; t && i < t->count; i++)
		if (offset >= t->members[i].offset && offset - t->members[i].offset < t->members[i].size) {
			buf_printf(out, "%s:%s+%llu", s->name, obj->btf->types[t->members[i].type].name,
				   (unsigned long long)(offset - t->members[i].offset));
			return;
		}
	buf_printf(out, "%s:", s->name);
	for (uint64_t i = offset; s->data && i < s->size && i < offset + 16; i++) {
		buf_printf(out, "%02x", s->data[i]);
		if (s->flags & SHF_STRINGS && !s->data[i])
			break;
	}
}

static void place(const struct iov_object *obj, uint32_t section, uint64_t offset, struct iov_buf *out)
{
	const struct iov_section *s = &obj->sections[section];

	if (!(s->flags & SHF_EXECINSTR)) {
		variable_at(obj, s, offset, out);
		return;
	}
	for (uint32_t i = 0; i < obj->func_count; i++)
		if (obj->funcs[i].section == section && offset >= obj->funcs[i].offset &&
		    offset - obj->funcs[i].offset < obj->funcs[i].size) {
			buf_printf(out, "%s:%s+%llu", s->name, func_name(obj, &obj->funcs[i]),
				   (unsigned long long)(offset - obj->funcs[i].offset));
			return;
		}
	buf_printf(out, "%s+%llu", s->name, (unsigned long long)offset);
}

static int32_t imm_of(const struct iov_object *obj, const uint8_t *p)
{
	return (int32_t)(obj->big_endian ? (uint32_t)p[4] << 24 | p[5] << 16 | p[6] << 8 | p[7]
					 : (uint32_t)p[7] << 24 | p[6] << 16 | p[5] << 8 | p[4]);
}

static void target(const struct iov_object *obj, const struct iov_reloc *r, const uint8_t *p, struct iov_buf *out)
{
	const struct iov_symbol *y = &obj->symbols[r->symbol];
	int64_t addend = r->type == IOV_R_BPF_64_32   ? ((int64_t)imm_of(obj, p) + 1) * 8
			 : r->type == IOV_R_BPF_64_64 ? imm_of(obj, p)
						      : 0;

	if (r->type == IOV_R_BPF_64_ABS64)
		memcpy(&addend, p, 8);
	/* What is declared and not defined: bpftool places maps in .maps, without a type and a size. */
	if (y->section == SHN_UNDEF || y->section >= obj->section_count ||
	    (y->type == STT_NOTYPE && y->bind && !y->size))
		buf_printf(out, "undefined %s", y->name);
	else
		place(obj, y->section, y->value + (uint64_t)addend, out);
}

static const struct iov_reloc *reloc_at(const struct iov_object *obj, const struct iov_section *s, uint64_t offset)
{
	for (uint32_t i = 0; i < s->reloc_count; i++)
		if (obj->relocs[s->first_reloc + i].offset == offset)
			return &obj->relocs[s->first_reloc + i];
	return NULL;
}

static void code(struct text *t, const struct iov_object_func *f, struct iov_buf *b)
{
	const struct iov_section *s = &t->obj->sections[f->section];

	buf_printf(b, "function %s %s size %llu local %d:", s->name, func_name(t->obj, f), (unsigned long long)f->size,
		   f->local);
	for (uint64_t at = f->offset; at < f->offset + f->size; at += 8) {
		const uint8_t *p = s->data + at;
		const struct iov_reloc *r = reloc_at(t->obj, s, at);
		bool settled = p[0] == 0x85 && (t->obj->big_endian ? p[1] & 15 : p[1] >> 4) == 1 && !r;

		buf_putc(b, ' ');
		for (int i = 0; i < (r || settled ? 4 : 8); i++)
			buf_printf(b, "%02x", p[i]);
		if (r || settled)
			buf_putc(b, '{');
		if (settled)
			place(t->obj, f->section, at + 8 + (uint64_t)((int64_t)imm_of(t->obj, p) * 8), b);
		else if (r)
			target(t->obj, r, p, b);
		if (r || settled)
			buf_putc(b, '}');
	}
	line(t, b);
}

static const struct iov_object_func *func_of(const struct iov_object *obj, const char *section, uint32_t insn)
{
	for (uint32_t i = 0; i < obj->func_count; i++) {
		const struct iov_object_func *f = &obj->funcs[i];

		if (!strcmp(obj->sections[f->section].name, section) && insn >= f->offset / 8 &&
		    insn < (f->offset + f->size) / 8)
			return f;
	}
	return NULL;
}

static void records(struct text *t, struct iov_buf *b)
{
	const struct iov_object *obj = t->obj;

	for (uint32_t i = 0; obj->btf_ext && i < obj->btf_ext->count; i++) {
		const struct iov_btf_ext_section *x = &obj->btf_ext->sections[i];
		const struct iov_object_func *f;

		for (uint32_t j = 0; j < x->line_count; j++)
			if ((f = func_of(obj, x->name, x->lines[j].insn))) {
				buf_printf(b, "line %s %s+%u %s:%u:%u %s", x->name, func_name(obj, f),
					   x->lines[j].insn - (uint32_t)(f->offset / 8), x->lines[j].file,
					   x->lines[j].line, x->lines[j].col, x->lines[j].text);
				line(t, b);
			}
		for (uint32_t j = 0; j < x->func_count; j++)
			if ((f = func_of(obj, x->name, x->funcs[j].insn))) {
				buf_printf(b, "func_info %s %s: ", x->name, func_name(obj, f));
				btf_declare(obj->btf, obj->btf->types[x->funcs[j].type].type,
					    obj->btf->types[x->funcs[j].type].name, b);
				line(t, b);
			}
		for (uint32_t j = 0; j < x->core_count; j++)
			if ((f = func_of(obj, x->name, x->cores[j].insn))) {
				buf_printf(b, "core %s %s+%u kind %u %s ", x->name, func_name(obj, f),
					   x->cores[j].insn - (uint32_t)(f->offset / 8), x->cores[j].kind,
					   x->cores[j].access);
				btf_declare(obj->btf, x->cores[j].type, "", b);
				line(t, b);
			}
	}
}

static void maps(struct text *t, struct iov_buf *b)
{
	for (uint32_t i = 0; i < t->obj->map_count; i++) {
		const struct iov_map_def *m = t->obj->maps[i];

		if (m->origin != IOV_MAP_USER) {
			buf_printf(b, "data %s", m->name);
			line(t, b);
			continue;
		}
		buf_printf(b, "map %s type %u key %u value %u entries %u flags %x pin %u extra %llu inner %d", m->name,
			   m->type, m->key_size, m->value_size, m->max_entries, m->flags, m->pinning,
			   (unsigned long long)m->extra, m->inner != NULL);
		for (uint32_t j = 0; j < m->slot_count; j++)
			buf_printf(b, " [%u]=%s", m->slots[j].index, m->slots[j].name);
		buf_puts(b, " key ");
		btf_declare(t->obj->btf, m->key_btf, "", b);
		buf_puts(b, " value ");
		btf_declare(t->obj->btf, m->value_btf, "", b);
		line(t, b);
	}
}

static void variables(struct text *t, struct iov_buf *b)
{
	const struct iov_btf *btf = t->obj->btf;

	for (uint32_t id = 1; btf && id < btf->count; id++) {
		const struct iov_btf_type *d = &btf->types[id];
		const struct iov_section *s = d->kind == BTF_KIND_DATASEC ? object_section(t->obj, d->name) : NULL;

		for (uint32_t i = 0; d->kind == BTF_KIND_DATASEC && i < d->count; i++) {
			const struct iov_btf_type *v = &btf->types[d->members[i].type];

			if (!strcmp(d->name, "license")) /* any one of the files' */
				continue;
			buf_printf(b, "variable %s linkage %u size %u: ", d->name, v->linkage, d->members[i].size);
			if (!strcmp(d->name, ".kconfig")) /* in the words of any one of the files */
				buf_puts(b, v->name);
			else
				btf_declare(btf, v->type, v->name, b);
			if (s && s->data && strcmp(d->name, ".maps")) {
				buf_puts(b, " = ");
				for (uint32_t j = 0; j < d->members[i].size; j++) {
					const struct iov_reloc *r = reloc_at(t->obj, s, d->members[i].offset + j);

					if (r) {
						buf_putc(b, '{');
						target(t->obj, r, s->data + d->members[i].offset + j, b);
						buf_putc(b, '}');
						j += 7;
						continue;
					}
					buf_printf(b, "%02x", s->data[d->members[i].offset + j]);
				}
			}
			line(t, b);
		}
	}
}

static void types(struct text *t, struct iov_buf *b)
{
	const struct iov_btf *btf = t->obj->btf;

	for (uint32_t id = 1; btf && id < btf->count; id++) {
		const struct iov_btf_type *y = &btf->types[id];

		/* Forward declarations stand for structs, in the declarations of what refers to them. */
		if (!*y->name || y->kind == BTF_KIND_DATASEC || y->kind == BTF_KIND_VAR || y->kind == BTF_KIND_FWD)
			continue;
		buf_printf(b, "type kind %u linkage %u ", y->kind, y->kind == BTF_KIND_FUNC ? y->linkage : 0);
		if (y->kind == BTF_KIND_FUNC || y->kind == BTF_KIND_TYPEDEF)
			btf_declare(btf, y->type, y->name, b);
		else
			buf_printf(b, "%s size %u ", y->name, y->size);
		btf_define(btf, id, b);
		for (size_t i = 0; i < b->len; i++)
			if (b->data[i] == '\n')
				b->data[i] = ' ';
		line(t, b);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(int argc, char **argv)
{
	struct iov_arena arena = {0};
	struct iov_buf file = {0}, b = {0};
	struct iov_sink sink;
	struct iov_object *obj;
	struct text t = {.arena = &arena};

	sink_init(&sink, NULL);
	if (argc != 2 || input_read(argv[1], 0, &file, &sink) ||
	    object_read(file.data, file.len, argv[1], &arena, &sink, &obj)) {
		fprintf(stderr, "%s\n", sink.first ? sink.first->message : "linktext OBJECT");
		return 1;
	}
	t.obj = obj;
	for (uint32_t i = 0; i < obj->func_count; i++)
		code(&t, &obj->funcs[i], &b);
	for (uint32_t i = 0; i < obj->prog_count; i++) {
		buf_printf(&b, "program %s %s type %u attach %u", obj->progs[i].section, obj->progs[i].name,
			   obj->progs[i].type, obj->progs[i].attach_type);
		line(&t, &b);
	}
	maps(&t, &b);
	variables(&t, &b);
	types(&t, &b);
	records(&t, &b);
	qsort(t.lines, t.count, sizeof(*t.lines), by_text);
	for (size_t i = 0; i < t.count; i++)
		if (!i || strcmp(t.lines[i], t.lines[i - 1]))
			puts(t.lines[i]);
	return 0;
}
