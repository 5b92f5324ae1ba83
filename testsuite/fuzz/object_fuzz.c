/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer over everything that takes an object's bytes: read, make every program, list and describe, resolve CO-RE
 * against its own types, renumber, write, read again. Aborts when what was written cannot be read. */
#include "asm/dump.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void make_programs(const struct iov_object *obj, struct iov_arena *arena, struct iov_sink *sink)
{
	for (uint32_t i = 0; i < obj->prog_count && i < 8; i++) {
		struct iov_prog *prog;

		if (object_prog(obj, i, i & 1 ? NULL : obj->btf, arena, sink, &prog))
			continue;
		for (uint32_t slot = 0; slot < prog->count; slot++) {
			prog_span(prog, slot);
			prog_reg_var(prog, slot, (int)(slot % 10));
			prog_stack_var(prog, slot, -8);
		}
	}
}

static void show(const struct iov_object *obj, struct iov_arena *arena, struct iov_sink *sink)
{
	struct iov_dump_options text = {.disassemble = true,
					.maps = true,
					.programs = true,
					.manifest = true,
					.cost = true},
				json = {.json = true, .manifest = true};
	struct iov_buf out = {0};

	dump_object(obj, &text, arena, sink, &out);
	dump_object(obj, &json, arena, sink, &out);
	for (uint32_t id = 0; obj->btf && id < obj->btf->count && out.len < 1 << 20; id++) {
		static const uint8_t bytes[64] = {1, 2, 3};

		btf_declare(obj->btf, id, "name", &out);
		btf_define(obj->btf, id, &out);
		if (id < 64)
			btf_print_value(obj->btf, id, bytes, sizeof(bytes), obj->big_endian, id & 1, &out);
	}
	buf_free(&out);
}

static void write_again(struct iov_object *obj, struct iov_arena *arena, struct iov_sink *sink)
{
	struct iov_buf out = {0};
	struct iov_object *again;

	if (!object_canonicalise(obj) && !object_write(obj, &out, sink) &&
	    object_read(out.data, out.len, "written", arena, sink, &again))
		abort();
	buf_free(&out);
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
	if (!object_read(copy, size, "fuzz.o", &arena, &sink, &obj)) {
		make_programs(obj, &arena, &sink);
		show(obj, &arena, &sink);
		write_again(obj, &arena, &sink);
		object_close(obj);
	}
	sink_free(&sink);
	arena_free(&arena);
	free(copy);
	return 0;
}
