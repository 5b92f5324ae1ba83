/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: reading whole input files, and writing outputs so that no partial file ever stays behind. */
#ifndef IOV_BASE_OUTPUT_H
#define IOV_BASE_OUTPUT_H

#include "asm/base/buf.h"
#include "asm/base/diag.h"

/** Write `len` bytes to `path` through a temporary in the same folder, fsync-free, renamed when complete; "-" is
 * standard output; a path that exists and is not a regular file (/dev/null) is written in place. Diagnoses
 * DIAG_FILE_WRITE. Temporaries are removed on SIGINT, SIGTERM and SIGHUP. */
enum iov_status output_write(const char *path, const void *data, size_t len, struct iov_sink *sink);

/** Read a whole file ("-": standard input), at most `limit` bytes (0: 1 GiB). Diagnoses DIAG_FILE_READ. */
enum iov_status input_read(const char *path, size_t limit, struct iov_buf *into, struct iov_sink *sink);

#endif
