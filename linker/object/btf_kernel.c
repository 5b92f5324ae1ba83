/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the running kernel's types. */
#include "asm/base/output.h"
#include "linker/object/internal.h"

#include <unistd.h>

struct iov_btf *btf_of_kernel(struct iov_arena *arena, struct iov_sink *sink)
{
	static const char path[] = "/sys/kernel/btf/vmlinux";
	struct iov_btf *btf = NULL;
	struct iov_buf file;
	uint8_t *copy;

	if (access(path, R_OK))
		return NULL;
	buf_init(&file, arena->alloc);
	if (!input_read(path, 0, &file, sink) && (copy = arena_copy(arena, file.data, file.len)))
		btf_read(copy, file.len, __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, path, arena, sink, &btf);
	buf_free(&file);
	return btf;
}
