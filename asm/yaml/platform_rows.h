/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: rows of a platform's own, helpers and program types that the catalogue does not have. Internal to asm/yaml. */
#ifndef IOV_YAML_PLATFORM_ROWS_H
#define IOV_YAML_PLATFORM_ROWS_H

#include "asm/yaml/platform_read.h"

/* An own helper may be called by this program type; applied when all rows are there. */
struct platform_grant {
	const struct iov_yaml *type;
	const struct iov_helper *helper;
	struct platform_grant *next;
};

struct platform_maker {
	struct iov_arena *arena;
	struct iov_sink *sink;
	struct iov_platform *p;
	struct platform_grant *grants;
	enum iov_status status;
};

/* NULL after a diagnostic or when memory ran out (maker->status says which). */
struct iov_helper *platform_own_helper(struct platform_maker *m, const struct iov_yaml *node);
struct iov_prog_type *platform_own_prog_type(struct platform_maker *m, const struct iov_yaml *node);

/* Fill in result and argument kinds from the C declaration, as far as it tells them. False with a diagnostic. */
bool platform_declaration(struct platform_maker *m, const struct iov_yaml *node, bool have_args, bool have_ret,
			  struct iov_helper *h);

#endif
