/* SPDX-License-Identifier: Apache-2.0 */
/* linkload OBJECT...: each program of each object through libbpf into the live kernel, alone, and what libbpf made of
 * it.
 *
 * A line for the object without programs, "OBJECT - ..." ("OBJECT - loaded without types" where the kernel refuses its
 * BTF and nothing in it needs any), and one for each program: "OBJECT PROGRAM loaded DIGEST" or
 * "OBJECT PROGRAM refused ERROR". The digest is of the instructions as libbpf handed them to the kernel, CO-RE
 * relocations done: map file descriptors count by the map's name, ids of the object's own types by the type's, places
 * in data sections (which a linker moves) not at all. */
#include "asm/base/output.h"
#include "linker/object/core.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool types_refused; /* by the load that goes on */

static int listen(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level, (void)args;
	types_refused |= strstr(format, "loading .BTF into kernel") != NULL;
	return 0;
}

static uint64_t add(uint64_t h, const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		h = (h ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3;
	return h;
}

static const char *map_name(struct bpf_object *obj, int fd)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, obj)
		if (bpf_map__fd(map) == fd)
			return bpf_map__name(map);
	return "?";
}

/* The object as this project reads it, for its CO-RE records. */
struct records {
	struct iov_arena arena;
	struct iov_sink sink;
	struct iov_buf bytes;
	struct iov_object *obj;
};

static void records_read(struct records *r, const char *path)
{
	*r = (struct records){0};
	sink_init(&r->sink, NULL);
	if (input_read(path, 0, &r->bytes, &r->sink) ||
	    object_read_parts(r->bytes.data, r->bytes.len, path, true, &r->arena, &r->sink, &r->obj))
		r->obj = NULL;
}

static void records_free(struct records *r)
{
	buf_free(&r->bytes);
	sink_free(&r->sink);
	arena_free(&r->arena);
}

/* The function of a program in the object: its section, and its place and size in slots. */
struct place {
	const char *section;
	uint32_t start, count;
};

static struct place place_of(const struct records *r, const struct bpf_program *prog)
{
	struct place none = {"", 0, 0};

	for (uint32_t i = 1; r->obj && i < r->obj->symbol_count; i++) {
		const struct iov_symbol *y = &r->obj->symbols[i];

		if (y->section && y->section < r->obj->section_count && !strcmp(y->name, bpf_program__name(prog)) &&
		    !strcmp(r->obj->sections[y->section].name, bpf_program__section_name(prog)))
			return (struct place){bpf_program__section_name(prog), (uint32_t)(y->value / 8),
					      (uint32_t)(y->size / 8)};
	}
	return none;
}

/* A record puts the id of one of the object's own types into slot `i` of the program. Behind the program's own function
 * libbpf places those that it calls: there, the id alone must do. */
static bool is_local_id(const struct records *r, const struct place *at, size_t slot, int32_t id)
{
	const struct iov_btf_ext *ext = r->obj ? r->obj->btf_ext : NULL;

	for (uint32_t i = 0; ext && i < ext->count; i++)
		for (uint32_t j = 0; j < ext->sections[i].core_count; j++) {
			const struct iov_btf_core *core = &ext->sections[i].cores[j];

			if (core->kind != CORE_TYPE_LOCAL || core->type != (uint32_t)id)
				continue;
			if (slot >= at->count ||
			    (core->insn == at->start + slot && !strcmp(ext->sections[i].name, at->section)))
				return true;
		}
	return false;
}

static uint64_t add_type(uint64_t h, const struct records *r, int32_t id)
{
	struct iov_buf text = {0};

	btf_declare(r->obj->btf, (uint32_t)id, "", &text);
	h = add(h, text.data, text.len);
	buf_free(&text);
	return h;
}

static uint64_t digest(struct bpf_object *obj, const struct bpf_program *prog, const struct records *r)
{
	const struct bpf_insn *insns = bpf_program__insns(prog);
	struct place place = place_of(r, prog);
	size_t count = bpf_program__insn_cnt(prog);
	uint64_t h = 0xcbf29ce484222325;

	for (size_t i = 0; i < count; i++) {
		struct bpf_insn insn = insns[i];

		if (insn.code == (BPF_LD | BPF_IMM | BPF_DW) && i + 1 < count &&
		    (insn.src_reg == BPF_PSEUDO_MAP_FD || insn.src_reg == BPF_PSEUDO_MAP_VALUE)) {
			const char *name = map_name(obj, insn.imm);

			h = add(h, name, strlen(name));
			insn.imm = 0;
			h = add(h, &insn, sizeof(insn));
			i++;
			continue;
		}
		if (!insn.src_reg && (insn.code == (BPF_LD | BPF_IMM | BPF_DW) || insn.code == (BPF_ALU64 | BPF_MOV) ||
		     insn.code == (BPF_ALU | BPF_MOV)) &&
		    is_local_id(r, &place, i, insn.imm)) {
			h = add_type(h, r, insn.imm);
			insn.imm = 0;
		}
		h = add(h, &insn, sizeof(insn));
	}
	return h;
}

/* Object `path` with one program of it, by its number, or -1: with none. False: there is no such program. */
static bool load_one(const char *path, int number, const struct records *records)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "o");
	struct bpf_object *obj = bpf_object__open_file(path, &options);
	struct bpf_program *prog, *chosen = NULL;
	struct bpf_map *map;
	int i = 0, err = obj ? 0 : -errno;

	if (obj) {
		bpf_object__for_each_program(prog, obj) {
			bpf_program__set_autoload(prog, i == number);
			if (i++ == number)
				chosen = prog;
		}
		bpf_object__for_each_map(map, obj)
			bpf_map__set_pin_path(map, NULL);
	}
	if (chosen || number < 0) {
		types_refused = false;
		if (!err)
			err = bpf_object__load(obj);
		printf("%s %s ", path, chosen ? bpf_program__name(chosen) : "-");
		if (err)
			printf("refused %s\n", strerror(-err));
		else if (!chosen && types_refused)
			printf("loaded without types\n");
		else
			printf("loaded %016" PRIx64 "\n", chosen ? digest(obj, chosen, records) : 0);
	}
	bpf_object__close(obj);
	return chosen || (number < 0 && !err);
}

int main(int argc, char **argv)
{
	struct records records;

	libbpf_set_print(listen);
	for (int i = 1; i < argc; i++) {
		records_read(&records, argv[i]);
		for (int number = -1; load_one(argv[i], number, &records); number++)
			;
		records_free(&records);
	}
	return 0;
}
