/* SPDX-License-Identifier: Apache-2.0 */
/* Asking a platform what it offers. Its helper list is sorted by id; the other lists are short. */
#include "asm/isa/platform.h"

#include <string.h>

const char *platform_why_lacking(const struct iov_platform *p, const char *name)
{
	for (uint32_t i = 0; i < p->lacking_count; i++)
		if (!strcmp(p->lacking[i].name, name))
			return p->lacking[i].text;
	return NULL;
}

const struct iov_helper *platform_helper(const struct iov_platform *p, uint32_t id)
{
	uint32_t low = 0, high = p->helper_count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (p->helpers[mid]->id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < p->helper_count && p->helpers[low]->id == id ? p->helpers[low] : NULL;
}

const struct iov_helper *platform_kfunc(const struct iov_platform *p, const char *name)
{
	for (uint32_t i = 0; i < p->kfunc_count; i++) {
		if (catalogue_is_called(p->kfuncs[i], name))
			return p->kfuncs[i];
	}
	return NULL;
}

const struct iov_prog_type *platform_prog_type(const struct iov_platform *p, uint32_t id)
{
	for (uint32_t i = 0; i < p->prog_type_count; i++) {
		if (p->prog_types[i]->id == id)
			return p->prog_types[i];
	}
	return NULL;
}

const struct iov_prog_type *platform_type_of(const struct iov_platform *p, const struct iov_prog *prog)
{
	for (uint32_t i = 0; prog->section && i < p->prog_type_count; i++) {
		const char *const *name = p->prog_types[i]->sections;

		for (; name && *name; name++)
			if (!strcmp(*name, prog->section))
				return p->prog_types[i];
	}
	return platform_prog_type(p, prog->type);
}

const struct iov_map_type *platform_map_type(const struct iov_platform *p, uint32_t id)
{
	for (uint32_t i = 0; i < p->map_type_count; i++) {
		if (p->map_types[i]->id == id)
			return p->map_types[i];
	}
	return NULL;
}

bool platform_allows(const struct iov_platform *p, const struct iov_prog_type *type, const struct iov_helper *helper)
{
	const struct iov_helper *offered = helper->kfunc ? platform_kfunc(p, helper->name)
							  : platform_helper(p, helper->id);

	return offered && catalogue_allows(type, offered, p->kernel);
}
