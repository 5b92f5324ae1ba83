/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the types of a target, which CO-RE relocations are resolved against: the running kernel's, or a file's: plain
 * BTF (as /sys/kernel/btf/vmlinux, `bpftool btf dump file … format raw`), or an ELF64 file of any machine with a
 * section .BTF (vmlinux, an eBPF object). */
#include "linker/object/target.h"

#include "asm/base/output.h"
#include "linker/object/internal.h"

#include <string.h>
#include <unistd.h>

enum { BTF_MAGIC_HERE = 0xeb9f };

static const char kernel_path[] = "/sys/kernel/btf/vmlinux";

/* The bytes of section .BTF of an ELF64 file; false: there is none, or the file is broken. */
static bool section_of_elf(const uint8_t *bytes, size_t len, bool big, const uint8_t **data, size_t *size)
{
	struct iov_cursor file, names = {0}, headers, row;
	uint32_t count, strings;
	uint64_t at;

	cursor_init(&file, bytes, len, big);
	cursor_seek(&file, offsetof(Elf64_Ehdr, e_shoff));
	at = cursor_u64(&file);
	cursor_seek(&file, offsetof(Elf64_Ehdr, e_shnum));
	count = cursor_u16(&file);
	strings = cursor_u16(&file);
	cursor_seek(&file, at);
	headers = cursor_sub(&file, count * sizeof(Elf64_Shdr));
	for (int pass = 0; pass < 2 && !file.bad; pass++)
		for (uint32_t i = 0; i < count; i++) {
			uint32_t name, type;
			uint64_t offset, bytes_here;

			cursor_seek(&headers, i * sizeof(Elf64_Shdr));
			row = cursor_sub(&headers, sizeof(Elf64_Shdr));
			name = cursor_u32(&row);
			type = cursor_u32(&row);
			cursor_skip(&row, 16);
			offset = cursor_u64(&row);
			bytes_here = cursor_u64(&row);
			if ((pass == 0) != (i == strings) || type == SHT_NOBITS || offset > len ||
			    bytes_here > len - offset)
				continue;
			if (pass == 0) {
				cursor_init(&names, bytes + offset, bytes_here, big);
				continue;
			}
			names.bad = false;
			cursor_seek(&names, name);
			if (strcmp(cursor_str(&names) ?: "", ".BTF"))
				continue;
			*data = bytes + offset;
			*size = bytes_here;
			return true;
		}
	return false;
}

static enum iov_status no_types(const char *path, struct iov_sink *sink)
{
	struct iov_diag *d = diag_add(sink, DIAG_TARGET_BTF, span_file(path), "this file holds no BTF of a target");

	diag_hint(
		d,
		"give a kernel's BTF, such as /sys/kernel/btf/vmlinux, its vmlinux, or `auto` for the running kernel");
	return IOV_DIAGNOSED;
}

static enum iov_status read_types(const uint8_t *bytes, size_t len, const char *path, struct iov_arena *arena,
				  struct iov_sink *sink, struct iov_btf **out)
{
	const uint8_t *data = bytes;
	struct iov_sha256 digest;
	enum iov_status status;
	bool big;

	if (len > EI_NIDENT && !memcmp(bytes, ELFMAG, SELFMAG)) {
		big = bytes[EI_DATA] == ELFDATA2MSB;
		if (bytes[EI_CLASS] != ELFCLASS64 || !section_of_elf(bytes, len, big, &data, &len))
			return no_types(path, sink);
	}
	if (len < 4 || (data[0] | data[1] << 8) == data[1] * 0x101)
		return no_types(path, sink);
	big = data[0] == BTF_MAGIC_HERE >> 8;
	if ((big ? data[0] << 8 | data[1] : data[1] << 8 | data[0]) != BTF_MAGIC_HERE)
		return no_types(path, sink);
	status = btf_read(data, len, big, path, arena, sink, out);
	if (!status) {
		sha256_init(&digest);
		sha256_add(&digest, data, len);
		sha256_end(&digest, (*out)->digest);
	}
	return status;
}

const char *target_path(const char *name)
{
	return strcmp(name, "auto") ? name : kernel_path;
}

enum iov_status target_read(const char *name, struct iov_arena *arena, struct iov_sink *sink, struct iov_btf **out)
{
	const char *path = target_path(name);
	struct iov_buf file;
	enum iov_status status;
	uint8_t *copy;

	buf_init(&file, arena->alloc);
	status = input_read(path, 0, &file, sink);
	if (!status) {
		copy = arena_copy(arena, file.data, file.len);
		status = copy ? read_types(copy, file.len, path, arena, sink, out) : IOV_NOMEM;
	}
	buf_free(&file);
	return status;
}

enum iov_status targets_find(struct iov_targets *t, const char *name, struct iov_arena *arena, struct iov_sink *sink,
			     const struct iov_btf **out)
{
	struct iov_target *target;
	struct iov_btf *btf;
	enum iov_status status;

	*out = NULL;
	if (!name)
		return IOV_OK;
	for (target = t->first; target; target = target->next)
		if (!strcmp(target->name, name)) {
			*out = target->btf;
			return IOV_OK;
		}
	status = target_read(name, arena, sink, &btf);
	if (status)
		return status;
	target = ARENA_NEW(arena, struct iov_target);
	if (!target)
		return IOV_NOMEM;
	*target = (struct iov_target){name, btf, t->first};
	t->first = target;
	*out = btf;
	return IOV_OK;
}

struct iov_btf *btf_of_kernel(struct iov_arena *arena, struct iov_sink *sink)
{
	struct iov_btf *btf = NULL;

	if (!access(kernel_path, R_OK))
		target_read("auto", arena, sink, &btf);
	return btf;
}
