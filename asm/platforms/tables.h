/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the tables that platgen makes from stdlib/platforms at build time. Internal to asm/platforms. */
#ifndef IOV_PLATFORMS_TABLES_H
#define IOV_PLATFORMS_TABLES_H

#include "asm/isa/platform.h"

/* NULL-terminated; the first is the default of the tools. */
extern const struct iov_platform *const platform_tables[];

#endif
