/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the ELF layer of object_read: header, sections, symbols, relocations. Every offset, length, index and string is
 * checked here, so that the other files rely on: section data inside the file, names NUL-terminated, symbol sections
 * and relocation symbols in range, relocations inside their section and sorted. Source: the ELF-64 object file format.
 */
#include "linker/object/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct header {
	uint64_t shoff;
	uint32_t shnum, shstrndx;
};

struct elf {
	struct iov_object *obj;
	struct iov_sink *sink;
	struct iov_cursor file;
	uint32_t symtab; /* section index, 0: none */
	bool to_link;
	uint64_t copied; /* bytes */
};

#define WRONG(e, id, ...)                                                                                              \
	(diag_hint(diag_add((e)->sink, DIAG_##id, span_file((e)->obj->name), __VA_ARGS__), OBJECT_REMAKE),             \
	 IOV_DIAGNOSED)
#define BAD(e, ...) WRONG(e, ELF_BAD, __VA_ARGS__)

enum iov_file_kind object_kind(const void *bytes, size_t len)
{
	const uint8_t *b = bytes;

	if (len >= 8 && !memcmp(b, "!<arch>\n", 8))
		return IOV_FILE_ARCHIVE;
	if (len >= 4 && (!memcmp(b, "BC\xc0\xde", 4) || !memcmp(b, "\xde\xc0\x17\x0b", 4)))
		return IOV_FILE_BITCODE;
	if (len < 20 || memcmp(b, ELFMAG, SELFMAG))
		return IOV_FILE_UNKNOWN;
	if (b[EI_CLASS] == ELFCLASS64 && (b[EI_DATA] == ELFDATA2LSB || b[EI_DATA] == ELFDATA2MSB)) {
		bool big = b[EI_DATA] == ELFDATA2MSB;
		unsigned type = b[16 + big] | b[17 - big] << 8, machine = b[18 + big] | b[19 - big] << 8;

		if (type == ET_REL && (machine == EM_BPF || machine == EM_NONE))
			return IOV_FILE_BPF;
	}
	return IOV_FILE_ELF_OTHER;
}

static enum iov_status check_kind(const void *bytes, size_t len, const char *name, struct iov_sink *sink)
{
	static const char *const what[] = {
		[IOV_FILE_UNKNOWN] = "not an ELF file",
		[IOV_FILE_ELF_OTHER] = "an ELF file, but not a relocatable one for eBPF",
		[IOV_FILE_BITCODE] = "LLVM bitcode, not an object",
		[IOV_FILE_ARCHIVE] = "an archive, not an object",
	};
	static const char *const how[] = {
		[IOV_FILE_UNKNOWN] =
			"a source is compiled first: iovcc -g -O2 -c FILE.c -o FILE.o, iovas FILE.s -o FILE.o",
		[IOV_FILE_ELF_OTHER] = "compile it for eBPF: iovcc -g -O2 -c FILE.c -o FILE.o",
		[IOV_FILE_BITCODE] = "iovcc -c without -emit-llvm makes an object",
		[IOV_FILE_ARCHIVE] = "iovld links archives; ar x takes an object out of one",
	};
	enum iov_file_kind kind = object_kind(bytes, len);

	if (kind == IOV_FILE_BPF)
		return IOV_OK;
	diag_hint(diag_add(sink, DIAG_ELF_KIND, span_file(name), "this is %s", what[kind]), "%s", how[kind]);
	return IOV_DIAGNOSED;
}

static enum iov_status read_header(struct elf *e, struct header *h)
{
	struct iov_cursor c = e->file;
	uint16_t shentsize;

	cursor_seek(&c, EI_NIDENT + 2);
	e->obj->machine = cursor_u16(&c);
	cursor_seek(&c, offsetof(Elf64_Ehdr, e_shoff));
	h->shoff = cursor_u64(&c);
	e->obj->elf_flags = cursor_u32(&c);
	cursor_skip(&c, 6);
	shentsize = cursor_u16(&c);
	h->shnum = cursor_u16(&c);
	h->shstrndx = cursor_u16(&c);
	if (c.bad)
		return BAD(e, "the ELF header is cut short");
	if (!h->shoff)
		return BAD(e, "the file has no section headers");
	if (shentsize != sizeof(Elf64_Shdr))
		return BAD(e, "section headers have %u bytes each instead of %zu", shentsize, sizeof(Elf64_Shdr));
	c = e->file;
	cursor_seek(&c, h->shoff);
	cursor_skip(&c, offsetof(Elf64_Shdr, sh_size));
	if (!h->shnum) { /* more than 65,279 sections: the null section says how many */
		uint64_t many = cursor_u64(&c);

		h->shnum = many > UINT32_MAX ? UINT32_MAX : (uint32_t)many;
		if (h->shstrndx == SHN_XINDEX)
			h->shstrndx = cursor_u32(&c);
	}
	if (c.bad || !h->shnum || h->shnum > (e->file.end - e->file.base - h->shoff) / sizeof(Elf64_Shdr))
		return BAD(e, "the section headers do not fit into the file");
	if (h->shstrndx >= h->shnum)
		return BAD(e, "the section of section names does not exist");
	return IOV_OK;
}

/* The string at `offset` of a string table; NULL when it is outside or not terminated. */
static const char *string_at(const struct iov_section *table, uint64_t offset)
{
	if (table->type != SHT_STRTAB || offset >= table->size || table->data[table->size - 1])
		return NULL;
	return (const char *)table->data + offset;
}

static enum iov_status read_section(struct elf *e, struct iov_cursor *c, struct iov_section *s, uint32_t *name)
{
	uint64_t offset;

	*name = cursor_u32(c);
	s->type = cursor_u32(c);
	s->flags = cursor_u64(c);
	cursor_skip(c, 8);
	offset = cursor_u64(c);
	s->size = cursor_u64(c);
	s->link = cursor_u32(c);
	s->info = cursor_u32(c);
	s->align = cursor_u64(c);
	s->entsize = cursor_u64(c);
	if (!s->index || s->type == SHT_NULL) {
		s->size = 0;
		return IOV_OK;
	}
	if (s->align & (s->align - 1) || s->align > 1 << 20)
		return BAD(e, "section %u has alignment %" PRIu64, s->index, s->align);
	if (s->flags & SHF_COMPRESSED)
		return BAD(e, "section %u is compressed, which is not supported", s->index);
	if (s->type == SHT_NOBITS)
		return s->size > UINT32_MAX ? BAD(e, "section %u has %" PRIu64 " bytes", s->index, s->size) : IOV_OK;
	if (s->size) {
		struct iov_cursor data = e->file;

		cursor_seek(&data, offset);
		s->data = cursor_bytes(&data, s->size);
		if (!s->data)
			return BAD(e, "section %u ends after the end of the file", s->index);
	}
	return IOV_OK;
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const struct iov_section *const *)a)->name, (*(const struct iov_section *const *)b)->name);
}

/* .BTF.ext and .maps name sections, so a name has to mean one. */
static enum iov_status check_names(struct elf *e)
{
	const struct iov_object *obj = e->obj;
	const struct iov_section **all = arena_array(obj->arena, obj->section_count, sizeof(*all));
	uint32_t n = 0;

	if (!all)
		return IOV_NOMEM;
	for (uint32_t i = 1; i < obj->section_count; i++)
		if (section_has_content(&obj->sections[i]))
			all[n++] = &obj->sections[i];
	qsort(all, n, sizeof(*all), by_name);
	for (uint32_t i = 1; i < n; i++)
		if (!strcmp(all[i]->name, all[i - 1]->name))
			return BAD(e, "two sections are named %s", all[i]->name);
	return IOV_OK;
}

/* What a linker does not look at. Offsets in .BTF and .BTF.ext are final. */
static bool is_skipped(const struct elf *e, const struct iov_section *s)
{
	const struct iov_object *obj = e->obj;
	bool relocs = s->type == SHT_REL && s->info < obj->section_count;
	const char *name = relocs ? obj->sections[s->info].name : s->name;

	return (obj->drop_debug && !strncmp(name, ".debug_", 7)) ||
	       (relocs && e->to_link && (!strcmp(name, ".BTF") || !strcmp(name, ".BTF.ext")));
}

/* The sections' content, out of the file; tables of strings (before names are known), or all others. */
static enum iov_status own_sections(struct elf *e, bool strings)
{
	for (uint32_t i = 1; e->to_link && i < e->obj->section_count; i++) {
		struct iov_section *s = &e->obj->sections[i];

		if (!s->data || (s->type == SHT_STRTAB) != strings)
			continue;
		if (!strings && is_skipped(e, s)) {
			s->data = NULL;
			s->size = 0;
			continue;
		}
		e->copied += s->size; /* sections that share bytes could grow to any size */
		if (e->copied > (uint64_t)(e->file.end - e->file.base))
			return BAD(e, "sections overlap");
		if (!(s->data = arena_copy(e->obj->arena, s->data, s->size)))
			return IOV_NOMEM;
	}
	return IOV_OK;
}

static enum iov_status read_names(struct elf *e, const struct iov_section *table, const uint32_t *names)
{
	struct iov_object *obj = e->obj;

	obj->sections[0].name = "";
	for (uint32_t i = 1; i < obj->section_count; i++) {
		obj->sections[i].name = string_at(table, names[i]);
		if (!obj->sections[i].name && obj->sections[i].type == SHT_NULL)
			obj->sections[i].name = "";
		if (!obj->sections[i].name)
			return BAD(e, "the name of section %u is outside the string table", i);
	}
	return check_names(e);
}

static enum iov_status read_sections(struct elf *e, const struct header *h)
{
	struct iov_object *obj = e->obj;
	uint32_t *names = arena_array(obj->arena, h->shnum, sizeof(*names));
	struct iov_cursor c = e->file;
	enum iov_status status;

	obj->sections = arena_array(obj->arena, h->shnum, sizeof(*obj->sections));
	if (!names || !obj->sections)
		return IOV_NOMEM;
	obj->section_count = h->shnum;
	cursor_seek(&c, h->shoff);
	for (uint32_t i = 0; i < h->shnum; i++) {
		obj->sections[i].index = i;
		status = read_section(e, &c, &obj->sections[i], &names[i]);
		if (status)
			return status;
	}
	status = own_sections(e, true);
	if (!status)
		status = read_names(e, &obj->sections[h->shstrndx], names);
	return status ? status : own_sections(e, false);
}

static enum iov_status read_symbol(struct elf *e, struct iov_cursor *c, const struct iov_section *strings, uint32_t i)
{
	struct iov_symbol *s = &e->obj->symbols[i];
	uint32_t name = cursor_u32(c);
	uint8_t info = cursor_u8(c);

	s->visibility = ELF64_ST_VISIBILITY(cursor_u8(c));
	s->type = ELF64_ST_TYPE(info);
	s->bind = ELF64_ST_BIND(info);
	s->section = cursor_u16(c);
	s->value = cursor_u64(c);
	s->size = cursor_u64(c);
	s->name = name ? string_at(strings, name) : "";
	if (!s->name)
		return BAD(e, "the name of symbol %u is outside the string table", i);
	if (s->section == SHN_XINDEX) {
		diag_hint(diag_add(e->sink, DIAG_ELF_BAD, span_file(e->obj->name),
				   "symbol %u (%s) is in a section after the first 65,279, and no more are read", i,
				   s->name),
			  "take the object apart into several");
		return IOV_DIAGNOSED;
	}
	if (s->section >= SHN_LORESERVE ? s->section != SHN_ABS && s->section != SHN_COMMON
					: s->section >= e->obj->section_count)
		return BAD(e, "symbol %u (%s) is in section %u, which does not exist", i, s->name, s->section);
	return IOV_OK;
}

static enum iov_status read_symbols(struct elf *e)
{
	struct iov_object *obj = e->obj;
	const struct iov_section *table = NULL;
	struct iov_cursor c;

	for (uint32_t i = 1; i < obj->section_count; i++) {
		if (obj->sections[i].type != SHT_SYMTAB)
			continue;
		if (table)
			return BAD(e, "the file has two symbol tables");
		table = &obj->sections[i];
	}
	if (!table)
		return IOV_OK;
	if (table->entsize != sizeof(Elf64_Sym) || table->size % sizeof(Elf64_Sym))
		return BAD(e, "the symbol table has %" PRIu64 " bytes in entries of %" PRIu64, table->size,
			   table->entsize);
	if (table->link >= obj->section_count || obj->sections[table->link].type != SHT_STRTAB)
		return BAD(e, "the symbol table has no string table");
	e->symtab = table->index;
	obj->symbol_count = (uint32_t)(table->size / sizeof(Elf64_Sym));
	obj->symbols = arena_array(obj->arena, obj->symbol_count, sizeof(*obj->symbols));
	if (!obj->symbols)
		return IOV_NOMEM;
	cursor_init(&c, table->data, table->size, obj->big_endian);
	for (uint32_t i = 0; i < obj->symbol_count; i++) {
		enum iov_status status = read_symbol(e, &c, &obj->sections[table->link], i);

		if (status)
			return status;
	}
	return IOV_OK;
}

static enum iov_status check_reloc_section(struct elf *e, const struct iov_section *s)
{
	if (s->entsize != sizeof(Elf64_Rel) || s->size % sizeof(Elf64_Rel))
		return BAD(e, "relocation section %s has %" PRIu64 " bytes in entries of %" PRIu64, s->name, s->size,
			   s->entsize);
	if (!s->info || s->info >= e->obj->section_count || s->info == s->index)
		return BAD(e, "relocation section %s is for section %u, which does not exist", s->name, s->info);
	if (!e->symtab || s->link != e->symtab)
		return BAD(e, "relocation section %s does not use the symbol table", s->name);
	return IOV_OK;
}

/* Bytes that a relocation patches or reads. */
static unsigned reloc_width(uint32_t type)
{
	switch (type) {
	case IOV_R_BPF_64_64:
		return 16;
	case IOV_R_BPF_64_ABS64:
	case IOV_R_BPF_64_32:
		return 8;
	case IOV_R_BPF_64_ABS32:
	case IOV_R_BPF_64_NODYLD32:
		return 4;
	default:
		return 0;
	}
}

/* binutils before 2.41 had numbers of its own for what it writes into DWARF; for instructions they are LLVM's. */
static uint32_t reloc_type(uint32_t type)
{
	enum { GNU_DATA_32 = 11, GNU_DATA_64 = 12 };

	if (type == GNU_DATA_32)
		return IOV_R_BPF_64_ABS32;
	return type == GNU_DATA_64 ? IOV_R_BPF_64_ABS64 : type;
}

static enum iov_status read_relocs(struct elf *e, const struct iov_section *s, struct iov_reloc *out)
{
	const struct iov_section *target = &e->obj->sections[s->info];
	uint64_t info, count = s->size / sizeof(Elf64_Rel);
	struct iov_cursor c;

	cursor_init(&c, s->data, s->size, e->obj->big_endian);
	for (uint64_t i = 0; i < count; i++) {
		unsigned width;

		out[i].section = s->info;
		out[i].offset = cursor_u64(&c);
		info = cursor_u64(&c);
		out[i].symbol = (uint32_t)(info >> 32);
		out[i].type = reloc_type((uint32_t)info);
		width = reloc_width(out[i].type);
		if (!width && out[i].type != IOV_R_BPF_NONE)
			return WRONG(e, RELOC_BAD, "relocation %" PRIu64 " of %s has type %u, which eBPF does not have",
				     i, s->name, out[i].type);
		if (out[i].symbol >= e->obj->symbol_count || out[i].offset > target->size ||
		    width > target->size - out[i].offset || !target->data)
			return WRONG(e, RELOC_BAD, "relocation %" PRIu64 " of %s is outside %s", i, s->name,
				     out[i].symbol >= e->obj->symbol_count ? "the symbol table" : target->name);
	}
	return IOV_OK;
}

static int by_section_offset(const void *a, const void *b)
{
	const struct iov_reloc *x = a, *y = b;

	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	if (x->symbol != y->symbol)
		return x->symbol < y->symbol ? -1 : 1;
	return x->type < y->type ? -1 : x->type > y->type;
}

static bool relocs_sorted(const struct iov_object *obj)
{
	for (uint32_t i = 1; i < obj->reloc_count; i++)
		if (by_section_offset(&obj->relocs[i - 1], &obj->relocs[i]) > 0)
			return false;
	return true;
}

static void index_relocs(struct iov_object *obj)
{
	if (!relocs_sorted(obj))
		qsort(obj->relocs, obj->reloc_count, sizeof(*obj->relocs), by_section_offset);
	for (uint32_t i = 0; i < obj->reloc_count; i++) {
		struct iov_section *s = &obj->sections[obj->relocs[i].section];

		if (!s->reloc_count++)
			s->first_reloc = i;
	}
}

static enum iov_status read_all_relocs(struct elf *e)
{
	struct iov_object *obj = e->obj;
	uint64_t count = 0;

	for (uint32_t i = 1; i < obj->section_count; i++) {
		const struct iov_section *s = &obj->sections[i];

		if (s->type == SHT_REL && is_skipped(e, s))
			continue;

		if (s->type == SHT_RELA)
			return WRONG(e, RELOC_BAD,
				     "section %s holds relocations with explicit addends (SHT_RELA), which eBPF does "
				     "not have",
				     s->name);
		if (s->type == SHT_REL) {
			enum iov_status status = check_reloc_section(e, s);

			if (status)
				return status;
			count += s->size / sizeof(Elf64_Rel);
		}
	}
	/* Sections may share bytes of the file: bound what they expand to by what the file could hold. */
	if (count > (uint64_t)(e->file.end - e->file.base) / sizeof(Elf64_Rel))
		return BAD(e, "relocation sections overlap");
	obj->relocs = arena_array(obj->arena, count, sizeof(*obj->relocs));
	if (!obj->relocs)
		return IOV_NOMEM;
	for (uint32_t i = 1; i < obj->section_count; i++) {
		enum iov_status status;

		if (obj->sections[i].type != SHT_REL || is_skipped(e, &obj->sections[i]))
			continue;
		status = read_relocs(e, &obj->sections[i], obj->relocs + obj->reloc_count);
		if (status)
			return status;
		obj->reloc_count += (uint32_t)(obj->sections[i].size / sizeof(Elf64_Rel));
	}
	index_relocs(obj);
	return IOV_OK;
}

enum iov_status elf_read(struct iov_object *obj, const void *bytes, size_t len, bool to_link, struct iov_sink *sink)
{
	struct elf e = {.obj = obj, .sink = sink, .to_link = to_link};
	struct header h;
	enum iov_status status = check_kind(bytes, len, obj->name, sink);

	if (status)
		return status;
	if (len > UINT32_MAX)
		return BAD(&e, "the file has %zu bytes, more than 4 GiB", len);
	obj->big_endian = ((const uint8_t *)bytes)[EI_DATA] == ELFDATA2MSB;
	cursor_init(&e.file, bytes, len, obj->big_endian);
	status = read_header(&e, &h);
	if (!status)
		status = read_sections(&e, &h);
	if (!status)
		status = read_symbols(&e);
	return status ? status : read_all_relocs(&e);
}
