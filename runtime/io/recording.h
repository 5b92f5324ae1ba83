/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: recordings in and out. Reads what libpcap reads (pcap of both byte orders, micro- and nanoseconds, pcapng);
 * writes pcap. The only user of libpcap. */
#ifndef IOV_RUNTIME_IO_RECORDING_H
#define IOV_RUNTIME_IO_RECORDING_H

#include "asm/base/buf.h"
#include "asm/base/diag.h"

enum { REC_ETHERNET = 1, REC_MAX_FRAME = 262144 };

struct rec_frame {
	const uint8_t *data;
	uint32_t len, wire_len; /**< bytes recorded, bytes there were */
	uint64_t time_ns;       /**< since 1970 */
};

/** A recording in memory. */
struct rec_frames {
	struct rec_frame *at;
	uint32_t count, cut;    /**< cut: frames of which less was recorded than there was */
	uint64_t bytes;         /**< recorded, over all frames */
};

/** Read a whole recording of Ethernet frames ("-": standard input) into `arena`. A file that ends in the middle of a
 * frame gives the frames before it and a warning. */
enum iov_status rec_read(const char *path, struct iov_arena *arena, struct iov_sink *sink, struct rec_frames *out);

/** A recording being made: a buffer that rec_write_end() turns into a file. */
struct rec_writer {
	struct iov_buf buf;
	bool nanoseconds;       /**< some time is no whole number of microseconds */
};

void rec_write_start(struct rec_writer *w, const struct iov_alloc *alloc);
void rec_write_frame(struct rec_writer *w, const struct rec_frame *frame);
/** Write the file, in nanoseconds only when a time needs it; little-endian on every machine. Frees the buffer. */
enum iov_status rec_write_end(struct rec_writer *w, const char *path, struct iov_sink *sink);
void rec_write_drop(struct rec_writer *w);

#endif
