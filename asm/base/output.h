/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: reading whole input files, and writing outputs so that no partial file ever stays behind. */
#ifndef IOV_BASE_OUTPUT_H
#define IOV_BASE_OUTPUT_H

#include "asm/base/buf.h"
#include "asm/base/diag.h"

/** Write `len` bytes to `path` through a temporary in the same folder, fsync-free, renamed when complete; "-" is
 * standard output; a path that exists and is not a regular file (/dev/null) is written in place. A symbolic link is
 * followed, the mode of a file that is replaced is kept. Diagnoses DIAG_FILE_WRITE. SIGINT, SIGTERM, SIGHUP and SIGXFSZ
 * that arrive meanwhile are held until the temporary is gone, and then leave the old file untouched. */
enum iov_status output_write(const char *path, const void *data, size_t len, struct iov_sink *sink);

/** Read a whole file ("-": standard input), at most `limit` bytes (0: 1 GiB), and append it to `into`. Diagnoses
 * DIAG_FILE_READ; IOV_NOMEM when the buffer cannot grow. */
enum iov_status input_read(const char *path, size_t limit, struct iov_buf *into, struct iov_sink *sink);

/** A whole file for reading: large regular ones are mapped, everything else is read. A file that another process cuts
 * short while it is mapped ends the tool, as with any linker. Zero-initialised is valid and closed. */
struct iov_input_file {
	const char *path;
	const uint8_t *data; /**< len bytes */
	size_t len;
	bool mapped;
	struct iov_buf bytes;
};

/** Open `path` as input_read does ("-": standard input), in place of what was open there before, whose buffer is used
 * again. `file` is to be closed in any case. */
enum iov_status input_open(const char *path, struct iov_input_file *file, struct iov_sink *sink);
void input_close(struct iov_input_file *file);

#endif
