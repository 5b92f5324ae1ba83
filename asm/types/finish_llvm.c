/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: .BTF and .BTF.ext in LLVM's form: offsets of variables and instructions are left to relocations
 * (R_BPF_64_NODYLD32), those of local symbols against their section with the offset in place. */
#include "asm/types/part.h"

enum { BTF_HEADER = 24, EXT_HEADER = 32 };

struct maker {
	struct types *t;
	struct iov_object *obj;
	struct iov_reloc *relocs;
	uint32_t count, room;
	uint32_t section; /* that the relocations are for */
	bool oom;
};

/* Append to an array of the object: a new copy, one longer. */
static void *longer(struct maker *m, const void *array, size_t count, size_t each)
{
	uint8_t *more = arena_array(m->t->arena, count + 1, each);

	if (!more)
		m->oom = true;
	else if (count)
		memcpy(more, array, count * each);
	return more;
}

static uint32_t section_symbol(struct maker *m, uint32_t section)
{
	struct iov_object *obj = m->obj;
	struct iov_symbol *more;

	for (uint32_t i = 1; i < obj->symbol_count; i++)
		if (obj->symbols[i].type == STT_SECTION && obj->symbols[i].section == section)
			return i;
	more = longer(m, obj->symbols, obj->symbol_count, sizeof(*more));
	if (!more)
		return 0;
	if (!obj->symbol_count)
		obj->symbol_count = 1;
	more[obj->symbol_count] = (struct iov_symbol){.name = "", .section = section, .type = STT_SECTION};
	obj->symbols = more;
	return obj->symbol_count++;
}

static struct iov_section *get_section(struct maker *m, const char *name)
{
	struct iov_object *obj = m->obj;
	struct iov_section *s = (struct iov_section *)object_section(obj, name), *more;

	if (s)
		return s;
	more = longer(m, obj->sections, obj->section_count, sizeof(*more));
	if (!more)
		return NULL;
	s = &more[obj->section_count];
	*s = (struct iov_section){.name = name, .index = obj->section_count++, .type = SHT_PROGBITS, .align = 4};
	obj->sections = more;
	return s;
}

/* A symbol in a section that is loaded and writable, or code, is left alone by run-time linkers. LLVM's rule. */
static uint32_t reloc_type(const struct iov_object *obj, uint32_t symbol)
{
	const struct iov_symbol *y = &obj->symbols[symbol];
	const struct iov_section *s = y->section < obj->section_count ? &obj->sections[y->section] : NULL;

	return s && s->flags & SHF_ALLOC && s->flags & (SHF_WRITE | SHF_EXECINSTR) ? IOV_R_BPF_64_NODYLD32
										   : IOV_R_BPF_64_ABS32;
}

static void add_reloc(struct maker *m, uint64_t offset, uint32_t symbol)
{
	if (m->count == m->room) {
		uint32_t room = m->room * 2 + 64;
		struct iov_reloc *more = arena_array(m->t->arena, room, sizeof(*more));

		if (!more) {
			m->oom = true;
			return;
		}
		if (m->count)
			memcpy(more, m->relocs, m->count * sizeof(*more));
		m->relocs = more;
		m->room = room;
	}
	m->relocs[m->count++] = (struct iov_reloc){m->section, symbol, offset, reloc_type(m->obj, symbol)};
}

/* The symbol of a variable or function: in the section if there is one, else wherever. */
static uint32_t named_symbol(const struct iov_object *obj, const char *name, const struct iov_section *s)
{
	uint32_t found = 0;

	for (uint32_t i = 1; i < obj->symbol_count; i++) {
		const struct iov_symbol *y = &obj->symbols[i];

		if (y->type == STT_SECTION || strcmp(y->name, name))
			continue;
		if (s && y->section == s->index)
			return i;
		found = found ? found : i;
	}
	return found;
}

static void relocate_types(struct maker *m, const struct iov_btf *btf)
{
	uint64_t at = BTF_HEADER;

	for (uint32_t id = 1, words; id < btf->count; at += 12 + 4ull * words, id++) {
		const struct iov_btf_type *t = &btf->types[id];
		const struct iov_section *s;

		words = btf_tail_words(t->kind, t->count);
		if (t->kind != BTF_KIND_DATASEC)
			continue;
		s = object_section(m->obj, t->name);
		for (uint32_t i = 0; i < t->count && !m->oom; i++) {
			uint32_t symbol = named_symbol(m->obj, btf->types[t->members[i].type].name, s);
			const struct iov_symbol *y = &m->obj->symbols[symbol];

			if (symbol && y->bind == STB_LOCAL && y->section && y->section < m->obj->section_count)
				symbol = section_symbol(m, y->section);
			if (symbol)
				add_reloc(m, at + 12 + 12ull * i + 4, symbol);
		}
	}
}

static void relocate_records(struct maker *m, const struct iov_btf_ext *ext)
{
	static const uint32_t record[] = {8, 16, 16};
	uint64_t at = EXT_HEADER;

	for (int table = 0; table < 3; table++) {
		bool any = false;

		for (uint32_t i = 0; i < ext->count; i++) {
			const struct iov_btf_ext_section *x = &ext->sections[i];
			const struct iov_section *s = object_section(m->obj, x->name);
			uint32_t n = table == 0 ? x->func_count : table == 1 ? x->line_count : x->core_count;
			uint32_t symbol = n ? section_symbol(m, s->index) : 0;

			if (!n)
				continue;
			at += any ? 8 : 12;
			any = true;
			for (; n && !m->oom; n--, at += record[table])
				add_reloc(m, at, symbol);
		}
	}
}

static bool put_content(struct maker *m, const char *name, const struct iov_buf *bytes, uint32_t first)
{
	struct iov_object *obj = m->obj;
	struct iov_section *s = get_section(m, name);
	struct iov_reloc *all;

	if (!s)
		return false;
	s->data = arena_copy(m->t->arena, bytes->data, bytes->len);
	s->size = bytes->len;
	all = arena_array(m->t->arena, obj->reloc_count + (size_t)m->count - first, sizeof(*all));
	if (!s->data || !all)
		return false;
	if (obj->reloc_count)
		memcpy(all, obj->relocs, obj->reloc_count * sizeof(*all));
	for (uint32_t i = first; i < m->count; i++) {
		m->relocs[i].section = s->index;
		all[obj->reloc_count + i - first] = m->relocs[i];
	}
	s->first_reloc = obj->reloc_count;
	s->reloc_count = m->count - first;
	obj->reloc_count += m->count - first;
	obj->relocs = all;
	return true;
}

bool finish_llvm(struct types *t, struct iov_object *obj, struct iov_btf *btf, struct iov_btf_ext *ext)
{
	struct maker m = {.t = t, .obj = obj};
	struct iov_buf types, records;
	bool fine;

	buf_init(&types, t->arena->alloc);
	buf_init(&records, t->arena->alloc);
	fine = btf_write(btf, ext, obj->big_endian, t->arena->alloc, &types, &records) == IOV_OK;
	if (fine) {
		relocate_types(&m, btf);
		fine = !m.oom && put_content(&m, ".BTF", &types, 0);
	}
	if (fine && ext) {
		uint32_t first = m.count;

		relocate_records(&m, ext);
		fine = !m.oom && put_content(&m, ".BTF.ext", &records, first);
	}
	obj->raw_types = true;
	buf_free(&types);
	buf_free(&records);
	return fine;
}
