/* SPDX-License-Identifier: Apache-2.0 */
/* A helper of the host's own: its prototype stands in a platform file, the verifier holds programs to it, and each
 * engine calls the host's function. */
#include "testsuite/unit/runtime/touched.h"

#include <iov/iov.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char platform_text[] =
	"name: acme\n"
	"inherit: iovrun\n"
	"helpers:\n"
	"  add:\n"
	"    - name: acme_meter\n"
	"      id: 0x1001\n"
	"      declaration: \"u32 acme_meter(const void *key, u32 key_size, u32 bytes)\"\n"
	"      range: [0, 1]\n";

static const char program_text[] =
	"typedef unsigned int u32;\n"
	"static u32 (*const acme_meter)(const void *key, u32 size, u32 bytes) = (void *)0x1001;\n"
	"__attribute__((section(\"xdp\"), used)) int p(void *ctx)\n"
	"{\n"
	"	u32 key = KEY;\n"
	"	return acme_meter(&key, SIZE, 60) ? 2 : 1;\n"
	"}\n";

struct meter {
	uint32_t key, calls, cpu;
	size_t length;
	bool goes_beyond;
	int signal; /* what the helper gets from the bytes behind the program's stack */
};

static uint64_t take(uint64_t key, uint64_t size, uint64_t bytes, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct meter *meter = iov_env_data(env);

	(void)r4, (void)r5;
	meter->calls++;
	meter->cpu = iov_env_cpu(env);
	(void)iov_env_packet(env, &meter->length);
	if (meter->goes_beyond)
		meter->signal = touched((uint8_t *)(uintptr_t)key + 8, false);
	memcpy(&meter->key, (const void *)(uintptr_t)key, sizeof(meter->key));
	return size == 4 && bytes == 60 && meter->key != 7;
}

static void compile(char *object, size_t size, const char *options)
{
	char command[1024], source[64];
	char dir[] = "/tmp/iov-register-XXXXXX";
	FILE *f;

	cr_assert(mkdtemp(dir));
	snprintf(object, size, "%s/p.o", dir);
	snprintf(source, sizeof(source), "%s/p.c", dir);
	f = fopen(source, "w");
	cr_assert(f && fputs(program_text, f) >= 0 && !fclose(f));
	snprintf(command, sizeof(command), "clang-19 -O2 -target bpf %s -c %s -o %s", options, source, object);
	cr_assert_eq(system(command), 0);
	unlink(source);
}

static enum iov_result load(const char *object, enum iov_engine_choice engine, const char *name, char *text,
			    struct meter *meter, uint32_t *verdict)
{
	static uint8_t buffer[512];
	struct iov_packet packet = {.buffer = buffer, .size = sizeof(buffer), .start = 256, .length = 60};
	struct iov_load_options options = {.engine = engine, .cpus = 3, .seed = 1};
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *module = NULL;
	struct iov_worker *worker = NULL;
	struct iov_platform *platform;
	enum iov_result result;

	cr_assert_eq(iov_platform_open(platform_text, sizeof(platform_text) - 1, "acme.yaml", NULL, sink, &platform),
		     IOV_R_OK);
	cr_expect_str_eq(iov_platform_name(platform), "acme");
	options.own_platform = platform;
	result = iov_module_open_file(object, NULL, sink, &module);
	if (!result && name)
		result = iov_helper_register(module, name, take, sink);
	if (!result)
		result = iov_module_load(module, &options, sink);
	if (!result)
		worker = iov_worker_new(module, 2);
	if (worker) {
		iov_worker_set_data(worker, meter);
		result = iov_run(iov_module_program(module, NULL), worker, &packet, verdict);
	}
	iov_sink_render(sink, IOV_TEXT, text, 2048);
	iov_worker_free(worker);
	iov_module_close(module);
	iov_sink_free(sink);
	iov_platform_close(platform);
	return result;
}

/* The key is the last thing of the stack. */
Test(register, a_helper_that_reads_beyond_a_stack_faults_in_the_checking_engine)
{
	struct meter meter = {.goes_beyond = true};
	char object[64], text[2048];
	uint32_t verdict;

	compile(object, sizeof(object), "-DKEY=9 -DSIZE=4");
	cr_expect_eq(load(object, IOV_ENGINE_CHECKING, "acme_meter", text, &meter, &verdict), IOV_R_OK, "%s", text);
	cr_expect_eq(meter.signal, SIGSEGV);
	unlink(object);
}

Test(register, a_helper_of_the_host_is_called_by_every_engine)
{
	static const enum iov_engine_choice engines[] = {IOV_ENGINE_INTERPRETER, IOV_ENGINE_AUTO, IOV_ENGINE_CHECKING};
	char object[64], text[2048];

	compile(object, sizeof(object), "-DKEY=9 -DSIZE=4");
	for (int i = 0; i < 3; i++) {
		struct meter meter = {0};
		uint32_t verdict = 0;

		cr_expect_eq(load(object, engines[i], i ? "acme_meter" : "bpf_acme_meter", text, &meter, &verdict),
			     IOV_R_OK, "%s", text);
		cr_expect_eq(verdict, 2);
		cr_expect_eq(meter.calls, 1);
		cr_expect_eq(meter.key, 9);
		cr_expect_eq(meter.cpu, 2);
		cr_expect_eq(meter.length, 60);
	}
	unlink(object);
}

Test(register, without_the_function_or_the_prototype_nothing_loads)
{
	char object[64], text[2048];
	struct meter meter = {0};
	uint32_t verdict = 0;

	compile(object, sizeof(object), "-DKEY=9 -DSIZE=4");
	cr_expect_eq(load(object, IOV_ENGINE_AUTO, NULL, text, &meter, &verdict), IOV_R_INPUT);
	cr_expect(strstr(text, "helper `acme_meter` is not in this runtime"), "%s", text);
	cr_expect_eq(load(object, IOV_ENGINE_AUTO, "acme_shaper", text, &meter, &verdict), IOV_R_INPUT);
	cr_expect(strstr(text, "`acme_shaper` was registered, and platform acme does not offer it"), "%s", text);
	cr_expect_eq(meter.calls, 0);
	unlink(object);
}

Test(register, the_prototype_binds_programs)
{
	char object[64], text[2048];
	struct meter meter = {0};
	uint32_t verdict = 0;

	compile(object, sizeof(object), "-DKEY=9 -DSIZE=8");
	cr_expect_eq(load(object, IOV_ENGINE_AUTO, "acme_meter", text, &meter, &verdict), IOV_R_INPUT);
	cr_expect(strstr(text, "[IOV-V022]"), "%s", text);
	cr_expect_eq(meter.calls, 0);
	unlink(object);
}

/* What is wrong with a platform file is said with its line, after the platform is gone. */
Test(register, a_broken_platform_file_is_explained)
{
	static const char *const broken[][2] = {
		{"name: acme\ninherit: toaster\n", "acme.yaml:2:10: error: there is no platform 'toaster'"},
		{"name: [\n", "acme.yaml:2:1: error: "},
		{"name: acme\ninherit: iovrun\nhelpers: {add: [{name: x, id: 70000}]}\n", "declaration"},
		{"", "acme.yaml"},
	};

	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		struct iov_sink *sink = iov_sink_new(NULL);
		struct iov_platform *platform = (struct iov_platform *)sink;
		char text[2048];

		cr_expect_eq(iov_platform_open(broken[i][0], strlen(broken[i][0]), "acme.yaml", NULL, sink, &platform),
			     IOV_R_INPUT);
		cr_expect_null(platform);
		iov_sink_render(sink, IOV_TEXT, text, sizeof(text));
		cr_expect(strstr(text, broken[i][1]), "%s", text);
		iov_platform_close(platform);
		iov_sink_free(sink);
	}
	cr_expect_eq(iov_platform_open("x", 1, NULL, NULL, NULL, NULL), IOV_R_USAGE);
	cr_expect_eq(iov_platform_open_file(NULL, NULL, NULL, NULL), IOV_R_USAGE);
}

/* A file serves as well: opened by the host, or named in the options. */
Test(register, platforms_come_from_files)
{
	static char path[] = "/tmp/iov-platform-XXXXXX.yaml";
	char object[64], text[2048] = "";
	int file = mkstemps(path, 5);

	cr_assert(file >= 0 && write(file, platform_text, sizeof(platform_text) - 1) > 0);
	close(file);
	compile(object, sizeof(object), "-DKEY=9 -DSIZE=4");
	for (int by_name = 0; by_name < 2; by_name++) {
		struct iov_sink *sink = iov_sink_new(NULL);
		struct iov_platform *platform = NULL;
		struct iov_load_options options = {.platform = by_name ? path : NULL};
		struct iov_module *module;

		cr_assert_eq(by_name ? IOV_R_OK : iov_platform_open_file(path, NULL, sink, &platform), IOV_R_OK);
		options.own_platform = platform;
		cr_assert_eq(iov_module_open_file(object, NULL, sink, &module), IOV_R_OK);
		cr_expect_eq(iov_helper_register(module, "acme_meter", take, sink), IOV_R_OK);
		cr_expect_eq(iov_module_load(module, &options, sink), IOV_R_OK);
		iov_sink_render(sink, IOV_TEXT, text, sizeof(text));
		cr_expect_str_empty(text);
		iov_module_close(module);
		iov_platform_close(platform);
		iov_sink_free(sink);
	}
	unlink(object);
	unlink(path);
}
