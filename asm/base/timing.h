/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: where the CPU time of a job goes, phase by phase, for -ftime-report. */
#ifndef IOV_BASE_TIMING_H
#define IOV_BASE_TIMING_H

#include "asm/base/buf.h"

enum { IOV_TIMING_PHASES = 16 };

/** Zeroed and then started. One thread's. */
struct iov_timing {
	struct {
		const char *name; /**< a literal */
		uint64_t ns;      /**< CPU time, user and system */
	} phases[IOV_TIMING_PHASES];
	unsigned count;
	uint64_t last; /**< when the phase that runs now began */
};

/** Time before this call counts for no phase, but for what the process spent before it, as "start". */
void timing_start(struct iov_timing *t);
/** What went by since the last call belongs to the phase `name`, which may come again. NULL: nothing is measured. */
void timing_mark(struct iov_timing *t, const char *name);
/** A table: phases in their order, milliseconds, shares; `peak` is the process's memory in KiB. */
void timing_print(const struct iov_timing *t, const char *title, uint64_t peak, struct iov_buf *out);

#endif
