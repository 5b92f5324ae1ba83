/* SPDX-License-Identifier: Apache-2.0 */
/* Two judges of real programs: the live kernel through libbpf, one program of an object at a time, and our verifier
 * for linux-6.18 with the running kernel's types. One JSON object a line for each program of a networking type; each
 * object in a child process, so that a crash costs one object and is seen.
 *     corpus [--platform NAME] [--ours] [--as TYPE] OBJECT...
 *     corpus --kernel OBJECT...
 * --kernel: the kernel alone, and programs of all types: a line for the whole object as its loader would load it
 * (program "*"); where that fails, and for what is not loaded by itself (SEC("?…")), a line for each program.
 * --as: programs of tracing types, too, as if they were of the type TYPE; what they do with dynptrs, iterators, timers
 * and locks is the same there. */
#include "asm/base/output.h"
#include "asm/base/text.h"
#include "backend/verify/verify.h"
#include "linker/object/object.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOG_SIZE = 1 << 24, RUNS = 3 };

struct counted {
	struct iov_alloc alloc;
	size_t now, peak; /* bytes */
};

struct judge {
	const struct iov_platform *platform;
	const struct iov_btf *kernel_types;
	bool ours_only, kernel_only;
	uint32_t as;
	const char *path;
	char *log;
	struct iov_buf out;
};

/* libbpf has one print function for the process and no argument for it. */
static char last_warning[512];

static int remember(enum libbpf_print_level level, const char *format, va_list args)
{
	char line[512];

	vsnprintf(line, sizeof(line), format, args);
	if (level == LIBBPF_WARN && !strstr(line, "BEGIN PROG LOAD LOG") && !last_warning[0])
		memcpy(last_warning, line, sizeof(line));
	return 0;
}

static void *count_resize(void *ud, void *ptr, size_t old, size_t size)
{
	struct counted *c = ud;
	void *p = size ? realloc(ptr, size) : NULL;

	if (!size)
		free(ptr);
	if (!size || p)
		c->now += size - old;
	if (c->now > c->peak)
		c->peak = c->now;
	return p;
}

static bool is_networking(uint32_t type)
{
	switch (type) {
	case BPF_PROG_TYPE_SOCKET_FILTER: case BPF_PROG_TYPE_SCHED_CLS: case BPF_PROG_TYPE_SCHED_ACT:
	case BPF_PROG_TYPE_XDP: case BPF_PROG_TYPE_CGROUP_SKB: case BPF_PROG_TYPE_CGROUP_SOCK:
	case BPF_PROG_TYPE_LWT_IN: case BPF_PROG_TYPE_LWT_OUT: case BPF_PROG_TYPE_LWT_XMIT:
	case BPF_PROG_TYPE_LWT_SEG6LOCAL: case BPF_PROG_TYPE_SOCK_OPS: case BPF_PROG_TYPE_SK_SKB:
	case BPF_PROG_TYPE_SK_MSG: case BPF_PROG_TYPE_CGROUP_SOCK_ADDR: case BPF_PROG_TYPE_SK_REUSEPORT:
	case BPF_PROG_TYPE_FLOW_DISSECTOR: case BPF_PROG_TYPE_CGROUP_SOCKOPT: case BPF_PROG_TYPE_SK_LOOKUP:
	case 32: /* netfilter */
		return true;
	default: return false;
	}
}

/* The type that a program is judged as; 0: not at all. */
static uint32_t judged_as(const struct judge *j, uint32_t type)
{
	switch (type) {
	case BPF_PROG_TYPE_KPROBE: case BPF_PROG_TYPE_TRACEPOINT: case BPF_PROG_TYPE_RAW_TRACEPOINT:
	case BPF_PROG_TYPE_PERF_EVENT: case BPF_PROG_TYPE_SYSCALL:
		return j->as;
	default: return is_networking(type) ? type : 0;
	}
}

static void put_string(struct iov_buf *out, const char *name, const char *value)
{
	buf_printf(out, ",\"%s\":", name);
	text_json(out, value ? value : "");
}

static void put_number(struct iov_buf *out, const char *name, uint64_t value)
{
	buf_printf(out, ",\"%s\":%" PRIu64, name, value);
}

static uint64_t number_after(const char *log, const char *words)
{
	const char *p = strstr(log, words);

	return p ? strtoull(p + strlen(words), NULL, 10) : 0;
}

/* The last line of the log before its statistics. */
static const char *last_words(char *log)
{
	char *stats = strstr(log, "verification time "), *p;

	if (stats)
		*stats = 0;
	while ((p = strrchr(log, '\n')) && !p[1])
		*p = 0;
	p = strrchr(log, '\n');
	return p ? p + 1 : log;
}

static bool needs_entries(uint32_t map_type)
{
	switch (map_type) {
	case BPF_MAP_TYPE_SK_STORAGE: case BPF_MAP_TYPE_CGROUP_STORAGE: case BPF_MAP_TYPE_INODE_STORAGE:
	case BPF_MAP_TYPE_TASK_STORAGE: case BPF_MAP_TYPE_STRUCT_OPS:
	case 21: /* cgroup storage, percpu */
	case 32: /* cgrp storage */
		return false;
	default: return true;
	}
}

/* A section that this libbpf does not know has no type yet; a map whose size is set by its loader gets one entry. */
static void complete(struct bpf_object *object, const struct iov_object *ours)
{
	struct bpf_program *prog;
	struct bpf_map *map;

	bpf_object__for_each_program(prog, object) {
		for (uint32_t i = 0; ours && i < ours->prog_count; i++) {
			const struct iov_object_prog *p = &ours->progs[i];

			if (bpf_program__type(prog) || strcmp(p->name, bpf_program__name(prog)))
				continue;
			bpf_program__set_type(prog, (enum bpf_prog_type)p->type);
			bpf_program__set_expected_attach_type(prog, (enum bpf_attach_type)p->attach_type);
		}
	}
	bpf_object__for_each_map(map, object) {
		bpf_map__set_pin_path(map, NULL); /* nothing of this stays in the machine */
		if (!bpf_map__max_entries(map) && needs_entries(bpf_map__type(map)))
			bpf_map__set_max_entries(map, bpf_map__type(map) == BPF_MAP_TYPE_RINGBUF ? 4096 : 1);
	}
}

static struct bpf_object *open_for_kernel(struct judge *j, const struct iov_object *ours)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .kernel_log_buf = j->log, .kernel_log_size = LOG_SIZE,
		    .kernel_log_level = 4);
	struct bpf_object *object;

	last_warning[0] = 0;
	object = bpf_object__open_file(j->path, &opts);
	if (object)
		complete(object, ours);
	return object;
}

static void load_none(struct bpf_object *object)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, object) bpf_program__set_autoload(prog, false);
}

/* accept, reject, or none: it never came to the verifier. Without words of the verifier's, what failed came after it (a
 * program array whose programs are not loaded). */
static bool ask_kernel_once(struct judge *j, const struct iov_object *ours, const char *name)
{
	struct bpf_object *object = open_for_kernel(j, ours);
	struct bpf_program *prog = object ? bpf_object__find_program_by_name(object, name) : NULL;
	int error = -1;

	j->log[0] = 0;
	if (prog) {
		load_none(object);
		last_warning[0] = 0; /* else what was said of the object stands */
		if (j->as && !is_networking(bpf_program__type(prog))) {
			bpf_program__set_type(prog, j->as);
			bpf_program__set_expected_attach_type(prog, 0);
			bpf_program__set_flags(prog, 0);
		}
		bpf_program__set_autoload(prog, true);
		error = bpf_object__load(object);
	}
	bpf_object__close(object);
	return !error;
}

static void ask_kernel(struct judge *j, const struct iov_object *ours, const char *name)
{
	uint64_t best = UINT64_MAX;
	bool error = true;

	for (int i = 0; i < (j->kernel_only ? 1 : RUNS) && (!i || !error); i++) {
		uint64_t usec;

		error = !ask_kernel_once(j, ours, name);
		usec = number_after(j->log, "verification time ");
		best = usec && usec < best ? usec : best;
	}
	if (!error || strstr(j->log, "processed ")) {
		uint64_t processed = number_after(j->log, "processed ");
		const char *says = error ? last_words(j->log) : "";

		put_string(&j->out, "kernel", *says ? "reject" : "accept");
		put_number(&j->out, "kernel_us", best == UINT64_MAX ? 0 : best);
		put_number(&j->out, "kernel_processed", processed);
		put_string(&j->out, "kernel_says", says);
	} else {
		put_string(&j->out, "kernel", "none");
		put_string(&j->out, "kernel_says", j->log[0] ? last_words(j->log) : last_warning);
	}
}

static void put_ours(struct judge *j, enum iov_status st, const struct iov_facts *f, const struct iov_sink *sink)
{
	const struct iov_diag *d = sink->first;

	while (d && d->severity < IOV_ERROR && d->next)
		d = d->next;
	put_string(&j->out, "ours", st ? "reject" : "accept");
	if (f) {
		put_number(&j->out, "ours_ns", f->nanoseconds);
		put_number(&j->out, "ours_processed", f->processed);
		put_number(&j->out, "ours_states", f->states);
	}
	if (!st)
		return;
	put_string(&j->out, "code", d ? diag_code(d->id) : st == IOV_NOMEM ? "NOMEM" : "BUG");
	put_string(&j->out, "message", d ? d->message : "");
	if (d)
		buf_printf(&j->out, ",\"insn\":%" PRId64 ",\"line\":%u", d->span.insn, d->span.line);
}

/* The machine is shared: the best of several runs, as the kernel's below. */
static uint64_t again(const struct judge *j, const struct iov_prog *prog, uint64_t best)
{
	struct iov_verify_options how = {0};
	struct iov_arena arena = {0};
	struct iov_facts facts = {.nanoseconds = UINT64_MAX};
	struct iov_sink sink;

	sink_init(&sink, NULL);
	verify_prog(prog, j->platform, &how, &arena, &sink, &facts);
	sink_free(&sink);
	arena_free(&arena);
	return facts.nanoseconds < best ? facts.nanoseconds : best;
}

static void ask_ours(struct judge *j, const struct iov_object *ours, uint32_t index)
{
	struct counted count = {.alloc = {.resize = count_resize}};
	struct iov_arena arena, work;
	struct iov_verify_options how = {0};
	struct iov_facts facts;
	struct iov_sink sink;
	struct iov_prog *prog;
	enum iov_status st;
	uint64_t best = UINT64_MAX;

	count.alloc.ud = &count;
	arena_init(&arena, NULL);
	arena_init(&work, &count.alloc);
	sink_init(&sink, NULL);
	st = object_prog(ours, index, j->kernel_types, &arena, &sink, &prog);
	if (st) {
		put_ours(j, st, NULL, &sink);
	} else {
		if (prog->type != judged_as(j, prog->type)) {
			prog->type = j->as;
			prog->attach_type = 0;
		}
		st = verify_prog(prog, j->platform, &how, &work, &sink, &facts);
		for (int i = 1; i < RUNS && st == IOV_OK; i++)
			best = again(j, prog, best < facts.nanoseconds ? best : facts.nanoseconds);
		if (best < facts.nanoseconds)
			facts.nanoseconds = best;
		put_number(&j->out, "insns", prog->count);
		put_ours(j, st, &facts, &sink);
		put_number(&j->out, "ours_peak", count.peak);
	}
	sink_free(&sink);
	arena_free(&work);
	arena_free(&arena);
}

static void start_line(struct judge *j, const char *name, uint32_t type)
{
	buf_puts(&j->out, "{\"object\":");
	text_json(&j->out, j->path);
	put_string(&j->out, "program", name);
	put_number(&j->out, "type", type);
}

/* Our reader refuses the whole object: each of libbpf's programs is one that we do not accept. */
static void refused_object(struct judge *j, enum iov_status st, const struct iov_sink *sink)
{
	struct bpf_object *object = open_for_kernel(j, NULL);
	struct bpf_program *prog;

	if (!object)
		return;
	bpf_object__for_each_program(prog, object) {
		if (!judged_as(j, bpf_program__type(prog)))
			continue;
		start_line(j, bpf_program__name(prog), judged_as(j, bpf_program__type(prog)));
		ask_kernel(j, NULL, bpf_program__name(prog));
		put_ours(j, st, NULL, sink);
		buf_puts(&j->out, "}\n");
	}
	bpf_object__close(object);
}

static bool load_whole(struct judge *j)
{
	struct bpf_object *object = open_for_kernel(j, NULL);
	bool loads = object && !bpf_object__load(object);

	start_line(j, "*", 0);
	put_string(&j->out, "kernel", loads ? "accept" : object ? "reject" : "none");
	put_string(&j->out, "kernel_says", loads ? "" : last_warning);
	buf_puts(&j->out, "}\n");
	bpf_object__close(object);
	return loads;
}

static void judge_by_kernel(struct judge *j)
{
	bool loads = load_whole(j);
	struct bpf_object *object = open_for_kernel(j, NULL);
	struct bpf_program *prog;

	if (!object)
		return;
	bpf_object__for_each_program(prog, object) {
		if (loads && bpf_program__autoload(prog))
			continue;
		start_line(j, bpf_program__name(prog), bpf_program__type(prog));
		ask_kernel(j, NULL, bpf_program__name(prog));
		buf_puts(&j->out, "}\n");
	}
	bpf_object__close(object);
}

static void judge_object(struct judge *j)
{
	struct iov_buf bytes = {0};
	struct iov_arena arena = {0};
	struct iov_object *object = NULL;
	struct iov_sink sink;
	enum iov_status st;

	sink_init(&sink, NULL);
	st = input_read(j->path, 0, &bytes, &sink);
	if (!st)
		st = object_read(bytes.data, bytes.len, j->path, &arena, &sink, &object);
	if (st)
		refused_object(j, st, &sink);
	for (uint32_t i = 0; !st && i < object->prog_count; i++) {
		const struct iov_object_prog *p = &object->progs[i];

		if (!judged_as(j, p->type))
			continue;
		start_line(j, p->name, judged_as(j, p->type));
		ask_ours(j, object, i);
		if (!j->ours_only)
			ask_kernel(j, object, p->name);
		buf_puts(&j->out, "}\n");
	}
}

static void judge_apart(struct judge *j)
{
	int status = 0;
	pid_t child = fork();

	if (!child) {
		if (j->kernel_only)
			judge_by_kernel(j);
		else
			judge_object(j);
		fwrite(j->out.data, 1, j->out.len, stdout);
		fflush(stdout);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0 || status)
		printf("{\"object\":\"%s\",\"crash\":%d}\n", j->path, status);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct judge j = {.platform = platform_shipped("linux-6.18"), .log = malloc(LOG_SIZE)};
	struct iov_arena arena = {0};
	struct iov_sink sink;
	int i = 1;

	for (; i < argc && argv[i][0] == '-'; i++) {
		if (!strcmp(argv[i], "--ours"))
			j.ours_only = true;
		else if (!strcmp(argv[i], "--kernel"))
			j.kernel_only = true;
		else if (!strcmp(argv[i], "--platform") && i + 1 < argc)
			j.platform = platform_shipped(argv[++i]);
		else if (!strcmp(argv[i], "--as") && i + 1 < argc && catalogue_prog_type_by_name(argv[i + 1]))
			j.as = catalogue_prog_type_by_name(argv[++i])->id;
	}
	if (!j.platform || !j.log || i >= argc) {
		fprintf(stderr, "usage: corpus [--platform NAME] [--ours | --kernel] [--as TYPE] OBJECT...\n");
		return 2;
	}
	libbpf_set_print(remember);
	sink_init(&sink, NULL);
	j.kernel_types = btf_of_kernel(&arena, &sink);
	for (; i < argc; i++) {
		j.path = argv[i];
		judge_apart(&j);
	}
	return 0;
}
