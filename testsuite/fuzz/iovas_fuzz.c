/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer over the assembler: any text, twice: the same object or the same number of mistakes, never both, and what
 * comes out is an object that the reader survives. The first byte chooses the target. */
#include "asm/as.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct iov_platform small = {
	.name = "small", .cpu = 3, .max_insns = 1, .max_processed = 1, .max_frames = 1};

/* Returns the number of mistakes. */
static uint32_t assemble(const char *text, size_t len, const struct iov_as_options *options, struct iov_buf *out)
{
	struct iov_sink sink;
	enum iov_status status;
	uint32_t errors;

	sink_init(&sink, NULL);
	status = as_assemble(text, len, "fuzz.s", options, NULL, &sink, out);
	errors = sink.errors;
	if (status == IOV_BUG || (status == IOV_DIAGNOSED) != (errors > 0) || (errors && out->len))
		abort();
	sink_free(&sink);
	return errors;
}

static void read_back(const struct iov_buf *bytes)
{
	struct iov_arena arena = {0};
	struct iov_object *obj;
	struct iov_sink sink;

	sink_init(&sink, NULL);
	object_read(bytes->data, bytes->len, "fuzz.o", &arena, &sink, &obj);
	sink_free(&sink);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct iov_as_options options = {.limit = 1 << 16, .no_files = true};
	struct iov_buf first = {0}, second = {0};
	char *text;

	if (!size)
		return 0;
	options.big_endian = data[0] & 1;
	options.platform = data[0] & 2 ? &small : NULL;
	options.cpu = data[0] >> 2 & 3;
	options.optimize = data[0] & 16;
	if (data[0] & 32)
		options.limit = 1 << 20; /* jumps out of reach */
	text = malloc(size);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = 0;
	if (assemble(text, size - 1, &options, &first) != assemble(text, size - 1, &options, &second) ||
	    first.len != second.len || (first.len && memcmp(first.data, second.data, first.len)))
		abort();
	if (first.len)
		read_back(&first);
	free(text);
	buf_free(&first);
	buf_free(&second);
	return 0;
}
