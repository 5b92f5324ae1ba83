/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: a target's types: the running kernel's, or those in a file. */
#include "asm/base/output.h"
#include "linker/object/internal.h"

#include <string.h>
#include <unistd.h>

static bool is_big_endian(const uint8_t *bytes, size_t len)
{
	return len >= 2 && bytes[0] == 0xeb && bytes[1] == 0x9f;
}

/* A whole ELF file: a kernel image or module with debug information. */
static bool is_elf(const uint8_t *bytes, size_t len) { return len >= SELFMAG && !memcmp(bytes, ELFMAG, SELFMAG); }

enum iov_status btf_of_file(const char *path, struct iov_arena *arena, struct iov_sink *sink, struct iov_btf **out)
{
	struct iov_buf file;
	enum iov_status status;
	uint8_t *copy = NULL;

	buf_init(&file, arena->alloc);
	status = input_read(path, 0, &file, sink);
	if (!status && !(copy = arena_copy(arena, file.data, file.len)))
		status = IOV_NOMEM;
	if (!status && is_elf(copy, file.len)) {
		struct iov_diag *d = diag_add(sink, DIAG_BTF_BAD, span_file(path), "this is an ELF file, not BTF");

		diag_hint(d, "take the types out of it: llvm-objcopy --dump-section .BTF=vmlinux.btf %s", path);
		status = IOV_DIAGNOSED;
	}
	if (!status)
		status = btf_read(copy, file.len, is_big_endian(copy, file.len), path, arena, sink, out);
	buf_free(&file);
	return status;
}

struct iov_btf *btf_of_kernel(struct iov_arena *arena, struct iov_sink *sink)
{
	static const char path[] = "/sys/kernel/btf/vmlinux";
	struct iov_btf *btf = NULL;

	if (!access(path, R_OK))
		btf_of_file(path, arena, sink, &btf);
	return btf;
}
