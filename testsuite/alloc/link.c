/* SPDX-License-Identifier: Apache-2.0 */
#include "linker/describe.h"
#include "linker/link.h"
#include "linker/module.h"
#include "linker/skeleton.h"
#include "testsuite/alloc/alloc.h"

#include <string.h>

enum iov_status alloc_link(struct alloc_run *run)
{
	static const struct iov_link_options how = {.gc = true, .icf = true};
	struct iov_buf out = {.alloc = run->alloc};
	struct iov_link_result result;
	struct iov_object *objs[1];
	enum iov_status status =
		object_read_to_link(run->object, run->object_len, "fixture.o", true, &run->arena, &run->sink, &objs[0]);

	if (!status)
		status = link_objects(objs, 1, &how, &run->arena, &run->sink, &result);
	if (!status)
		status = object_write(result.object, &out, &run->sink);
	if (!status)
		return alloc_buf_status(&out);
	buf_free(&out);
	return status;
}

enum iov_status alloc_manifest_file(struct alloc_run *run)
{
	struct iov_buf draft = {.alloc = run->alloc}, again = {.alloc = run->alloc};
	struct iov_module_desc *m;
	struct iov_object *obj;
	enum iov_status status = object_read(run->object, run->object_len, "fixture.o", &run->arena, &run->sink, &obj);

	if (!status)
		status = module_draft(obj, "fixture", &draft);
	if (!status)
		status = module_parse(draft.data, draft.len, "fixture.yaml", &run->arena, &run->sink, &m);
	if (!status)
		status = module_check(m, obj, &run->arena, &run->sink);
	if (!status)
		status = module_update(m, obj, &run->arena, &run->sink, &again);
	buf_free(&draft);
	if (!status)
		return alloc_buf_status(&again);
	buf_free(&again);
	return status;
}

enum iov_status alloc_skeleton(struct alloc_run *run)
{
	struct iov_buf out = {.alloc = run->alloc};
	struct iov_object *obj;
	enum iov_status status = object_read(run->object, run->object_len, "fixture.o", &run->arena, &run->sink, &obj);

	if (!status)
		status = skeleton_print(obj, run->object, 64, NULL, "fixture", &run->arena, &out);
	if (!status)
		return alloc_buf_status(&out);
	buf_free(&out);
	return status;
}

enum iov_status alloc_describe(struct alloc_run *run)
{
	struct iov_buf out = {.alloc = run->alloc}, draft = {.alloc = run->alloc};
	struct iov_module_desc *m = NULL;
	struct iov_object *obj;
	enum iov_status status = object_read(run->object, run->object_len, "fixture.o", &run->arena, &run->sink, &obj);

	if (!status)
		status = module_draft(obj, "fixture", &draft);
	if (!status)
		status = module_parse(draft.data, draft.len, "fixture.yaml", &run->arena, &run->sink, &m);
	if (!status)
		status = module_check(m, obj, &run->arena, &run->sink);
	if (!status)
		status = describe_json(obj, run->object, run->object_len, m, "fixture", &run->arena, &out);
	buf_free(&draft);
	if (!status)
		return alloc_buf_status(&out);
	buf_free(&out);
	return status;
}
