/* SPDX-License-Identifier: Apache-2.0 */
/* Damaged and hostile objects: what the fuzzer found once, and what it might. */
#include "testsuite/unit/object/helper.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char source[] =
	"struct { __uint(type, 1); __type(key, u32); __type(value, u64); __uint(max_entries, 4); } m SEC(\".maps\");\n"
	"int g = 1; static __noinline int sub(int x) { return x + g; }\n"
	"SEC(\"xdp\") int prog(struct xdp_md *c) { u32 k = sub(c->data); return lookup(&m, &k) ? 1 : 2; }\n";

static Elf64_Shdr *header(struct fixture *f, const char *name)
{
	Elf64_Ehdr *e = (Elf64_Ehdr *)f->bytes;

	return (Elf64_Shdr *)(f->bytes + e->e_shoff) + object_section(f->obj, name)->index;
}

/* Read what the fixture's bytes have become, make every program, write it; all of it must end, well or with a
 * diagnostic. */
static const char *survive(struct fixture *f)
{
	static char message[300];
	struct fixture g;
	struct iov_prog *p;
	struct iov_buf out = {0};

	read_bytes(&g, f->bytes, f->len);
	for (uint32_t i = 0; !g.status && i < g.obj->prog_count; i++)
		object_prog(g.obj, i, g.obj->btf, &g.arena, &g.sink, &p);
	if (!g.status && !object_canonicalise(g.obj) && !object_write(g.obj, &out, &g.sink)) {
		struct fixture again;

		read_bytes(&again, out.data, out.len);
		cr_assert_eq(again.status, IOV_OK, "what was written cannot be read: %s", first_message(&again));
		drop(&again);
	}
	buf_free(&out);
	snprintf(message, sizeof(message), "%s", first_message(&g));
	cr_assert(!g.status || g.sink.errors, "a failure without a diagnostic");
	drop(&g);
	return message;
}

Test(hostile, two_sections_of_one_name)
{
	struct fixture f;

	load(&f, source, "-O2 -g");
	header(&f, "license")->sh_name = header(&f, ".data")->sh_name;
	cr_assert(strstr(survive(&f), "two sections are named .data"));
	drop(&f);
}

Test(hostile, section_outside_the_file)
{
	static const uint64_t offsets[] = {1 << 30, UINT64_MAX, UINT64_MAX - 4};

	for (int i = 0; i < 3; i++) {
		struct fixture f;

		load(&f, source, "-O2 -g");
		header(&f, "xdp")->sh_offset = offsets[i];
		cr_assert(strstr(survive(&f), "after the end of the file"));
		drop(&f);
	}
}

Test(hostile, empty_and_changed_sections)
{
	static const char *const names[] = {".BTF",        ".BTF.ext",        ".maps",         ".data",
					    "license",     ".debug_info",     ".debug_abbrev", ".debug_str_offsets",
					    ".debug_addr", ".debug_loclists", "xdp",           ".text"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		static const uint64_t sizes[] = {0, 1, 8, 24};

		for (int j = 0; j < 4; j++) {
			struct fixture f;

			load(&f, source, "-O2 -g");
			header(&f, names[i])->sh_size = sizes[j];
			survive(&f);
			header(&f, names[i])->sh_type = SHT_NOBITS;
			survive(&f);
			drop(&f);
		}
	}
}

Test(hostile, records_without_functions)
{
	struct fixture f;
	uint8_t *ext;

	load(&f, source, "-O2 -g");
	ext = f.bytes + header(&f, ".BTF.ext")->sh_offset;
	memset(ext + 8, 0, 8); /* func_info_off, func_info_len */
	survive(&f);
	drop(&f);
}

/* Types named "" are text of no length. */
Test(hostile, debug_strings_are_empty)
{
	struct fixture f;
	const Elf64_Shdr *h;

	load(&f, source, "-O1 -g");
	h = header(&f, ".debug_str");
	memset(f.bytes + h->sh_offset, 0, h->sh_size);
	survive(&f);
	drop(&f);
}

/* Every byte of the headers and of the types, one after the other, with some values. */
Test(hostile, each_byte)
{
	static const char *const names[] = {".BTF",        ".BTF.ext",      ".relxdp",    ".symtab",
					    ".debug_info", ".debug_abbrev", ".debug_line"};
	struct fixture f;

	load(&f, source, "-O2 -g");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const Elf64_Ehdr *e = (const Elf64_Ehdr *)f.bytes;
		const Elf64_Shdr *all = (const Elf64_Shdr *)(f.bytes + e->e_shoff), *h = NULL;

		for (uint32_t s = 1; s < f.obj->section_count; s++)
			if (!strcmp(f.obj->sections[s].name, names[i]))
				h = &all[s];
		for (uint64_t at = h->sh_offset; at < h->sh_offset + h->sh_size; at += 3) {
			uint8_t kept = f.bytes[at];

			f.bytes[at] = kept ^ 0xff;
			survive(&f);
			f.bytes[at] = kept ^ (uint8_t)(1u << at % 8);
			survive(&f);
			f.bytes[at] = kept;
		}
	}
	drop(&f);
}
