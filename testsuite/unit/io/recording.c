/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings: every dialect of pcap read alike, what is written read back, broken files diagnosed. */
#include "runtime/io/recording.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct file {
	struct iov_buf bytes;
	char path[64];
};

static void save(struct file *f)
{
	FILE *out;

	snprintf(f->path, sizeof(f->path), "/tmp/iov-recording-%d.pcap", (int)getpid());
	out = fopen(f->path, "wb");
	cr_assert(out);
	fwrite(f->bytes.data, 1, f->bytes.len, out);
	fclose(out);
}

static void header(struct file *f, bool big, uint32_t magic, uint32_t link)
{
	*f = (struct file){0};
	buf_u32(&f->bytes, magic, big);
	buf_u16(&f->bytes, 2, big);
	buf_u16(&f->bytes, 4, big);
	buf_u64(&f->bytes, 0, big);
	buf_u32(&f->bytes, 65535, big);
	buf_u32(&f->bytes, link, big);
}

static void frame(struct file *f, bool big, uint32_t seconds, uint32_t fraction, const char *data, uint32_t wire_len)
{
	uint32_t len = (uint32_t)strlen(data);

	buf_u32(&f->bytes, seconds, big);
	buf_u32(&f->bytes, fraction, big);
	buf_u32(&f->bytes, len, big);
	buf_u32(&f->bytes, wire_len, big);
	buf_put(&f->bytes, data, len);
}

static enum iov_status read_back(struct file *f, struct iov_arena *arena, struct iov_sink *sink, struct rec_frames *out)
{
	enum iov_status status;

	save(f);
	sink_init(sink, NULL);
	status = rec_read(f->path, arena, sink, out);
	unlink(f->path);
	buf_free(&f->bytes);
	return status;
}

Test(recording, both_byte_orders_and_both_resolutions)
{
	for (int variant = 0; variant < 4; variant++) {
		bool big = variant & 1, nano = variant & 2;
		struct iov_arena arena = {0};
		struct rec_frames got;
		struct iov_sink sink;
		struct file f;

		header(&f, big, nano ? 0xa1b23c4d : 0xa1b2c3d4, 1);
		frame(&f, big, 1700000000, nano ? 123456789 : 123456, "first", 5);
		frame(&f, big, 1700000001, 5, "cut", 1500);
		cr_assert_eq(read_back(&f, &arena, &sink, &got), IOV_OK);
		cr_assert_eq(got.count, 2);
		cr_expect_eq(got.at[0].time_ns, nano ? 1700000000123456789ull : 1700000000123456000ull);
		cr_expect_eq(got.at[1].time_ns, nano ? 1700000001000000005ull : 1700000001000005000ull);
		cr_expect_arr_eq(got.at[0].data, "first", 5);
		cr_expect(got.at[1].len == 3 && got.at[1].wire_len == 1500);
		cr_expect(got.cut == 1 && got.bytes == 8);
		arena_free(&arena);
		sink_free(&sink);
	}
}

Test(recording, pcapng)
{
	struct iov_arena arena = {0};
	struct rec_frames got;
	struct iov_sink sink;
	struct file f = {0};

	/* section header, interface description of Ethernet, one enhanced packet block with 4 bytes */
	buf_u32(&f.bytes, 0x0a0d0d0a, false), buf_u32(&f.bytes, 28, false), buf_u32(&f.bytes, 0x1a2b3c4d, false);
	buf_u32(&f.bytes, 1, false), buf_u64(&f.bytes, UINT64_MAX, false), buf_u32(&f.bytes, 28, false);
	buf_u32(&f.bytes, 1, false), buf_u32(&f.bytes, 20, false), buf_u32(&f.bytes, 1, false);
	buf_u32(&f.bytes, 0, false), buf_u32(&f.bytes, 20, false);
	buf_u32(&f.bytes, 6, false), buf_u32(&f.bytes, 36, false), buf_u32(&f.bytes, 0, false);
	buf_u32(&f.bytes, 0, false), buf_u32(&f.bytes, 7, false), buf_u32(&f.bytes, 4, false);
	buf_u32(&f.bytes, 4, false), buf_put(&f.bytes, "abcd", 4), buf_u32(&f.bytes, 36, false);
	cr_assert_eq(read_back(&f, &arena, &sink, &got), IOV_OK);
	cr_assert_eq(got.count, 1);
	cr_expect(got.at[0].time_ns == 7000 && !memcmp(got.at[0].data, "abcd", 4));
	arena_free(&arena);
	sink_free(&sink);
}

static void broken(struct file *f, enum iov_status want, enum iov_diag_id id, uint32_t frames)
{
	struct iov_arena arena = {0};
	struct rec_frames got;
	struct iov_sink sink;

	cr_expect_eq(read_back(f, &arena, &sink, &got), want);
	cr_expect(sink.first && sink.first->id == id);
	cr_expect_eq(got.count, frames);
	arena_free(&arena);
	sink_free(&sink);
}

Test(recording, what_is_broken_is_said)
{
	struct file f;

	header(&f, false, 0xa1b2c3d4, 113);
	broken(&f, IOV_DIAGNOSED, DIAG_PCAP_LINK, 0);
	header(&f, false, 0x12345678, 1);
	broken(&f, IOV_DIAGNOSED, DIAG_PCAP_READ, 0);
	header(&f, false, 0xa1b2c3d4, 1);
	f.bytes.len = 10;
	broken(&f, IOV_DIAGNOSED, DIAG_PCAP_READ, 0);
	header(&f, false, 0xa1b2c3d4, 1);
	frame(&f, false, 1, 2, "whole", 5);
	frame(&f, false, 1, 2, "halved", 6);
	f.bytes.len -= 3;
	broken(&f, IOV_OK, DIAG_PCAP_TRUNCATED, 1);
	header(&f, false, 0xa1b2c3d4, 1);
	frame(&f, false, 1, 2, "", 0);
	memcpy(f.bytes.data + 32, "\xff\xff\xff\x7f", 4);
	broken(&f, IOV_OK, DIAG_PCAP_TRUNCATED, 0);
}

static void round_trip(uint64_t time_ns)
{
	struct rec_frame frame_out = {(const uint8_t *)"packet", 6, 60, time_ns};
	struct rec_frames got;
	struct iov_arena arena = {0};
	struct rec_writer w;
	struct iov_sink sink;
	char path[64];

	snprintf(path, sizeof(path), "/tmp/iov-recording-%d-out.pcap", (int)getpid());
	sink_init(&sink, NULL);
	rec_write_start(&w, NULL);
	rec_write_frame(&w, &frame_out);
	rec_write_frame(&w, &frame_out);
	cr_assert_eq(rec_write_end(&w, path, &sink), IOV_OK);
	cr_assert_eq(rec_read(path, &arena, &sink, &got), IOV_OK);
	cr_assert_eq(got.count, 2);
	cr_expect_eq(got.at[1].time_ns, time_ns);
	cr_expect(got.at[1].wire_len == 60 && !memcmp(got.at[1].data, "packet", 6));
	unlink(path);
	arena_free(&arena);
	sink_free(&sink);
}

Test(recording, what_is_written_is_read_back)
{
	round_trip(1700000000123456000);
	round_trip(1700000000123456789);
	round_trip(0);
}
