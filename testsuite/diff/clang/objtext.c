/* SPDX-License-Identifier: Apache-2.0 */
/* Prints an eBPF object as text that two compilers can be compared by: instruction bytes, data, relocations, symbols,
 * types in canonical order, .BTF.ext. File names are cut to their last part, since compilers name them differently. */
#include "asm/base/output.h"
#include "linker/object/object.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

static const char *base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void print_section(const struct iov_object *obj, const struct iov_section *s)
{
	bool types = !strncmp(s->name, ".BTF", 4), dwarf = !strncmp(s->name, ".debug_", 7);

	if (types || dwarf || (s->type != SHT_PROGBITS && s->type != SHT_NOBITS))
		return;
	printf("section %s size %lu align %lu flags %lx\n", s->name, (unsigned long)s->size, (unsigned long)s->align,
	       (unsigned long)s->flags);
	for (uint64_t i = 0; s->data && i < s->size; i++)
		printf("%02x%s", s->data[i], i % 8 == 7 || i + 1 == s->size ? "\n" : "");
	for (uint32_t i = 0; i < s->reloc_count; i++) {
		const struct iov_reloc *r = &obj->relocs[s->first_reloc + i];
		const struct iov_symbol *y = &obj->symbols[r->symbol];

		printf("reloc %s+%lx type %u -> %s %s\n", s->name, (unsigned long)r->offset, r->type, y->name,
		       y->section && y->section < obj->section_count ? obj->sections[y->section].name : "");
	}
}

static void print_symbol(const struct iov_object *obj, const struct iov_symbol *y)
{
	if (y->type == STT_FILE || y->type == STT_SECTION || !*y->name)
		return;
	printf("symbol %s %s value %lx size %lx type %u bind %u visibility %u\n", y->name,
	       y->section < obj->section_count ? obj->sections[y->section].name : "", (unsigned long)y->value,
	       (unsigned long)y->size, y->type, y->bind, y->visibility);
}

static void print_type(uint32_t id, const struct iov_btf_type *t)
{
	printf("type %u kind %u %s flag %d size %u -> %u [%u by %u] int %u %u %u linkage %u component %d\n", id,
	       t->kind, t->name, t->flag, t->size, t->type, t->nelems, t->index_type, t->int_encoding, t->int_offset,
	       t->int_bits, t->linkage, t->component);
	for (uint32_t i = 0; i < t->count; i++)
		printf("  %s -> %u bits %u:%u value %ld bytes %u:%u\n", t->members[i].name ? t->members[i].name : "",
		       t->members[i].type, t->members[i].bit_offset, t->members[i].bit_size, (long)t->members[i].value,
		       t->members[i].offset, t->members[i].size);
}

static void print_ext(const struct iov_btf_ext_section *x)
{
	for (uint32_t i = 0; i < x->func_count; i++)
		printf("func %s %u -> %u\n", x->name, x->funcs[i].insn, x->funcs[i].type);
	for (uint32_t i = 0; i < x->line_count; i++)
		printf("line %s %u %s:%u:%u %s\n", x->name, x->lines[i].insn, base(x->lines[i].file), x->lines[i].line,
		       x->lines[i].col, x->lines[i].text);
	for (uint32_t i = 0; i < x->core_count; i++)
		printf("core %s %u kind %u type %u %s\n", x->name, x->cores[i].insn, x->cores[i].kind, x->cores[i].type,
		       x->cores[i].access);
}

static void print(const struct iov_object *obj)
{
	for (uint32_t i = 1; i < obj->section_count; i++)
		print_section(obj, &obj->sections[i]);
	for (uint32_t i = 1; i < obj->symbol_count; i++)
		print_symbol(obj, &obj->symbols[i]);
	for (uint32_t i = 1; obj->btf && i < obj->btf->count; i++)
		print_type(i, &obj->btf->types[i]);
	for (uint32_t i = 0; obj->btf_ext && i < obj->btf_ext->count; i++)
		print_ext(&obj->btf_ext->sections[i]);
}

int main(int argc, char **argv)
{
	struct iov_object *obj;
	struct iov_arena arena = {0};
	struct iov_sink sink;
	struct iov_buf bytes = {0};

	sink_init(&sink, NULL);
	if (argc != 2 || input_read(argv[1], 0, &bytes, &sink) != IOV_OK ||
	    object_read(bytes.data, bytes.len, argv[1], &arena, &sink, &obj) != IOV_OK ||
	    object_canonicalise(obj) != IOV_OK) {
		fprintf(stderr, "objtext: %s\n", sink.first ? sink.first->message : "usage: objtext OBJECT");
		return 1;
	}
	print(obj);
	return 0;
}
