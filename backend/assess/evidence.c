/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/assess/evidence.h"

#include "asm/yaml/platform_read.h"

#include <string.h>

/* A platform's digest is that of all that it says, as text: the same for a thousand programs. */
static enum iov_status digest(const struct evidence *e, const struct iov_platform *platform, struct iov_arena *arena,
			      uint8_t out[IOV_SHA256_BYTES])
{
	struct evidence_rules *kept = e->rules, *end = kept ? kept + e->rules_count : NULL;
	enum iov_status status = IOV_OK;

	while (kept < end && kept->platform && kept->platform != platform)
		kept++;
	if (kept == end)
		return platform_digest(platform, arena->alloc, out);
	if (!kept->platform)
		status = platform_digest(platform, arena->alloc, kept->digest);
	if (status == IOV_OK)
		kept->platform = platform;
	memcpy(out, kept->digest, IOV_SHA256_BYTES);
	return status;
}

enum iov_status evidence_record(struct evidence *e, const struct iov_prog *prog, const struct iov_platform *platform,
				const struct iov_btf *target, const struct iov_facts *proved, struct iov_arena *arena,
				struct iov_sink *sink, struct iov_buf *records)
{
	struct iov_record_evidence evidence = {.program = prog->name,
					       .platform = platform->name,
					       .verifier = e->verifier,
					       .processed = proved->processed,
					       .states = proved->states,
					       .has_target = target};
	enum iov_status status = IOV_OK;

	if (!e->facts.program) {
		status = manifest_facts(e->obj, e->index, prog, proved, arena, sink, &e->facts);
		if (status)
			return status;
		manifest_put_facts(records, &e->facts);
	}
	memcpy(evidence.code, e->facts.code, sizeof(evidence.code));
	if (target)
		memcpy(evidence.target, target->digest, sizeof(evidence.target));
	status = digest(e, platform, arena, evidence.rules);
	manifest_put_evidence(records, &evidence);
	return status;
}
