/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: values of parameters: text in a manifest ↔ bytes in an object. Internal to linker/. */
#ifndef IOV_LINKER_MODULE_VALUE_H
#define IOV_LINKER_MODULE_VALUE_H

#include "linker/module.h"

/** A variable of the object. */
struct iov_module_variable {
	const char *name;
	const struct iov_section *section;
	uint32_t type;         /**< BTF */
	uint32_t offset, size; /**< bytes */
	bool is_static;
};
bool module_variable(const struct iov_object *obj, const char *name, struct iov_module_variable *out);

/** The bytes of a value as the variable holds them (`size` bytes, in the object's order for host-order numbers). False:
 * *why says what is wrong with it. */
bool module_value(const struct iov_module_param *p, const struct iov_yaml *node, uint32_t size, bool big_endian,
		  uint8_t *out, const char **why);
/** How values of a type are written, for hints. */
const char *module_value_form(enum iov_param_type type);
/** A variable of this C type and size can hold values of the parameter's type. */
bool module_fits(const struct iov_btf *btf, uint32_t type, uint32_t size, enum iov_param_type param);
/** Append a value as a manifest has it. */
void module_value_text(enum iov_param_type type, const uint8_t *bytes, uint32_t size, bool big_endian,
		       struct iov_buf *out);

static inline struct iov_span span_file_of(const char *file)
{
	struct iov_span span = IOV_NOWHERE;

	span.file = file;
	return span;
}

#endif
