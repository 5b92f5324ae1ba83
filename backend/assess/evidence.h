/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what is recorded of a program that was accepted (linker/object/manifest.h), for every tool that records. */
#ifndef IOV_ASSESS_EVIDENCE_H
#define IOV_ASSESS_EVIDENCE_H

#include "asm/base/digest.h"
#include "asm/isa/platform.h"
#include "linker/object/manifest.h"

/** The digests of platforms, kept from one program to the next: `count` of them, zero at first. */
struct evidence_rules {
	const struct iov_platform *platform;
	uint8_t digest[IOV_SHA256_BYTES];
};

/** A program whose proofs are recorded. `facts` is filled with the first; zero before. */
struct evidence {
	const struct iov_object *obj;
	uint32_t index;       /**< of the program */
	const char *verifier; /**< "iovcc 0.1.0" */
	struct evidence_rules *rules; /**< NULL: none are kept */
	size_t rules_count;
	struct iov_record_facts facts;
};

/** Append what was proved of `prog`: its facts once, with the first platform that accepts it, and evidence with each.
 * `target`: the types that it was resolved and verified against; NULL: none. */
enum iov_status evidence_record(struct evidence *e, const struct iov_prog *prog, const struct iov_platform *platform,
				const struct iov_btf *target, const struct iov_facts *proved, struct iov_arena *arena,
				struct iov_sink *sink, struct iov_buf *records);

#endif
