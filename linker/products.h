/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: --emit: what is made out of a module for those who use it, and where it is written. */
#ifndef IOV_LINKER_PRODUCTS_H
#define IOV_LINKER_PRODUCTS_H

#include "asm/base/option.h"
#include "linker/module.h"

enum iov_product { IOV_PRODUCT_SKELETON, IOV_PRODUCT_HEADER, IOV_PRODUCT_JSON, IOV_PRODUCT_COUNT };

struct iov_products {
	const char *path[IOV_PRODUCT_COUNT]; /**< NULL: not asked for; "-": standard output */
};

/** Read the values of --emit, KIND or KIND=FILE each. Without FILE the name is the module's, `output` ("-": standard
 * output, which cannot name others), with .o replaced by .skel.h, .types.h or .json. */
enum iov_status products_plan(const struct iov_option_list *asked, const char *output, struct iov_arena *arena,
			      struct iov_sink *sink, struct iov_products *out);

/** Write them, from the module's bytes as they stand in the file `output`. `m` may be NULL. */
enum iov_status products_write(const struct iov_products *p, const char *output, const struct iov_buf *module,
			       const struct iov_module_desc *m, struct iov_arena *arena, struct iov_sink *sink);

#endif
