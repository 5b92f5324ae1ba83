/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: object_write and object_canonicalise. The file is: header, sections in their order (each followed by its
 * relocations), .symtab, .strtab, section headers. Types, strings, symbols and relocations are written from the
 * object's arrays; .rel.BTF and .rel.BTF.ext are left out, because offsets in those sections are final; so is
 * .llvm_addrsig, which has no meaning for eBPF. Nothing depends on time, place or addresses: same object, same bytes.
 */
#include "linker/object/core.h"
#include "linker/object/strtab.h"

#include <string.h>

/* A section of the output. `from`: of the object, or NULL. */
struct piece {
	const struct iov_section *from;
	uint32_t name, type, link, info;
	uint64_t flags, offset, size, align, entsize;
	uint32_t relocs_of; /* object's section whose relocations these are; 0: none */
};

struct writer {
	const struct iov_object *obj;
	struct iov_arena *arena;
	struct iov_sink *sink;
	struct iov_buf *out, btf, ext;
	struct strtab strings;
	struct piece *pieces;
	uint32_t count, symtab, strtab;
	uint32_t *new_index;   /* by section of the object; 0: left out */
	uint32_t *new_symbol;  /* by symbol */
	uint32_t *symbol_order;
	uint32_t locals;
	bool big;
};

static bool is_types(const struct iov_object *obj, const struct iov_section *s)
{
	return !obj->raw_types && (!strcmp(s->name, ".BTF") || !strcmp(s->name, ".BTF.ext"));
}

/* Tables that are made anew. */
static bool is_remade(const struct iov_object *obj, const struct iov_section *s)
{
	if (s->type == SHT_NULL || s->type == SHT_SYMTAB || s->type == SHT_REL || !strcmp(s->name, ".llvm_addrsig"))
		return true;
	if (obj->drop_debug && !strncmp(s->name, ".debug_", 7))
		return true;
	if (s->type == SHT_STRTAB && (!strcmp(s->name, ".strtab") || !strcmp(s->name, ".shstrtab")))
		return true;
	for (uint32_t i = 1; s->type == SHT_STRTAB && i < obj->section_count; i++)
		if (obj->sections[i].type == SHT_SYMTAB && obj->sections[i].link == s->index)
			return true;
	return is_types(obj, s) && (!obj->btf || (!strcmp(s->name, ".BTF.ext") && !obj->btf_ext));
}

static struct piece *add_piece(struct writer *w, const char *name, uint32_t type, uint64_t align)
{
	struct piece *p = &w->pieces[w->count++];

	*p = (struct piece){.name = strtab_add(&w->strings, name), .type = type, .align = align};
	return p;
}

static enum iov_status add_section(struct writer *w, const struct iov_section *s)
{
	struct piece *p;
	char *name;

	if (s->type == SHT_GROUP) {
		diag_add(w->sink, DIAG_ELF_BAD, span_file(w->obj->name), "section group %s cannot be written", s->name);
		return IOV_DIAGNOSED;
	}
	w->new_index[s->index] = w->count;
	p = add_piece(w, s->name, s->type, s->align);
	p->from = s;
	p->flags = s->flags;
	p->size = s->size;
	p->entsize = s->entsize;
	p->info = s->info;
	if (is_types(w->obj, s) || !s->reloc_count)
		return IOV_OK;
	name = arena_printf(w->arena, ".rel%s", s->name);
	if (!name)
		return IOV_NOMEM;
	p = add_piece(w, name, SHT_REL, 8);
	p->flags = SHF_INFO_LINK;
	p->entsize = sizeof(Elf64_Rel);
	p->size = s->reloc_count * sizeof(Elf64_Rel);
	p->info = w->count - 2;
	p->relocs_of = s->index;
	return IOV_OK;
}

static enum iov_status plan_sections(struct writer *w)
{
	const struct iov_object *obj = w->obj;

	w->pieces = arena_array(w->arena, 2 * (size_t)obj->section_count + 8, sizeof(*w->pieces));
	w->new_index = arena_array(w->arena, obj->section_count + 1, sizeof(*w->new_index));
	if (!w->pieces || !w->new_index)
		return IOV_NOMEM;
	w->count = 1;
	for (uint32_t i = 1; i < obj->section_count; i++) {
		const struct iov_section *s = &obj->sections[i];
		enum iov_status status = is_remade(obj, s) ? IOV_OK : add_section(w, s);

		if (status)
			return status;
	}
	if (obj->btf && !object_section(obj, ".BTF"))
		add_piece(w, ".BTF", SHT_PROGBITS, 4);
	if (obj->btf_ext && !object_section(obj, ".BTF.ext"))
		add_piece(w, ".BTF.ext", SHT_PROGBITS, 4);
	w->symtab = w->count;
	add_piece(w, ".symtab", SHT_SYMTAB, 8)->entsize = sizeof(Elf64_Sym);
	w->strtab = w->count;
	add_piece(w, ".strtab", SHT_STRTAB, 1);
	return IOV_OK;
}

/* A section symbol whose section is left out goes too. */
static bool symbol_kept(const struct writer *w, uint32_t index)
{
	const struct iov_symbol *s = &w->obj->symbols[index];

	return !index || s->section == SHN_UNDEF || s->section >= w->obj->section_count || w->new_index[s->section];
}

static enum iov_status plan_symbols(struct writer *w)
{
	const struct iov_object *obj = w->obj;
	uint32_t n = obj->symbol_count ? obj->symbol_count : 1, count = 0;

	w->new_symbol = arena_array(w->arena, n, sizeof(*w->new_symbol));
	w->symbol_order = arena_array(w->arena, n, sizeof(*w->symbol_order));
	if (!w->new_symbol || !w->symbol_order)
		return IOV_NOMEM;
	for (int global = 0; global < 2; global++) {
		for (uint32_t i = 0; i < obj->symbol_count; i++)
			if ((i && obj->symbols[i].bind != STB_LOCAL) == global && symbol_kept(w, i)) {
				w->new_symbol[i] = count;
				w->symbol_order[count++] = i;
			}
		if (!global)
			w->locals = count ? count : 1;
	}
	w->pieces[w->symtab].size = (count ? count : 1) * sizeof(Elf64_Sym);
	w->pieces[w->symtab].link = w->strtab;
	w->pieces[w->symtab].info = w->locals;
	return IOV_OK;
}

static void write_symbols(struct writer *w)
{
	uint64_t count = w->pieces[w->symtab].size / sizeof(Elf64_Sym);

	for (uint64_t i = 0; i < count; i++) {
		static const struct iov_symbol null = {.name = ""};
		const struct iov_symbol *s = w->obj->symbol_count ? &w->obj->symbols[w->symbol_order[i]] : &null;
		uint32_t section = s->section < w->obj->section_count ? w->new_index[s->section] : s->section;

		buf_u32(w->out, strtab_add(&w->strings, s->name), w->big);
		buf_putc(w->out, (char)ELF64_ST_INFO(s->bind, s->type));
		buf_putc(w->out, (char)s->visibility);
		buf_u16(w->out, (uint16_t)section, w->big);
		buf_u64(w->out, s->value, w->big);
		buf_u64(w->out, s->size, w->big);
	}
}

static void write_relocs(struct writer *w, uint32_t section)
{
	const struct iov_section *s = &w->obj->sections[section];

	for (uint32_t i = 0; i < s->reloc_count; i++) {
		const struct iov_reloc *r = &w->obj->relocs[s->first_reloc + i];

		buf_u64(w->out, r->offset, w->big);
		buf_u64(w->out, (uint64_t)w->new_symbol[r->symbol] << 32 | r->type, w->big);
	}
}

static const struct iov_buf *made_content(const struct writer *w, const struct piece *p)
{
	const char *name = (const char *)w->strings.bytes.data + p->name;

	if (w->obj->raw_types)
		return NULL;
	if (!strcmp(name, ".BTF"))
		return &w->btf;
	return strcmp(name, ".BTF.ext") ? NULL : &w->ext;
}

static void write_piece(struct writer *w, uint32_t index)
{
	struct piece *p = &w->pieces[index];
	const struct iov_buf *made = made_content(w, p);

	buf_align(w->out, p->align ? p->align : 1);
	p->offset = w->out->len;
	if (made) {
		p->size = made->len;
		buf_put(w->out, made->data, made->len);
	} else if (index == w->symtab) {
		write_symbols(w);
	} else if (index == w->strtab) {
		p->size = w->strings.bytes.len;
		buf_put(w->out, w->strings.bytes.data, w->strings.bytes.len);
	} else if (p->relocs_of) {
		p->link = w->symtab;
		write_relocs(w, p->relocs_of);
	} else if (p->type != SHT_NOBITS && p->from->data) {
		buf_put(w->out, p->from->data, p->size);
	}
	if (p->from && p->from->link < w->obj->section_count)
		p->link = w->new_index[p->from->link];
}

static void write_header(struct writer *w)
{
	static const uint8_t ident[EI_NIDENT] = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, 0, EV_CURRENT};
	struct iov_buf *out = w->out;
	size_t at = out->len;

	buf_put(out, ident, sizeof(ident));
	if (!out->failed)
		out->data[at + EI_DATA] = w->big ? ELFDATA2MSB : ELFDATA2LSB;
	buf_u16(out, ET_REL, w->big);
	buf_u16(out, EM_BPF, w->big);
	buf_u32(out, EV_CURRENT, w->big);
	buf_u64(out, 0, w->big);
	buf_u64(out, 0, w->big);
	buf_u64(out, 0, w->big); /* e_shoff: patched when it is known */
	buf_u32(out, w->obj->elf_flags, w->big);
	buf_u16(out, sizeof(Elf64_Ehdr), w->big);
	buf_u16(out, 0, w->big);
	buf_u16(out, 0, w->big);
	buf_u16(out, sizeof(Elf64_Shdr), w->big);
	buf_u16(out, (uint16_t)w->count, w->big);
	buf_u16(out, (uint16_t)w->strtab, w->big);
}

static void write_section_headers(struct writer *w)
{
	struct iov_buf *out = w->out;
	uint64_t shoff;

	buf_align(out, 8);
	shoff = out->len;
	for (uint32_t i = 0; i < w->count; i++) {
		const struct piece *p = &w->pieces[i];

		buf_u32(out, p->name, w->big);
		buf_u32(out, p->type, w->big);
		buf_u64(out, p->flags, w->big);
		buf_u64(out, 0, w->big);
		buf_u64(out, i ? p->offset : 0, w->big);
		buf_u64(out, p->size, w->big);
		buf_u32(out, p->link, w->big);
		buf_u32(out, p->info, w->big);
		buf_u64(out, p->align, w->big);
		buf_u64(out, p->entsize, w->big);
	}
	for (int i = 0; !out->failed && i < 8; i++)
		out->data[offsetof(Elf64_Ehdr, e_shoff) + (w->big ? 7 - i : i)] = (uint8_t)(shoff >> 8 * i);
}

/* At most what the file takes. */
static size_t file_room(const struct writer *w)
{
	size_t room = sizeof(Elf64_Ehdr) + 8 + w->count * sizeof(Elf64_Shdr) + w->btf.len + w->ext.len +
		      w->strings.bytes.len;

	for (uint32_t i = 1; i < w->count; i++)
		room += w->pieces[i].align + (w->pieces[i].type == SHT_NOBITS ? 0 : w->pieces[i].size);
	for (uint32_t i = 0; i < w->obj->symbol_count; i++)
		room += strlen(w->obj->symbols[i].name) + 1;
	return room;
}

static enum iov_status write_all(struct writer *w)
{
	enum iov_status status = IOV_OK;

	if (w->obj->btf)
		status = btf_write(w->obj->btf, w->obj->btf_ext, w->big, w->arena->alloc, &w->btf, &w->ext);
	if (!status)
		status = plan_sections(w);
	if (!status)
		status = plan_symbols(w);
	if (!status && w->count >= SHN_LORESERVE) {
		diag_add(w->sink, DIAG_ELF_BAD, span_file(w->obj->name), "%u sections are more than an object may have",
			 w->count);
		return IOV_DIAGNOSED;
	}
	if (status || w->strings.bytes.failed) /* names of sections are read back from the table */
		return status ? status : IOV_NOMEM;
	buf_reserve(w->out, file_room(w));
	write_header(w);
	for (uint32_t i = 1; i < w->count; i++)
		write_piece(w, i);
	write_section_headers(w);
	return w->out->failed || w->strings.bytes.failed ? IOV_NOMEM : IOV_OK;
}

enum iov_status object_write(const struct iov_object *obj, struct iov_buf *out, struct iov_sink *sink)
{
	struct iov_arena arena;
	struct iov_buf file;
	struct writer w = {.obj = obj, .arena = &arena, .sink = sink, .out = &file, .big = obj->big_endian};
	enum iov_status status;

	arena_init(&arena, out->alloc);
	buf_init(&file, out->alloc);
	buf_init(&w.btf, out->alloc);
	buf_init(&w.ext, out->alloc);
	strtab_init(&w.strings, out->alloc);
	status = write_all(&w);
	if (!status && !out->cap && !out->failed) {
		*out = file; /* large objects are not copied */
		buf_init(&file, out->alloc);
	} else if (!status) {
		buf_put(out, file.data, file.len);
		status = out->failed ? IOV_NOMEM : IOV_OK;
	}
	strtab_free(&w.strings);
	buf_free(&w.ext);
	buf_free(&w.btf);
	buf_free(&file);
	arena_free(&arena);
	return status;
}

/* Type ids that the compiler wrote into instructions: CO-RE records say where. */
static enum iov_status rewrite_ids(struct iov_object *obj, struct iov_btf_ext_section *x)
{
	struct iov_section *s = (struct iov_section *)object_section(obj, x->name);
	uint8_t *data = NULL;

	for (uint32_t i = 0; s && i < x->core_count; i++) {
		const struct iov_btf_core *core = &x->cores[i];
		struct iov_insn insn;

		if ((core->kind != CORE_TYPE_LOCAL && core->kind != CORE_TYPE_TARGET) || s->size / 8 <= core->insn + 1u)
			continue;
		if (!data && !(data = arena_copy(obj->arena, s->data, s->size)))
			return IOV_NOMEM;
		s->data = data;
		isa_decode(data + core->insn * 8ull, obj->big_endian, &insn);
		if (isa_is_wide(&insn) && !insn.src) {
			insn.imm = (int32_t)core->type;
			isa_encode(&insn, obj->big_endian, data + core->insn * 8ull);
		}
	}
	return IOV_OK;
}

enum iov_status object_canonicalise(struct iov_object *obj)
{
	const uint32_t *ids;
	enum iov_status status;

	if (!obj->btf)
		return IOV_OK;
	status = btf_canonicalise(obj->btf, obj->btf_ext, obj->arena, &ids);
	if (status)
		return status;
	for (uint32_t i = 0; !status && obj->btf_ext && i < obj->btf_ext->count; i++)
		status = rewrite_ids(obj, &obj->btf_ext->sections[i]);
	for (uint32_t i = 0; i < obj->map_count; i++)
		for (struct iov_map_def *map = obj->maps[i]; map; map = (struct iov_map_def *)map->inner) {
			map->key_btf = ids[map->key_btf];
			map->value_btf = ids[map->value_btf];
		}
	for (uint32_t i = 0; i < obj->func_count; i++)
		obj->funcs[i].btf = ids[obj->funcs[i].btf];
	for (uint32_t i = 0; i < obj->extern_count; i++)
		obj->externs[i].type = ids[obj->externs[i].type];
	return status ? status : maps_find_fields(obj);
}
