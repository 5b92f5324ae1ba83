/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer over what reads text: platform files (and with them the YAML reader), and instructions in both dialects.
 * Aborts when a platform does not survive being printed and read, or an instruction being printed and parsed. */
#include "asm/isa/isa.h"
#include "asm/yaml/platform_read.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Instead of the library `platforms`, whose tables are made at build time: one to inherit from. */
static const struct iov_platform base_platform = {
	.name = "base", .kernel = "6.1", .cpu = 3, .max_insns = 1, .max_processed = 1, .max_frames = 1};

const struct iov_platform *platform_shipped(const char *name)
{
	return strcmp(name, "base") ? NULL : &base_platform;
}

const struct iov_platform *platform_shipped_at(size_t index)
{
	return index ? NULL : &base_platform;
}

static const struct iov_platform *find(void *ud, const char *name)
{
	(void)ud;
	return platform_shipped(name);
}

static const struct iov_platform *read(const void *text, size_t len, struct iov_arena *arena, struct iov_sink *sink)
{
	const struct iov_platform_base base = {find, NULL};
	const struct iov_platform *p = NULL;
	const struct iov_yaml *root = NULL;
	enum iov_status status = yml_read(text, len, "fuzz", arena, sink, &root);

	if (status == IOV_OK)
		status = platform_parse(root, &base, arena, sink, &p);
	if ((status == IOV_DIAGNOSED) != (sink->errors > 0) || status == IOV_BUG)
		abort();
	return status == IOV_OK ? p : NULL;
}

static void platform(const uint8_t *data, size_t size)
{
	struct iov_buf first = {0}, second = {0};
	struct iov_arena arena = {0};
	const struct iov_platform *p;
	struct iov_sink sink;

	sink_init(&sink, NULL);
	p = read(data, size, &arena, &sink);
	if (p) {
		platform_print(p, &first);
		p = read(first.data, first.len, &arena, &sink);
		if (!p)
			abort();
		platform_print(p, &second);
		if (first.len != second.len || memcmp(first.data, second.data, first.len))
			abort();
	}
	buf_free(&first);
	buf_free(&second);
	sink_free(&sink);
	arena_free(&arena);
}

static void instruction(const uint8_t *data, size_t size, enum iov_dialect dialect)
{
	struct iov_insn insn[2] = {0}, again[2] = {0};
	struct iov_isa_parse parsed;
	struct iov_buf text = {0};

	buf_put(&text, data, size);
	parsed = isa_parse(buf_cstr(&text), dialect, insn);
	if (parsed.ok) {
		text.len = 0;
		isa_print(&text, insn, 0, dialect, NULL);
		parsed = isa_parse(buf_cstr(&text), dialect, again);
		if (!parsed.ok || memcmp(insn, again, sizeof(insn)))
			abort();
	} else if (parsed.col < 1 || parsed.col > strlen(buf_cstr(&text)) + 1) {
		abort();
	}
	buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	switch (data[0]) {
	case '>': instruction(data + 1, size - 1, IOV_DIALECT_KERNEL); break;
	case '<': instruction(data + 1, size - 1, IOV_DIALECT_MNEMONIC); break;
	default: platform(data, size); break;
	}
	return 0;
}
