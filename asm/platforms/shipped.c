/* SPDX-License-Identifier: Apache-2.0 */
/* The platforms that are compiled in. */
#include "asm/platforms/tables.h"

#include <string.h>

const struct iov_platform *platform_shipped_at(size_t index)
{
	size_t i = 0;

	while (i < index && platform_tables[i])
		i++;
	return platform_tables[i];
}

const struct iov_platform *platform_shipped(const char *name)
{
	for (size_t i = 0; platform_tables[i]; i++) {
		if (!strcmp(platform_tables[i]->name, name))
			return platform_tables[i];
	}
	return NULL;
}
