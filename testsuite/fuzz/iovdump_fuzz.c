/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer over iovdump: an object's bytes printed in every way that there is, in both dialects; what --asm prints is
 * assembled. Bytes from an attacker must give text or a diagnostic, and that text an object or diagnostics. */
#include "asm/as.h"
#include "asm/dump.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void assemble(const struct iov_buf *text, bool big, struct iov_sink *sink)
{
	const struct iov_as_options options = {.big_endian = big};
	struct iov_buf out = {0};
	char *copy = malloc(text->len + 1);

	memcpy(copy, text->data, text->len);
	copy[text->len] = 0;
	as_assemble(copy, text->len, "fuzz.s", &options, NULL, sink, &out);
	buf_free(&out);
	free(copy);
}

static void print_assembly(const uint8_t *data, size_t size, int dialect, struct iov_sink *sink)
{
	const struct iov_dump_options options = {.assembly = true, .dialect = dialect};
	struct iov_arena arena;
	struct iov_object *obj;
	struct iov_buf out = {0};

	arena_init(&arena, NULL);
	if (!object_read_parts(data, size, "fuzz.o", false, &arena, sink, &obj) &&
	    !dump_asm(obj, &options, &arena, sink, &out) && out.len && out.len < 1 << 20)
		assemble(&out, obj->big_endian, sink);
	buf_free(&out);
	arena_free(&arena);
}

static void print_all(const struct iov_object *obj, struct iov_arena *arena, struct iov_sink *sink)
{
	for (int mode = 0; mode < 3; mode++) {
		struct iov_dump_options options = {.disassemble = true,
						   .maps = true,
						   .programs = true,
						   .manifest = true,
						   .cost = true,
						   .types = true,
						   .symbols = true,
						   .relocs = true,
						   .json = mode == 1,
						   .dialect = mode == 2,
						   .cfg = mode == 2 ? IOV_CFG_DOT : IOV_CFG_NONE};
		struct iov_buf out = {0};

		dump_object(obj, &options, arena, sink, &out);
		buf_free(&out);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct iov_arena arena;
	struct iov_sink sink;
	struct iov_object *obj;
	uint8_t *copy = malloc(size ? size : 1); /* of its exact size, for the sanitizer */

	memcpy(copy, data, size);
	arena_init(&arena, NULL);
	sink_init(&sink, NULL);
	if (!object_read(copy, size, "fuzz.o", &arena, &sink, &obj))
		print_all(obj, &arena, &sink);
	print_assembly(copy, size, size & 1, &sink);
	sink_free(&sink);
	arena_free(&arena);
	free(copy);
	return 0;
}
