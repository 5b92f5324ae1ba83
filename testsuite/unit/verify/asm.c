/* SPDX-License-Identifier: Apache-2.0 */
/* See asm.h. */
#include "testsuite/unit/verify/asm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LABELS = 256, MAX_MAPS = 16, MAX_SUBS = 32, MAX_EXTERNS = 16 };

struct label {
	char name[32];
	uint32_t at;
};

struct fixup {
	char name[32];
	uint32_t at;
	bool call;
};

struct text {
	struct iov_arena *arena;
	struct iov_prog *prog;
	struct iov_insn *insns;   /* two for each line at most */
	struct fixup *fixups;     /* one for each line at most */
	struct label labels[MAX_LABELS];
	uint32_t count, label_count, fixup_count;
	struct iov_map_def *maps[MAX_MAPS];
	struct iov_subprog subs[MAX_SUBS];
	struct iov_extern externs[MAX_EXTERNS];
	const char *error;
	int64_t mark;
};

struct iov_platform *test_platform(struct iov_arena *arena)
{
	struct iov_platform *p = ARENA_NEW(arena, struct iov_platform);
	const struct iov_helper **helpers = arena_array(arena, 512, sizeof(*helpers));
	const struct iov_prog_type **types = arena_array(arena, 64, sizeof(*types));
	const struct iov_map_type **maps = arena_array(arena, 64, sizeof(*maps));
	const struct iov_helper **kfuncs = arena_array(arena, catalogue_kfunc_count(), sizeof(*kfuncs));

	p->name = "test";
	p->cpu = 4;
	p->rules = UINT32_MAX & ~(uint32_t)(IOV_RULE_STRICT_ALIGNMENT | IOV_RULE_STACK_WHOLE | IOV_RULE_UNINIT_TO_MAPS |
					    IOV_RULE_POINTERS_IN_MAPS);
	p->max_insns = 1000000;
	p->max_processed = 1000000;
	p->max_stack = 512;
	p->max_frames = 8;
	for (uint32_t i = 0; i < 512; i++)
		if (catalogue_helper(i))
			helpers[p->helper_count++] = catalogue_helper(i);
	for (uint32_t i = 0; i < 64; i++) {
		if (catalogue_prog_type(i))
			types[p->prog_type_count++] = catalogue_prog_type(i);
		if (catalogue_map_type(i))
			maps[p->map_type_count++] = catalogue_map_type(i);
	}
	for (size_t i = 0; catalogue_kfunc_at(i); i++)
		kfuncs[p->kfunc_count++] = catalogue_kfunc_at(i);
	p->kfuncs = kfuncs;
	p->helpers = helpers;
	p->prog_types = types;
	p->map_types = maps;
	return p;
}

static void fail(struct text *t, const char *line, const char *why)
{
	if (!t->error)
		t->error = arena_printf(t->arena, "%s: `%s`", why, line);
}

static int find_map(const struct text *t, const char *name)
{
	for (uint32_t i = 0; i < t->prog->map_count; i++)
		if (!strcmp(t->maps[i]->name, name))
			return (int)i;
	return -1;
}

static void add_map(struct text *t, char *line)
{
	struct iov_map_def *m = ARENA_NEW(t->arena, struct iov_map_def);
	char name[32], type[32], flag[32] = "";
	unsigned key, value, max;

	if (sscanf(line, ".map %31s %31s %u %u %u %31s", name, type, &key, &value, &max, flag) < 5 ||
	    !catalogue_map_type_by_name(type) || t->prog->map_count == MAX_MAPS) {
		fail(t, line, "bad map");
		return;
	}
	m->name = arena_strdup(t->arena, name);
	m->type = catalogue_map_type_by_name(type)->id;
	m->key_size = key;
	m->value_size = value;
	m->max_entries = max;
	if (!strcmp(flag, "readonly"))
		m->flags = 1 << 7;
	if (!strcmp(flag, "writeonly"))
		m->flags = 1 << 8;
	if (!strcmp(flag, "lock")) {
		struct iov_field *f = ARENA_NEW(t->arena, struct iov_field);

		*f = (struct iov_field){.kind = IOV_FIELD_SPIN_LOCK, .size = 4};
		m->fields = (struct iov_fields){.all = f, .count = 1};
	}
	if (!strcmp(flag, "rodata")) {
		uint8_t *init = arena_alloc(t->arena, value);

		m->origin = IOV_MAP_RODATA;
		for (unsigned i = 0; i < value; i++)
			init[i] = (uint8_t)i;
		m->init = init;
	}
	t->maps[t->prog->map_count++] = m;
}

static void directive(struct text *t, char *line)
{
	char a[32] = "", b[32] = "";

	sscanf(line, "%*s %31s %31s", a, b);
	if (!strncmp(line, ".map ", 5)) {
		add_map(t, line);
	} else if (!strncmp(line, ".inner ", 7) && find_map(t, a) >= 0) {
		t->maps[find_map(t, a)]->inner = t->maps[t->prog->map_count - 1];
	} else if (!strncmp(line, ".func ", 6)) {
		struct iov_subprog *s = &t->subs[t->prog->sub_count++];

		s->name = arena_strdup(t->arena, a);
		s->start = t->count;
		s->global = s->has_proto = !strncmp(b, "global", 6);
		s->is_void = !strcmp(b, "void");
		for (const char *p = strchr(b, ':'); p && p[1];
		     p++) { /* global:scm = scalar, context, 16 bytes or NULL */
			struct iov_param *q = &s->params[s->param_count];

			q->name = "arg";
			q->kind = p[1] == 's'   ? IOV_PARAM_SCALAR
				  : p[1] == 'c' ? IOV_PARAM_CTX
				  : p[1] == 'm' ? IOV_PARAM_MEM
						: IOV_PARAM_MEM_NONNULL;
			q->size = 16;
			s->param_count++;
		}
	} else if (!strncmp(line, ".type ", 6) && catalogue_prog_type_by_name(a)) {
		t->prog->type = catalogue_prog_type_by_name(a)->id;
	} else if (!strncmp(line, ".attach ", 8)) {
		t->prog->attach_type = (uint32_t)atoi(a);
	} else if (!strncmp(line, ".raw ", 5)) {
		unsigned code, dst, src;
		int off, imm;

		if (sscanf(line, ".raw %i %u %u %d %d", (int *)&code, &dst, &src, &off, &imm) != 5)
			fail(t, line, "bad .raw");
		else
			t->insns[t->count++] = (struct iov_insn){.code = (uint8_t)code,
								 .dst = (uint8_t)dst,
								 .src = (uint8_t)src,
								 .off = (int16_t)off,
								 .imm = imm};
	} else if (!strncmp(line, ".exception ", 11)) {
		t->prog->exception_name = arena_strdup(t->arena, a);
		t->prog->exception_tags++;
	} else if (!strncmp(line, ".license ", 9)) {
		t->prog->license = arena_strdup(t->arena, a);
		t->prog->gpl = prog_license_is_gpl(t->prog->license);
	} else {
		fail(t, line, "bad directive");
	}
}

static void want(struct text *t, const char *name, bool call)
{
	struct fixup *f = &t->fixups[t->fixup_count++];

	snprintf(f->name, sizeof(f->name), "%s", name);
	f->at = t->count;
	f->call = call;
}

/* Replace a label at the end of the line by a number, to be mended later. */
static void take_label(struct text *t, char *line, const char *word, const char *stand_in)
{
	char *p = strstr(line, word), name[32];

	if (!p || sscanf(p + strlen(word), "%31s", name) != 1 || strchr("+-0123456789", name[0]))
		return;
	want(t, name, !strcmp(word, "call "));
	strcpy(p + strlen(word), stand_in);
}

static int32_t take_extern(struct text *t, const char *name, bool weak)
{
	uint32_t n = t->prog->extern_count;

	for (uint32_t i = 0; i < n; i++)
		if (!strcmp(t->externs[i].name, name))
			return (int32_t)i;
	if (n == MAX_EXTERNS)
		return -1;
	t->externs[n] = (struct iov_extern){.name = arena_strdup(t->arena, name), .is_func = true, .weak = weak};
	t->prog->extern_count++;
	return (int32_t)n;
}

static void instruction(struct text *t, char *line)
{
	struct iov_isa_parse parsed;
	unsigned reg, off;
	char name[32], copy[160];

	if (sscanf(line, "r%u = map %31s", &reg, name) == 2) {
		t->insns[t->count++] =
			(struct iov_insn){.code = 0x18, .dst = (uint8_t)reg, .src = 1, .imm = find_map(t, name)};
		t->insns[t->count++] = (struct iov_insn){0};
		return;
	}
	if (sscanf(line, "r%u = value %31s %u", &reg, name, &off) == 3) {
		t->insns[t->count++] =
			(struct iov_insn){.code = 0x18, .dst = (uint8_t)reg, .src = 2, .imm = find_map(t, name)};
		t->insns[t->count++] = (struct iov_insn){.imm = (int32_t)off};
		return;
	}
	if (sscanf(line, "r%u = func %31s", &reg, name) == 2) {
		want(t, name, true);
		t->insns[t->count++] = (struct iov_insn){.code = 0x18, .dst = (uint8_t)reg, .src = 4};
		t->insns[t->count++] = (struct iov_insn){0};
		return;
	}
	if (sscanf(line, "r%u = ksym %31s", &reg, name) == 2) {
		t->insns[t->count++] = (struct iov_insn){.code = 0x18,
							 .dst = (uint8_t)reg,
							 .src = 3,
							 .imm = take_extern(t, name, strstr(line, " weak"))};
		t->insns[t->count++] = (struct iov_insn){0};
		return;
	}
	if (!strncmp(line, "call bpf_", 9) && !catalogue_helper_by_name(line + 9)) {
		t->insns[t->count++] =
			(struct iov_insn){.code = 0x85, .src = 2, .imm = take_extern(t, line + 5, false)};
		return;
	}
	snprintf(copy, sizeof(copy), "%.120s", line);
	take_label(t, copy, "goto ", "+0");
	if (!strncmp(copy, "call bpf_", 9)) {
		snprintf(copy, sizeof(copy), "call %u", catalogue_helper_by_name(copy + 9)->id);
	} else if (!strncmp(copy, "call ", 5)) {
		take_label(t, copy, "call ", "pc+0");
	}
	parsed = isa_parse(copy, IOV_DIALECT_KERNEL, &t->insns[t->count]);
	if (!parsed.ok)
		fail(t, line, parsed.error);
	t->count += parsed.ok ? parsed.slots : 0;
}

static void one_line(struct text *t, char *line)
{
	size_t n;

	line += strspn(line, " \t");
	if (*line == '!') {
		t->mark = t->count;
		line += 1 + strspn(line + 1, " \t");
	}
	line[strcspn(line, ";\n")] = 0;
	n = strlen(line);
	while (n && (line[n - 1] == ' ' || line[n - 1] == '\t'))
		line[--n] = 0;
	if (!n)
		return;
	if (*line == '.') {
		directive(t, line);
	} else if (line[n - 1] == ':') {
		struct label *l = &t->labels[t->label_count++];

		line[n - 1] = 0;
		snprintf(l->name, sizeof(l->name), "%.31s", line);
		l->at = t->count;
	} else {
		instruction(t, line);
	}
}

static void mend(struct text *t, const struct fixup *f)
{
	for (uint32_t i = 0; i < t->label_count && !f->call; i++)
		if (!strcmp(t->labels[i].name, f->name)) {
			t->insns[f->at].off = (int16_t)(t->labels[i].at - f->at - 1);
			return;
		}
	for (uint32_t i = 0; i < t->prog->sub_count && f->call; i++)
		if (!strcmp(t->subs[i].name, f->name)) {
			t->insns[f->at].imm = (int32_t)(t->subs[i].start - f->at - 1);
			return;
		}
	fail(t, f->name, "no such label");
}

static struct iov_prog *finish(struct text *t)
{
	struct iov_prog *p = t->prog;

	for (uint32_t i = 0; i < t->fixup_count; i++)
		mend(t, &t->fixups[i]);
	p->count = t->count;
	p->insns = arena_copy(t->arena, t->insns, t->count * sizeof(t->insns[0]));
	p->maps = arena_copy(t->arena, t->maps, p->map_count * sizeof(t->maps[0]));
	for (uint32_t i = 0; i < p->sub_count; i++)
		t->subs[i].count = (i + 1 < p->sub_count ? t->subs[i + 1].start : t->count) - t->subs[i].start;
	for (uint32_t i = 1; p->exception_name && i < p->sub_count; i++)
		if (!strcmp(t->subs[i].name, p->exception_name))
			p->exception_sub = i;
	p->subs = arena_copy(t->arena, t->subs, p->sub_count * sizeof(t->subs[0]));
	p->externs = arena_copy(t->arena, t->externs, MAX_EXTERNS * sizeof(t->externs[0]));
	return p;
}

struct iov_prog *test_assemble(struct iov_arena *arena, const char *text, const char **error)
{
	return test_assemble_marked(arena, text, error, &(int64_t){0});
}

struct iov_prog *test_assemble_marked(struct iov_arena *arena, const char *text, const char **error, int64_t *mark)
{
	struct text *t = ARENA_NEW(arena, struct text);
	char *copy = arena_strdup(arena, text), *save, *line;
	size_t lines = 1;

	for (const char *p = text; *p; p++)
		lines += *p == '\n';
	t->insns = arena_array(arena, 2 * lines, sizeof(*t->insns));
	t->fixups = arena_array(arena, lines, sizeof(*t->fixups));
	t->arena = arena;
	t->mark = -1;
	t->prog = ARENA_NEW(arena, struct iov_prog);
	t->prog->name = "test";
	t->prog->section = "xdp";
	t->prog->license = "GPL";
	t->prog->gpl = true;
	t->prog->type = catalogue_prog_type_by_name("xdp")->id;
	t->subs[0].name = "main";
	t->prog->sub_count = 1;
	for (line = strtok_r(copy, "\n", &save); line && !t->error; line = strtok_r(NULL, "\n", &save))
		one_line(t, line);
	finish(t);
	*error = t->error;
	*mark = t->mark;
	return t->error ? NULL : t->prog;
}
