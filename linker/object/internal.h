/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the files of linker/object share with each other alone. */
#ifndef IOV_OBJECT_INTERNAL_H
#define IOV_OBJECT_INTERNAL_H

#include "asm/base/cursor.h"
#include "linker/object/object.h"

#include <elf.h>
#include <linux/btf.h>

#ifndef EM_BPF
#define EM_BPF 247
#endif

/* uapi linux/btf.h of older header packages lacks these. */
enum { KIND_DECL_TAG = 17, KIND_TYPE_TAG = 18, KIND_ENUM64 = 19, KIND_LAST = 19 };

/* Value nesting (struct in struct, typedef chains): what recursion over types may rely on. */
enum { BTF_MAX_NESTING = 128 };

static inline struct iov_span span_file(const char *file)
{
	struct iov_span span = IOV_NOWHERE;

	span.file = file;
	return span;
}

/* The hint to what no compiler writes. */
#define OBJECT_REMAKE "no compiler writes this: the file was cut short or changed later; make it again from its source"

/* True for ".data" and ".data.x" when prefix is ".data". */
bool name_is(const char *name, const char *prefix);

/* `to_link`: relocations of .BTF and .BTF.ext are passed over. */
enum iov_status elf_read(struct iov_object *obj, const void *bytes, size_t len, bool to_link, struct iov_sink *sink);
enum iov_status funcs_read(struct iov_object *obj, struct iov_sink *sink);
enum iov_status progs_read(struct iov_object *obj);
enum iov_status externs_read(struct iov_object *obj, struct iov_sink *sink);
enum iov_status maps_read(struct iov_object *obj, struct iov_sink *sink);
/* Special fields (spin lock, timer, kptr, …) of each map's value, by the types' ids of now. */
enum iov_status maps_find_fields(struct iov_object *obj);
/** How C declarators are built; `put_base` says what stands before them for a type that they end at. */
struct declarator {
	const struct iov_btf *btf;
	void (*put_base)(const struct declarator *d, uint32_t id, unsigned depth, struct iov_buf *out);
	void *ud;
	bool bare; /**< parameters have no names */
};
void declarator_put(const struct declarator *d, uint32_t id, const char *name, struct iov_buf *out);
enum iov_status btf_index(struct iov_btf *btf, struct iov_arena *arena);
struct iov_btf_raw;
enum iov_status btf_check(const struct iov_btf_raw *raw, const char *file, struct iov_arena *arena,
			  struct iov_sink *sink);
/* Where maps are declared, by DWARF; damaged DWARF is passed over. */
enum iov_status maps_locate(struct iov_object *obj);
/* Where DWARF describes each function: obj->dwarf_funcs, none where it is damaged. */
enum iov_status vars_index(struct iov_object *obj);
/* The symbol that places variable `name` of section `index`, or NULL. */
const struct iov_symbol *variable_symbol(const struct iov_object *obj, const char *name, uint32_t index);
/* Length of a name without its flavour: "task_struct___old" is 11. */
size_t btf_essential(const char *name);
/* First hash slot for a name; ids of equal essential names follow each other in the probe sequence. */
uint32_t btf_bucket(const struct iov_btf *btf, const char *name, size_t essential);

static inline bool section_has_content(const struct iov_section *s)
{
	return s->type == SHT_PROGBITS || s->type == SHT_NOBITS;
}

static inline bool section_is_code(const struct iov_section *s)
{
	return s->type == SHT_PROGBITS && s->flags & SHF_EXECINSTR;
}

#endif
