/* SPDX-License-Identifier: Apache-2.0 */
/* No page is writable and executable at once: looked for at every request for memory while modules are loaded, in every
 * line that a program traces, and by another thread at any time in between. */
#include <iov/iov.h>

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct watch {
	unsigned looks, writable, executable; /* executable: private pages without a file, so machine code */
	int stop;
};

static void look(struct watch *w)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512], have[8];
	unsigned long inode;

	cr_assert(maps);
	w->looks++;
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%*x-%*x %4s %*x %*x:%*x %lu", have, &inode) != 2 || !strchr(have, 'x'))
			continue;
		w->writable += strchr(have, 'w') != NULL;
		w->executable += !inode && !strchr(line, '[');
	}
	fclose(maps);
}

static void *look_on(void *ud)
{
	struct watch *w = ud;

	while (!__atomic_load_n(&w->stop, __ATOMIC_RELAXED))
		look(w);
	return NULL;
}

static void *resize(void *ud, void *ptr, size_t old, size_t size)
{
	(void)old;
	look(ud);
	if (size)
		return realloc(ptr, size);
	free(ptr);
	return NULL;
}

static void trace(void *ud, const char *line)
{
	(void)line;
	look(ud);
}

static void build(char path[64])
{
	static const char source[] =
		"char text[] = \"seen\"; static long (*const print)(const char *, int, ...) = (void *)6;\n"
		"__attribute__((section(\"license\"))) char l[] = \"GPL\"; long n[64];\n"
		"__attribute__((section(\"xdp\"))) int p(void *c) { for (int i = 0; i < 64; i++) n[i] += i * 3;\n"
		" print(text, 5); return n[5] & 1 ? 2 : 1; }\n";
	char command[256];
	FILE *out;
	int fd;

	strcpy(path, "/tmp/iov-wx-XXXXXX.o");
	fd = mkstemps(path, 2);
	cr_assert(fd >= 0);
	close(fd);
	snprintf(command, sizeof(command), "clang-19 -w -O2 -g -target bpf -x c -c - -o %s", path);
	out = popen(command, "w");
	cr_assert(out && fputs(source, out) >= 0 && pclose(out) == 0);
}

static void load_and_run(const char *path, struct watch *w, bool harden)
{
	const struct iov_allocator hook = {resize, w};
	const struct iov_load_options options = {.engine = IOV_ENGINE_MACHINE, .harden_constants = harden,
						 .harden_branches = harden};
	static uint8_t buffer[512];
	struct iov_packet packet = {.buffer = buffer, .size = sizeof(buffer), .start = 256, .length = 60};
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *module = NULL;
	struct iov_worker *worker;
	char text[1024] = "";
	uint32_t verdict;

	if (iov_module_open_file(path, &hook, sink, &module) || iov_module_load(module, &options, sink))
		iov_sink_render(sink, IOV_TEXT, text, sizeof(text));
	cr_assert_str_eq(text, "");
	cr_assert_gt(iov_program_code_size(iov_module_program(module, NULL)), 0);
	worker = iov_worker_new(module, 0);
	iov_worker_set_trace(worker, trace, w);
	w->executable = 0;
	cr_assert_eq(iov_run(iov_module_program(module, NULL), worker, &packet, &verdict), IOV_R_OK);
	cr_expect_geq(w->executable, 1, "the watch does not see the code that runs");
	iov_worker_free(worker);
	iov_module_close(module);
	iov_sink_free(sink);
}

Test(wx, no_page_is_writable_and_executable)
{
	const char *preloaded = getenv("LD_PRELOAD");
	struct watch inside = {0}, beside = {0};
	pthread_t thread;
	char path[64];

	if (preloaded && strstr(preloaded, "vgpreload"))
		cr_skip_test("valgrind makes machine code of its own");
	build(path);
	cr_assert_eq(pthread_create(&thread, NULL, look_on, &beside), 0);
	for (int turn = 0; turn < 10; turn++)
		load_and_run(path, &inside, turn & 1);
	__atomic_store_n(&beside.stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	cr_expect_gt(inside.looks, 100);
	cr_expect_gt(beside.looks, 0);
	cr_expect_eq(inside.writable + beside.writable, 0);
	unlink(path);
}
