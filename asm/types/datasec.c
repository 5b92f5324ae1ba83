/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: where variables lie in their data sections when nothing else is said: where their symbols are, or, in objects
 * as LLVM writes them, where a relocation will say. */
#include "asm/types/part.h"

/* The symbol of a variable in a section; a global one wins. */
static const struct iov_symbol *symbol_of(const struct iov_object *obj, const char *name, uint32_t section)
{
	const struct iov_symbol *found = NULL;

	for (uint32_t i = 1; i < obj->symbol_count; i++) {
		const struct iov_symbol *s = &obj->symbols[i];

		if (s->section == section && s->type != STT_SECTION && (!found || found->bind == STB_LOCAL) &&
		    !strcmp(s->name, name))
			found = s;
	}
	return found;
}

bool datasec_entry(const struct iov_object *obj, int form, const char *section, const struct iov_btf_type *var,
		   uint64_t type_size, struct entry *out)
{
	const struct iov_section *s = obj ? object_section(obj, section) : NULL;
	const struct iov_symbol *symbol = s ? symbol_of(obj, var->name, s->index) : NULL;

	*out = (struct entry){0, var->kind == BTF_KIND_VAR ? (uint32_t)type_size : 0};
	if (symbol && symbol->size)
		out->size = (uint32_t)symbol->size;
	/* a local symbol is relocated by its section: the offset is in place */
	if (symbol && (form == FORM_IOV || symbol->bind == STB_LOCAL))
		out->offset = (uint32_t)symbol->value;
	return symbol;
}

uint32_t datasec_size(const struct iov_object *obj, int form, const char *section)
{
	const struct iov_section *s = obj && form == FORM_IOV ? object_section(obj, section) : NULL;

	return s ? (uint32_t)s->size : 0;
}
