/* SPDX-License-Identifier: Apache-2.0 */
/* What libbpf sees in an object, and what we see: maps with all their numbers, programs with their types. The objects:
 * small ones made here, and every *.o in $IOV_OBJECTS when that names a folder. */
#include "testsuite/unit/object/helper.h"

#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int quiet(enum libbpf_print_level level, const char *fmt, va_list args)
{
	(void)level, (void)fmt, (void)args;
	return 0;
}

/* ".rodata" is "object.rodata" there, cut to 15 characters, except for sections with names of their own. */
static bool same_name(const struct iov_map_def *ours, const char *theirs)
{
	size_t len = strlen(theirs), n = strlen(ours->name);

	if (ours->origin == IOV_MAP_USER || !strcmp(ours->name, theirs))
		return !strcmp(ours->name, theirs);
	return strchr(theirs, '.') && (len >= n ? !strcmp(theirs + len - n, ours->name) : true);
}

static const char *compare_maps(const struct iov_object *obj, struct bpf_object *lib, char *where, size_t room)
{
	struct bpf_map *map;
	uint32_t i = 0;

	bpf_object__for_each_map(map, lib) {
		const struct iov_map_def *m = i < obj->map_count ? obj->maps[i] : NULL;
		const struct bpf_map *inner = bpf_map__inner_map(map);

		if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS)
			continue;
		snprintf(where, room, "map %s (ours: %s)", bpf_map__name(map), m ? m->name : "none");
		if (!m || !same_name(m, bpf_map__name(map)))
			return "is not there";
		if (m->type != bpf_map__type(map) || m->key_size != bpf_map__key_size(map) ||
		    m->max_entries != bpf_map__max_entries(map))
			return "differs in type, key or entries";
		if (m->value_size != bpf_map__value_size(map) && !m->inner)
			return "differs in its value";
		if (m->flags != bpf_map__map_flags(map) || m->numa_node != bpf_map__numa_node(map) ||
		    m->extra != bpf_map__map_extra(map))
			return "differs in flags, node or extra";
		if (m->origin == IOV_MAP_USER && !m->inner &&
		    (m->key_btf != bpf_map__btf_key_type_id(map) || m->value_btf != bpf_map__btf_value_type_id(map)))
			return "differs in its types";
		if (!m->inner != !inner || (inner && (m->inner->type != bpf_map__type(inner) ||
						      m->inner->value_size != bpf_map__value_size(inner) ||
						      m->inner->max_entries != bpf_map__max_entries(inner))))
			return "differs in its inner map";
		i++;
	}
	snprintf(where, room, "maps");
	return i == obj->map_count ? NULL : "ours are more";
}

static const char *compare_progs(const struct iov_object *obj, struct bpf_object *lib, char *where, size_t room)
{
	struct bpf_program *prog;
	uint32_t n = 0;

	bpf_object__for_each_program(prog, lib) {
		const struct iov_object_prog *p = NULL;

		n++;
		snprintf(where, room, "program %s", bpf_program__name(prog));
		for (uint32_t i = 0; i < obj->prog_count; i++)
			if (!strcmp(obj->progs[i].name, bpf_program__name(prog)) &&
			    !strcmp(obj->progs[i].section + (*obj->progs[i].section == '?'),
				    bpf_program__section_name(prog)))
				p = &obj->progs[i];
		if (!p || (p->size / 8 != bpf_program__insn_cnt(prog)))
			return "is not there";
		/* We take "classifier/name", which libbpf 1.x leaves without a type. */
		if (bpf_program__type(prog) && p->type != bpf_program__type(prog))
			return p->type ? "differs in its type" : "has a section name that the catalogue lacks";
		if (p->autoload != bpf_program__autoload(prog))
			return "differs in autoload";
	}
	snprintf(where, room, "programs");
	if (!n) /* functions in .text alone: libbpf sees none of several, we take each as a program without a type */
		return NULL;
	return n == obj->prog_count ? NULL : "ours are more";
}

/* Empty: libbpf cannot open it either. */
static const char *compare(struct fixture *f, char *where, size_t room)
{
	struct bpf_object *lib;
	const char *wrong;

	libbpf_set_print(quiet);
	lib = bpf_object__open_mem(f->bytes, f->len, NULL);
	if (!lib)
		return "";
	if (f->status) {
		snprintf(where, room, "reading: %s", first_message(f));
		wrong = "fails, libbpf opens it";
	} else {
		wrong = compare_maps(f->obj, lib, where, room);
		if (!wrong)
			wrong = compare_progs(f->obj, lib, where, room);
	}
	bpf_object__close(lib);
	return wrong;
}

static const char *const sources[] = {
	"struct v { u32 a; u64 b; };\n"
	"struct { __uint(type, 1); __type(key, u32); __type(value, struct v); __uint(max_entries, 16); "
	"__uint(map_flags, 1); } h "
	"SEC(\".maps\");\n"
	"struct { __uint(type, 27); __uint(max_entries, 4096); } ring SEC(\".maps\");\n"
	"struct { __uint(type, 30); __uint(max_entries, 8); __uint(map_extra, 3); __type(value, u32); } bloom "
	"SEC(\".maps\");\n"
	"struct { __uint(type, 4); __uint(key_size, 4); __uint(value_size, 4); } perf SEC(\".maps\");\n"
	"struct inner { __uint(type, 2); __uint(max_entries, 4); __type(key, u32); __type(value, u64); } in1 "
	"SEC(\".maps\");\n"
	"struct { __uint(type, 13); __uint(max_entries, 4); __type(key, u32); __array(values, struct inner); } outer "
	"SEC(\".maps\") = {.values = {[2] = &in1}};\n"
	"struct { __uint(type, 3); __uint(max_entries, 3); __uint(key_size, 4); __array(values, int(void *)); } jump "
	"SEC(\".maps\");\n"
	"__attribute__((visibility(\"hidden\"))) int mine SEC(\".bss.own\");\n"
	"int g = 1, z; static int s; const volatile u64 ro = 5; int custom SEC(\".data.own\") = 3; const int c2 "
	"SEC(\".rodata.x\") = 1;\n"
	"extern int LINUX_KERNEL_VERSION __kconfig; extern int CONFIG_HZ __kconfig; extern _Bool CONFIG_BPF __kconfig "
	"__weak;\n"
	"extern char CONFIG_NAME[16] __kconfig __weak;\n"
	"static __noinline int sub(int x) { return x + s++ + custom; }\n"
	"SEC(\"xdp\") int one(void *ctx) { return sub(g + z + ro) + LINUX_KERNEL_VERSION + CONFIG_HZ + CONFIG_BPF + "
	"CONFIG_NAME[1]; }\n"
	"SEC(\"tc\") int two(void *ctx) { return 0; }\nSEC(\"?classifier/x\") int three(void *ctx) { return c2; }\n"
	"SEC(\"socket\") int four(void *ctx) { return 0; }\nSEC(\"cgroup_skb/egress\") int five(void *ctx) { return 1; "
	"}\n"
	"SEC(\"kprobe/do_nanosleep\") int six(void *ctx) { return 0; }\nSEC(\"flow_dissector\") int seven(void *ctx) { "
	"return 0; }\n"
	"SEC(\"lwt_in\") int eight(void *ctx) { return 0; }\nSEC(\"sk_skb/stream_parser\") int nine(void *ctx) { "
	"return 0; }\n",
	"SEC(\"xdp\") int prog(void *ctx) { return 2; }\n",
	"int only(void *ctx) { return 2; }\n",
};

Test(libbpf, small_objects)
{
	static const char *const flags[] = {"-O2 -g", "-O2 -g -mcpu=v4", "-O0 -g"};

	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++)
		for (size_t j = 0; j < sizeof(flags) / sizeof(*flags); j++) {
			struct fixture f;
			char where[300] = "";
			const char *wrong;

			load(&f, sources[i], flags[j]);
			wrong = compare(&f, where, sizeof(where));
			cr_assert(!wrong, "source %zu %s: %s %s", i, flags[j], where,
				  wrong ? *wrong ? wrong : "libbpf cannot open it" : "");
			drop(&f);
		}
}

Test(libbpf, objects_of_a_folder)
{
	const char *dir = getenv("IOV_OBJECTS");
	DIR *d = dir ? opendir(dir) : NULL;
	uint32_t wrong_count = 0, count = 0, unopened = 0;
	struct iov_buf report = {0};
	struct dirent *e;

	if (!d)
		cr_skip_test("IOV_OBJECTS names no folder of objects");
	while ((e = readdir(d))) {
		struct fixture f;
		char where[300] = "";
		const char *wrong;

		if (!is_object(e->d_name))
			continue;
		read_object(&f, dir, e->d_name);
		wrong = compare(&f, where, sizeof(where));
		count++;
		unopened += wrong && !*wrong;
		wrong_count += wrong && *wrong;
		if (wrong && *wrong)
			buf_printf(&report, "%s: %s %s\n", e->d_name, where, wrong);
		drop(&f);
	}
	closedir(d);
	buf_printf(&report, "%u objects, %u that libbpf cannot open, %u differ\n", count, unopened, wrong_count);
	cr_assert_eq(wrong_count, 0, "%s", buf_cstr(&report));
	buf_free(&report);
}
