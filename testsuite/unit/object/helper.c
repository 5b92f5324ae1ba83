/* SPDX-License-Identifier: Apache-2.0 */
#include "testsuite/unit/object/helper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char prelude[] =
	"typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long "
	"u64;\n"
	"#define SEC(n) __attribute__((section(n), used))\n"
	"#define __uint(name, val) int (*name)[val]\n"
	"#define __type(name, val) typeof(val) *name\n"
	"#define __array(name, val) typeof(val) *name[]\n"
	"#define __kconfig __attribute__((section(\".kconfig\")))\n"
	"#define __ksym __attribute__((section(\".ksyms\")))\n"
	"#define __weak __attribute__((weak))\n"
	"#define __noinline __attribute__((noinline))\n"
	"#define __core __attribute__((preserve_access_index))\n"
	"struct xdp_md { u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex; };\n"
	"static void *(*const lookup)(void *map, const void *key) = (void *)1;\n"
	"static long (*const probe_read)(void *to, u32 size, const void *from) = (void *)113;\n"
	"char _license[] SEC(\"license\") = \"GPL\";\n";

static void slurp(struct fixture *f, const char *path)
{
	FILE *in = fopen(path, "rb");
	long size;

	cr_assert(in, "clang-19 wrote nothing");
	fseek(in, 0, SEEK_END);
	size = ftell(in);
	rewind(in);
	f->bytes = malloc((size_t)size);
	f->len = fread(f->bytes, 1, (size_t)size, in);
	fclose(in);
}

static void write_text(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	cr_assert(out);
	fputs(text, out);
	fclose(out);
}

void compile(struct fixture *f, const char *source, const char *flags)
{
	char dir[] = "/tmp/iov-object-XXXXXX", c[64], h[64], o[64], command[512];
	int status;

	cr_assert(mkdtemp(dir));
	snprintf(c, sizeof(c), "%s/t.c", dir);
	snprintf(o, sizeof(o), "%s/t.o", dir);
	snprintf(h, sizeof(h), "%s/t.h", dir);
	write_text(c, source);
	write_text(h, prelude);
	snprintf(command, sizeof(command), "cd %s && clang-19 -w %s %s -include t.h -c t.c -o t.o", dir,
		 strstr(flags, "-target") ? "" : "-target bpfel", flags);
	status = system(command);
	cr_assert_eq(status, 0, "%d %s", status, command);
	*f = (struct fixture){0};
	slurp(f, o);
	unlink(c);
	unlink(h);
	unlink(o);
	rmdir(dir);
}

static void read_fixture(struct fixture *f)
{
	arena_init(&f->arena, NULL);
	sink_init(&f->sink, NULL);
	f->status = object_read(f->bytes, f->len, "t.o", &f->arena, &f->sink, &f->obj);
}

void load(struct fixture *f, const char *source, const char *flags)
{
	compile(f, source, flags);
	read_fixture(f);
	cr_assert_eq(f->status, IOV_OK, "%s: %s", first_code(f), first_message(f));
}

void read_bytes(struct fixture *f, const void *bytes, size_t len)
{
	*f = (struct fixture){.len = len, .bytes = malloc(len ? len : 1)};
	if (len)
		memcpy(f->bytes, bytes, len);
	read_fixture(f);
}

bool is_object(const char *name)
{
	size_t len = strlen(name);

	return len > 2 && !strcmp(name + len - 2, ".o");
}

void read_object(struct fixture *f, const char *dir, const char *name)
{
	static char bytes[32 << 20];
	char path[600];
	FILE *in;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	in = fopen(path, "rb");
	cr_assert(in, "%s", path);
	len = fread(bytes, 1, sizeof(bytes), in);
	fclose(in);
	read_bytes(f, bytes, len);
}

void drop(struct fixture *f)
{
	if (f->obj)
		object_close(f->obj);
	arena_free(&f->arena);
	sink_free(&f->sink);
	free(f->bytes);
}

const struct iov_object_prog *find_prog(const struct fixture *f, const char *name, uint32_t *index)
{
	for (uint32_t i = 0; i < f->obj->prog_count; i++)
		if (!strcmp(f->obj->progs[i].name, name)) {
			if (index)
				*index = i;
			return &f->obj->progs[i];
		}
	return NULL;
}

struct iov_prog *make_prog(struct fixture *f, const char *name)
{
	struct iov_prog *prog = NULL;
	uint32_t index;

	cr_assert(find_prog(f, name, &index), "no program %s", name);
	f->status = object_prog(f->obj, index, NULL, &f->arena, &f->sink, &prog);
	cr_assert_eq(f->status, IOV_OK, "%s: %s", first_code(f), first_message(f));
	return prog;
}

const struct iov_map_def *find_map(const struct fixture *f, const char *name)
{
	for (uint32_t i = 0; i < f->obj->map_count; i++)
		if (!strcmp(f->obj->maps[i]->name, name))
			return f->obj->maps[i];
	return NULL;
}

const char *first_code(const struct fixture *f) { return f->sink.first ? diag_code(f->sink.first->id) : ""; }
const char *first_message(const struct fixture *f) { return f->sink.first ? f->sink.first->message : ""; }
