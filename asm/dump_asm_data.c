/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: data in iovdump --asm: text, numbers, zeros, addresses, with the labels of symbols between them. */
#include "asm/dump_asm.h"

#include <inttypes.h>
#include <string.h>

enum { BYTES_A_LINE = 16, LEAST_ZEROS = 8, LEAST_TEXT = 3 };

void asm_print_bytes(struct asm_dump *d, const uint8_t *bytes, uint64_t len)
{
	for (uint64_t i = 0; i < len; i++) {
		buf_puts(d->out, i % BYTES_A_LINE ? ", " : i ? "\n\t.byte " : "\t.byte ");
		buf_printf(d->out, "0x%02x", bytes[i]);
	}
	if (len)
		buf_putc(d->out, '\n');
}

void asm_print_reloc(struct asm_dump *d, const struct iov_reloc *r, uint64_t from)
{
	buf_puts(d->out, "\t.reloc .");
	if (r->offset != from)
		buf_printf(d->out, "+%" PRIu64, r->offset - from);
	buf_printf(d->out, ", %u, ", r->type);
	if (r->symbol)
		asm_put_symbol(d, r->symbol, 0, d->out);
	else
		buf_putc(d->out, '0');
	buf_putc(d->out, '\n');
}

static uint64_t read_int(const uint8_t *p, unsigned bytes, bool big)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < bytes; i++)
		v |= (uint64_t)p[i] << 8 * (big ? bytes - 1 - i : i);
	return v;
}

static bool is_zero(const uint8_t *p, uint64_t len)
{
	while (len && !*p) {
		p++;
		len--;
	}
	return !len;
}

/* Bytes of a C string here, with its 0; 0: none. */
static uint64_t text_length(const uint8_t *p, uint64_t len)
{
	uint64_t n = 0;

	while (n < len && ((p[n] >= 0x20 && p[n] < 0x7f) || p[n] == '\n' || p[n] == '\t'))
		n++;
	return n >= LEAST_TEXT && n < len && !p[n] ? n + 1 : 0;
}

static void print_number(struct asm_dump *d, const uint8_t *p, unsigned bytes)
{
	buf_printf(d->out, "\t%s 0x%" PRIx64 "\n",
		   bytes == 2   ? ".short"
		   : bytes == 4 ? ".long"
				: ".quad",
		   read_int(p, bytes, d->obj->big_endian));
}

/* A number of an old map definition, with what struct bpf_map_def calls it. */
static void print_map_field(struct asm_dump *d, const uint8_t *p, unsigned index)
{
	static const char *const names[] = {"type", "key_size", "value_size", "max_entries", "map_flags"};
	uint32_t n = (uint32_t)read_int(p, 4, d->obj->big_endian);
	const struct iov_map_type *type = index ? NULL : catalogue_map_type(n);

	buf_printf(d->out, "\t.long %" PRIu32, n);
	if (index < sizeof(names) / sizeof(*names))
		buf_printf(d->out, "\t\t# %s%s%s", names[index], type ? ": " : "", type ? type->name : "");
	buf_putc(d->out, '\n');
}

/* Content without symbols or relocations inside. words: as numbers of 4 bytes, which old map definitions are. */
static void print_content(struct asm_dump *d, const uint8_t *p, uint64_t len, bool words)
{
	uint64_t plain = 0, at = 0;

	if (len >= LEAST_ZEROS && is_zero(p, len)) {
		buf_printf(d->out, "\t.zero %" PRIu64 "\n", len);
		return;
	}
	if (words && len % 4 == 0) {
		for (; at < len; at += 4)
			print_map_field(d, p + at, (unsigned)at / 4);
		return;
	}
	if (len == 2 || len == 4 || len == 8) {
		if (!text_length(p, len) || text_length(p, len) != len) {
			print_number(d, p, (unsigned)len);
			return;
		}
	}
	while (at < len) {
		uint64_t text = text_length(p + at, len - at), zeros = 0;

		while (!text && at + zeros < len && !p[at + zeros])
			zeros++;
		if (!text && zeros < LEAST_ZEROS) {
			at++;
			continue;
		}
		asm_print_bytes(d, p + plain, at - plain);
		if (text) {
			buf_puts(d->out, "\t.asciz ");
			types_print_string((const char *)p + at, d->out);
			buf_putc(d->out, '\n');
		} else {
			buf_printf(d->out, "\t.zero %" PRIu64 "\n", zeros);
		}
		at += text ? text : zeros;
		plain = at;
	}
	asm_print_bytes(d, p + plain, len - plain);
}

/* The type that the assembler gives a 4-byte address; the rules are LLVM's. */
static uint32_t natural_type(const struct asm_dump *d, const struct iov_reloc *r, unsigned bytes)
{
	const struct iov_symbol *y = &d->obj->symbols[r->symbol];
	const struct iov_section *s = y->section < d->obj->section_count ? &d->obj->sections[y->section] : NULL;
	uint64_t wanted = y->type == STT_SECTION ? SHF_EXECINSTR : SHF_WRITE;

	if (bytes == 8)
		return IOV_R_BPF_64_ABS64;
	return y->section && s && s->flags & SHF_ALLOC && s->flags & wanted ? IOV_R_BPF_64_NODYLD32
									    : IOV_R_BPF_64_ABS32;
}

/* The address at a relocation; returns its bytes, 0: it has to be said by .reloc and bytes. */
static unsigned print_address(struct asm_dump *d, const struct iov_section *s, const struct iov_reloc *r, uint64_t room)
{
	unsigned bytes = r->type == IOV_R_BPF_64_ABS64 ? 8 : 4;
	const struct iov_symbol *y = &d->obj->symbols[r->symbol];
	int64_t addend;

	if (bytes > room || !r->symbol || natural_type(d, r, bytes) != r->type)
		return 0;
	if (y->type == STT_SECTION && y->section >= d->obj->section_count) /* SHN_ABS and the like */
		return 0;
	addend = (int64_t)read_int(s->data + r->offset, bytes, d->obj->big_endian);
	/* a label of code may bring another type than the section's own symbol */
	if (addend < 0 || (bytes == 4 && y->type == STT_SECTION && asm_is_code(&d->obj->sections[y->section])))
		return 0;
	buf_puts(d->out, bytes == 8 ? "\t.quad " : "\t.long ");
	if (bytes == 4 && y->type == STT_SECTION)
		asm_put_base(d, y->section, addend, d->out);
	else
		asm_put_symbol(d, r->symbol, addend, d->out);
	buf_putc(d->out, '\n');
	return bytes;
}

/* Where content has to stop: the next label or relocation. */
static uint64_t next_stop(const struct asm_dump *d, const struct iov_section *s, uint64_t at, uint32_t reloc)
{
	uint64_t stop = s->size;

	for (uint32_t i = asm_first_at(d, s->index, at + 1); i < d->place_count; i++) {
		const struct iov_symbol *y = &d->obj->symbols[d->by_place[i]];

		if (y->section != s->index)
			break;
		if (d->placed[d->by_place[i]]) {
			stop = y->value < stop ? y->value : stop;
			break;
		}
	}
	if (reloc < s->first_reloc + s->reloc_count && d->obj->relocs[reloc].offset < stop)
		stop = d->obj->relocs[reloc].offset;
	return stop;
}

/* The map that begins here, if `.map` makes the same of it: its symbol, or 0. */
static uint32_t map_at(const struct asm_dump *d, const struct iov_section *s, uint64_t at, uint64_t *type_size)
{
	uint32_t i = asm_first_at(d, s->index, at);
	const struct iov_symbol *y = i < d->place_count ? &d->obj->symbols[d->by_place[i]] : NULL;
	uint32_t reloc = s->first_reloc;

	if (strcmp(s->name, ".maps") || !s->data || !y || y->section != s->index || y->value != at || at % 8 ||
	    !d->placed[d->by_place[i]] || !d->types || !types_print_size(d->types, y->name, type_size) ||
	    y->size < *type_size || y->size > s->size - at || d->names[d->by_place[i]] != y->name)
		return 0;
	if (i + 1 < d->place_count && d->obj->symbols[d->by_place[i + 1]].section == s->index &&
	    d->obj->symbols[d->by_place[i + 1]].value < at + y->size)
		return 0;
	for (; reloc < s->first_reloc + s->reloc_count; reloc++) {
		const struct iov_reloc *r = &d->obj->relocs[reloc];

		if (r->offset >= at && r->offset < at + y->size &&
		    (r->type != IOV_R_BPF_64_ABS64 || !r->symbol || r->offset < at + *type_size ||
		     (r->offset - at - *type_size) % 8))
			return 0;
	}
	return is_zero(s->data + at, y->size) ? d->by_place[i] : 0;
}

/* ".map jumps, [0]=first". Returns its bytes. */
static uint64_t print_map(struct asm_dump *d, const struct iov_section *s, uint64_t at, uint32_t symbol,
			  uint64_t type_size, uint32_t *reloc)
{
	const struct iov_symbol *y = &d->obj->symbols[symbol];
	uint64_t covered = type_size;

	buf_puts(d->out, "\t.map ");
	asm_put_name(d->out, d->names[symbol]);
	for (; *reloc < s->first_reloc + s->reloc_count && d->obj->relocs[*reloc].offset < at + y->size; ++*reloc) {
		const struct iov_reloc *r = &d->obj->relocs[*reloc];

		buf_printf(d->out, ", [%" PRIu64 "]=", (r->offset - at - type_size) / 8);
		asm_put_symbol(d, r->symbol, 0, d->out);
		covered = r->offset - at + 8;
	}
	if (covered < y->size)
		buf_printf(d->out, ", size=%" PRIu64, y->size);
	buf_putc(d->out, '\n');
	return y->size;
}

static bool is_maps(const char *name)
{
	return !strcmp(name, ".maps") || !strncmp(name, "maps", 4);
}

void asm_print_data(struct asm_dump *d, const struct iov_section *s)
{
	uint32_t reloc = s->first_reloc;
	uint64_t at = 0, labelled = UINT64_MAX;

	while (at < s->size) {
		uint64_t stop, type_size;
		uint32_t map = map_at(d, s, at, &type_size);

		if (map) {
			at += print_map(d, s, at, map, type_size, &reloc);
			continue;
		}
		if (labelled != at)
			asm_put_labels(d, s->index, at);
		labelled = at;
		if (reloc < s->first_reloc + s->reloc_count && d->obj->relocs[reloc].offset == at) {
			const struct iov_reloc *r = &d->obj->relocs[reloc++];
			unsigned bytes = print_address(d, s, r, next_stop(d, s, at, reloc) - at);

			if (!bytes)
				asm_print_reloc(d, r, at);
			at += bytes;
			continue;
		}
		stop = next_stop(d, s, at, reloc);
		if (s->data)
			print_content(d, s->data + at, stop - at, is_maps(s->name));
		else
			buf_printf(d->out, "\t.zero %" PRIu64 "\n", stop - at);
		at = stop;
	}
	if (labelled != at)
		asm_put_labels(d, s->index, at);
}
