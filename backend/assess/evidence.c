/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/assess/evidence.h"

#include "asm/yaml/platform_read.h"

#include <string.h>

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
	status = platform_digest(platform, arena->alloc, evidence.rules);
	manifest_put_evidence(records, &evidence);
	return status;
}
