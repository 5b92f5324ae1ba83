/* SPDX-License-Identifier: Apache-2.0 */
#include "linker/object/manifest.h"
#include "testsuite/alloc/alloc.h"

#include <string.h>

enum iov_status alloc_object_read(struct alloc_run *run)
{
	struct iov_object *obj;
	enum iov_status status = object_read(run->object, run->object_len, "fixture.o", &run->arena, &run->sink, &obj);

	if (status == IOV_OK)
		object_close(obj);
	return status;
}

enum iov_status alloc_object_prog(struct alloc_run *run)
{
	struct iov_object *obj;
	struct iov_prog *prog;
	enum iov_status status = object_read(run->object, run->object_len, "fixture.o", &run->arena, &run->sink, &obj);

	if (status != IOV_OK)
		return status;
	for (uint32_t i = 0; status == IOV_OK && i < obj->prog_count; i++)
		status = object_prog(obj, i, obj->btf, &run->arena, &run->sink, &prog);
	for (uint32_t i = 0; status == IOV_OK && i < obj->func_count; i++)
		status = object_function(obj, i, 6, obj->btf, &run->arena, &run->sink, &prog);
	object_close(obj);
	return status;
}

/* Sections cut off: what is said about the broken file takes memory, too. */
enum iov_status alloc_object_garbage(struct alloc_run *run)
{
	struct iov_object *obj;
	enum iov_status status;

	status = object_read(run->object, run->object_len / 2, "fixture.o", &run->arena, &run->sink, &obj);
	if (status == IOV_OK)
		object_close(obj);
	return status;
}

static const struct iov_section *section(const struct iov_object *obj, const char *name)
{
	for (uint32_t i = 0; i < obj->section_count; i++) {
		if (!strcmp(obj->sections[i].name, name))
			return &obj->sections[i];
	}
	return NULL;
}

/* BTF and .BTF.ext of the fixture, in the run's arena. */
static enum iov_status read_btf(struct alloc_run *run, struct iov_btf **btf, struct iov_btf_ext **ext)
{
	const struct iov_section *types, *info;
	struct iov_object *obj;
	enum iov_status status;

	status = object_read(run->object, run->object_len, "fixture.o", &run->arena, &run->sink, &obj);
	if (status != IOV_OK)
		return status;
	types = section(obj, ".BTF");
	info = section(obj, ".BTF.ext");
	status = btf_read(types->data, types->size, false, "fixture.o", &run->arena, &run->sink, btf);
	if (status == IOV_OK)
		status = btf_ext_read(info->data, info->size, types->data, types->size, false, false, "fixture.o",
				      &run->arena, &run->sink, ext);
	object_close(obj);
	return status;
}

enum iov_status alloc_btf_write(struct alloc_run *run)
{
	struct iov_buf a = {.alloc = run->alloc}, b = {.alloc = run->alloc};
	struct iov_btf_ext *ext;
	struct iov_btf *btf;
	enum iov_status status = read_btf(run, &btf, &ext);

	if (status == IOV_OK)
		status = btf_write(btf, ext, false, run->alloc, &a, &b);
	buf_free(&a);
	buf_free(&b);
	return status;
}

enum iov_status alloc_btf_canonicalise(struct alloc_run *run)
{
	struct iov_btf_ext *ext;
	struct iov_btf *btf;
	enum iov_status status = read_btf(run, &btf, &ext);

	return status == IOV_OK ? btf_canonicalise(btf, ext, &run->arena, NULL) : status;
}
enum iov_status alloc_btf_text(struct alloc_run *run)
{
	static const uint8_t bytes[256];
	struct iov_buf out = {.alloc = run->alloc};
	struct iov_btf_ext *ext;
	struct iov_btf *btf;
	enum iov_status status = read_btf(run, &btf, &ext);

	for (uint32_t id = 1; status == IOV_OK && id < btf->count; id++) {
		btf_declare(btf, id, "name", &out);
		btf_print_value(btf, id, bytes, sizeof(bytes), false, id & 1, &out);
	}
	return status == IOV_OK ? alloc_buf_status(&out) : (buf_free(&out), status);
}

/* Facts about the first program into the object, the object written, read and shown. */
enum iov_status alloc_manifest(struct alloc_run *run)
{
	struct iov_buf records = {.alloc = run->alloc}, out = {.alloc = run->alloc}, text = {.alloc = run->alloc};
	static struct iov_call_cost call = {.name = "map_lookup_elem", .id = 1, .most = 1};
	const struct iov_facts proved = {.calls = &call, .call_count = 1};
	struct iov_record_facts facts;
	struct iov_manifest manifest;
	struct iov_object *obj;
	struct iov_prog *prog;
	enum iov_status status = object_read(run->object, run->object_len, "fixture.o", &run->arena, &run->sink, &obj);

	if (status == IOV_OK)
		status = object_show(obj, obj->progs[0].func, &run->arena, &run->sink, &prog);
	if (status == IOV_OK)
		status = manifest_facts(obj, 0, prog, &proved, &run->arena, &run->sink, &facts);
	if (status == IOV_OK) {
		manifest_put_facts(&records, &facts);
		status = manifest_set(obj, &records);
	}
	if (status == IOV_OK)
		status = object_write(obj, &out, &run->sink);
	if (status == IOV_OK)
		status = manifest_read(obj, &run->arena, &run->sink, &manifest);
	if (status == IOV_OK) {
		manifest_json(&manifest, &text);
		manifest_print(&manifest, &text);
	}
	buf_free(&records);
	buf_free(&out);
	return status == IOV_OK ? alloc_buf_status(&text) : (buf_free(&text), status);
}
