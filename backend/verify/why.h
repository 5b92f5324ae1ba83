/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: struct iov_why, the question "what is known here, and from where?" (iovverify --why) and its answer as text. */
#ifndef IOV_VERIFY_WHY_H
#define IOV_VERIFY_WHY_H

#include "asm/base/buf.h"

enum { IOV_WHY_WAYS = 3 };

/** `slots` are asked about. Each time one is reached, what is known there is told in `out`, with the instruction or
 * check that each fact comes from; at most IOV_WHY_WAYS different answers for each slot. Zero what stands below. */
struct iov_why {
	const uint32_t *slots;
	uint32_t count;
	struct iov_buf *out;
	struct {
		uint32_t slot, told;  /**< different answers written */
		uint64_t reached;     /**< how often */
		uint64_t hash[IOV_WHY_WAYS]; /**< of the answers, to tell whether they differ */
	} *seen;                      /**< as many as slots; the caller's */
};

#endif
