/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer over the linker. The first byte chooses options; the rest is read as a file (an object or an archive), or
 * as two of them (the bytes, and the bytes again) that are linked with each other. An object is held against the
 * manifest that is drafted of it. Aborts when a result cannot be written, or read again. */
#include "asm/base/output.h"
#include "linker/describe.h"
#include "linker/inputs.h"
#include "linker/link.h"
#include "linker/module.h"
#include "linker/skeleton.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void link_all(struct iov_object **objs, size_t count, unsigned how, struct iov_arena *arena,
		     struct iov_sink *sink)
{
	struct iov_link_options o = {.relocatable = how & 1, .gc = how & 2, .icf = how & 4, .keep_debug = how & 8};
	struct iov_link_result result;
	struct iov_buf out = {0};
	struct iov_object *again;

	if (link_objects(objs, count, &o, arena, sink, &result))
		return;
	if (object_write(result.object, &out, sink) ||
	    object_read_to_link(out.data, out.len, "linked", false, arena, sink, &again))
		abort();
	if (!object_read(out.data, out.len, "linked", arena, sink, &again)) {
		struct iov_buf text = {0};

		skeleton_print(again, "", 0, NULL, "fuzz", arena, &text);
		describe_json(again, out.data, out.len, NULL, "fuzz", arena, &text);
		buf_free(&text);
	}
	buf_free(&out);
}

static void hold_manifest(const uint8_t *data, size_t size, const struct iov_object *obj, struct iov_arena *arena,
			  struct iov_sink *sink)
{
	struct iov_module_desc *m;
	struct iov_buf out = {0};

	if (module_parse(data, size, "fuzz.yaml", arena, sink, &m))
		return;
	module_check(m, obj, arena, sink);
	module_check_memory(m, obj, sink);
	module_update(m, obj, arena, sink, &out);
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct iov_arena arena = {0};
	struct iov_input_bytes files[2] = {{"a", data + !!size, size - !!size}, {"b", data + !!size, size - !!size}};
	/* What an archive's members are asked for: functions of the seeds. */
	static const char *names[] = {"p", "sub", "g", "m"};
	struct iov_option_list none = {0}, roots = {names, 4};
	struct iov_inputs inputs = {0};
	struct iov_object *obj;
	struct iov_sink sink;
	struct iov_buf draft = {0};
	unsigned how = size ? data[0] : 0;

	if (!size)
		return 0;
	sink_init(&sink, NULL);
	if (!inputs_read(files, how & 16 ? 2 : 1, &none, &none, &none, &roots, !(how & 8), &arena, &sink, &inputs) &&
	    inputs.count) {
		link_all(inputs.objects, inputs.count, how, &arena, &sink);
		if (!object_read(data + 1, size - 1, "a", &arena, &sink, &obj) && !module_draft(obj, "fuzz", &draft) &&
		    draft.len)
			hold_manifest(draft.data, draft.len, obj, &arena, &sink);
	}
	buf_free(&draft);
	sink_free(&sink);
	arena_free(&arena);
	return 0;
}
