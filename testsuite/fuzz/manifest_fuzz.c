/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer over manifests: what is read as YAML is held against a real object, the one that IOV_FUZZ_OBJECT names, as
 * iovld does it with --manifest and --update-manifest. Aborts when an error is counted and none is said or the other
 * way round, when an update cannot be read again or changes something a second time. */
#include "asm/base/output.h"
#include "linker/describe.h"
#include "linker/module.h"
#include "linker/skeleton.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct iov_input_file file;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *path = getenv("IOV_FUZZ_OBJECT");
	struct iov_sink sink;

	(void)argc, (void)argv;
	sink_init(&sink, NULL);
	if (!path || input_open(path, &file, &sink))
		abort();
	sink_free(&sink);
	return 0;
}

static void products(const struct iov_object *obj, const struct iov_module_desc *m, struct iov_arena *arena)
{
	struct iov_buf text = {0};

	skeleton_print(obj, file.data, file.len, m, "fuzz", arena, &text);
	describe_json(obj, file.data, file.len, m, "fuzz", arena, &text);
	buf_free(&text);
}

/* What was brought up to date is up to date. */
static void update(struct iov_module_desc *m, const struct iov_object *obj, struct iov_arena *arena,
		   struct iov_sink *sink)
{
	struct iov_buf first = {0}, second = {0};
	struct iov_module_desc *again;

	if (!module_update(m, obj, arena, sink, &first) &&
	    (module_parse(first.data, first.len, "updated.yaml", arena, sink, &again) ||
	     module_update(again, obj, arena, sink, &second) || first.len != second.len ||
	     memcmp(first.data, second.data, first.len)))
		abort();
	buf_free(&first);
	buf_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct iov_arena arena = {0};
	struct iov_module_desc *m;
	struct iov_object *obj;
	enum iov_status status;
	struct iov_sink sink;

	sink_init(&sink, NULL);
	if (object_read(file.data, file.len, "fuzz.o", &arena, &sink, &obj))
		abort();
	status = module_parse(data, size, "fuzz.yaml", &arena, &sink, &m);
	if ((status == IOV_DIAGNOSED) != (sink.errors > 0) || (status && status != IOV_DIAGNOSED))
		abort();
	if (!status) {
		struct iov_record_facts facts = {.program = "nat_rx", .slots = 47, .worst_insns = 40, .isa = 3};

		update(m, obj, &arena, &sink);
		module_check_memory(m, obj, &sink);
		module_check_facts(m, &facts, &sink);
		if (!module_check(m, obj, &arena, &sink))
			products(obj, m, &arena);
	}
	sink_free(&sink);
	arena_free(&arena);
	return 0;
}
