/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the warnings of iovcc's own by name, and which of them are on. */
#ifndef IOV_FRONTEND_WARNINGS_H
#define IOV_FRONTEND_WARNINGS_H

#include "asm/base/diag.h"

enum iov_warning {
#define WARNING(id, name, on, help) IOV_W_##id,
#include "frontend/warnings.def"
#undef WARNING
	IOV_WARNING_COUNT
};

enum iov_warning_level {
	IOV_WARNING_DEFAULT, /**< as warnings.def says */
	IOV_WARNING_OFF,
	IOV_WARNING_ON,
};

/** What the command line says of them. All zero: the defaults. */
struct iov_warnings {
	uint8_t level[IOV_WARNING_COUNT]; /**< enum iov_warning_level */
	int8_t error[IOV_WARNING_COUNT];  /**< 1: -Werror=iov-NAME, -1: -Wno-error=iov-NAME, 0: as -Werror says */
	bool none;                        /**< -w */
};

#endif
