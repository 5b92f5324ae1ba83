/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings by libpcap, and the writer for classic pcap (draft-ietf-opsawg-pcap). */
#include "runtime/io/recording.h"
#include "asm/base/output.h"

#include <pcap/pcap.h>
#include <string.h>

enum { FILE_HEADER = 24, RECORD_HEADER = 16, MICRO_MAGIC = 0xa1b2c3d4, NANO_MAGIC = 0xa1b23c4d };

static struct iov_span file_span(const char *path) { return (struct iov_span){.file = path, .insn = -1}; }

static bool add(struct rec_frames *f, uint32_t *room, struct iov_arena *arena, const struct pcap_pkthdr *h,
		const u_char *data)
{
	struct rec_frame *frame;

	if (f->count == *room) {
		struct rec_frame *more = arena_array(arena, *room ? 2ull * *room : 1024, sizeof(*more));

		if (!more)
			return false;
		if (f->count)
			memcpy(more, f->at, f->count * sizeof(*more));
		f->at = more;
		*room = *room ? 2 * *room : 1024;
	}
	frame = &f->at[f->count];
	*frame = (struct rec_frame){.len = h->caplen, .wire_len = h->len < h->caplen ? h->caplen : h->len,
				     .time_ns = (uint64_t)h->ts.tv_sec * 1000000000u + (uint64_t)h->ts.tv_usec};
	frame->data = arena_copy(arena, data, h->caplen);
	f->count++;
	f->cut += frame->wire_len > frame->len;
	f->bytes += frame->len;
	return frame->data;
}

static enum iov_status read_all(pcap_t *p, const char *path, struct iov_arena *arena, struct iov_sink *sink,
				struct rec_frames *out)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	uint32_t room = 0;
	int got;

	if (pcap_datalink(p) != DLT_EN10MB) {
		diag_add(sink, DIAG_PCAP_LINK, file_span(path), "%s was recorded on a link of type %s, not on Ethernet",
			 path,
			 pcap_datalink_val_to_name(pcap_datalink(p)) ? pcap_datalink_val_to_name(pcap_datalink(p))
								     : "unknown");
		return IOV_DIAGNOSED;
	}
	while ((got = pcap_next_ex(p, &header, &data)) == 1)
		if (!add(out, &room, arena, header, data))
			return IOV_NOMEM;
	if (got == PCAP_ERROR)
		diag_add(sink, DIAG_PCAP_TRUNCATED, file_span(path), "%s breaks off after %u frames: %s", path,
			 out->count, pcap_geterr(p));
	return IOV_OK;
}

enum iov_status rec_read(const char *path, struct iov_arena *arena, struct iov_sink *sink, struct rec_frames *out)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_t *p = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);
	enum iov_status status;

	*out = (struct rec_frames){0};
	if (!p) {
		size_t len = strlen(path);

		if (!strncmp(why, path, len) && !strncmp(why + len, ": ", 2)) /* libpcap's own prefix */
			memmove(why, why + len + 2, strlen(why + len + 2) + 1);
		diag_add(sink, DIAG_PCAP_READ, file_span(path), "%s", why);
		return IOV_DIAGNOSED;
	}
	status = read_all(p, path, arena, sink, out);
	pcap_close(p);
	return status;
}

void rec_write_start(struct rec_writer *w, const struct iov_alloc *alloc)
{
	*w = (struct rec_writer){0};
	buf_init(&w->buf, alloc);
	buf_u32(&w->buf, NANO_MAGIC, false);
	buf_u16(&w->buf, 2, false);
	buf_u16(&w->buf, 4, false);
	buf_u64(&w->buf, 0, false);
	buf_u32(&w->buf, REC_MAX_FRAME, false);
	buf_u32(&w->buf, REC_ETHERNET, false);
}

void rec_write_frame(struct rec_writer *w, const struct rec_frame *f)
{
	w->nanoseconds |= f->time_ns % 1000 != 0;
	buf_u32(&w->buf, (uint32_t)(f->time_ns / 1000000000u), false);
	buf_u32(&w->buf, (uint32_t)(f->time_ns % 1000000000u), false);
	buf_u32(&w->buf, f->len, false);
	buf_u32(&w->buf, f->wire_len, false);
	buf_put(&w->buf, f->data, f->len);
}

static uint32_t get(const uint8_t *at) { return at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24; }
static void set(uint8_t *at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(v >> 8 * i);
}

static void to_microseconds(struct iov_buf *b)
{
	set(b->data, MICRO_MAGIC);
	for (size_t at = FILE_HEADER; at < b->len; at += RECORD_HEADER + get(b->data + at + 8))
		set(b->data + at + 4, get(b->data + at + 4) / 1000);
}

enum iov_status rec_write_end(struct rec_writer *w, const char *path, struct iov_sink *sink)
{
	enum iov_status status = IOV_NOMEM;

	if (!w->buf.failed) {
		if (!w->nanoseconds)
			to_microseconds(&w->buf);
		status = output_write(path, w->buf.data, w->buf.len, sink);
	}
	rec_write_drop(w);
	return status;
}

void rec_write_drop(struct rec_writer *w) { buf_free(&w->buf); }
