/* SPDX-License-Identifier: Apache-2.0 */
#include "linker/products.h"

#include "asm/base/output.h"
#include "linker/describe.h"
#include "linker/skeleton.h"

#include <string.h>

static const struct {
	const char *word, *suffix;
} kinds[IOV_PRODUCT_COUNT] = {
	[IOV_PRODUCT_SKELETON] = {"skeleton", ".skel.h"},
	[IOV_PRODUCT_HEADER] = {"header", ".types.h"},
	[IOV_PRODUCT_JSON] = {"json", ".json"},
};

static enum iov_status usage(struct iov_sink *sink, const char *hint, const char *what, const char *arg)
{
	diag_hint(diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "--emit=%s: %s", arg, what), "%s", hint ? hint : "");
	return hint ? IOV_USAGE : IOV_NOMEM;
}

/* module.o → module.skel.h */
static const char *named_after(const char *output, const char *suffix, struct iov_arena *arena)
{
	size_t len = strlen(output);
	char *path;

	if (len > 2 && !strcmp(output + len - 2, ".o"))
		len -= 2;
	path = arena_alloc(arena, len + strlen(suffix) + 1);
	if (path) {
		memcpy(path, output, len);
		strcpy(path + len, suffix);
	}
	return path;
}

static enum iov_status plan_one(const char *arg, const char *output, struct iov_arena *arena, struct iov_sink *sink,
				struct iov_products *out)
{
	size_t len = strcspn(arg, "="), kind = 0;
	const char *file = arg[len] ? arg + len + 1 : NULL;

	while (kind < IOV_PRODUCT_COUNT && (strlen(kinds[kind].word) != len || memcmp(kinds[kind].word, arg, len)))
		kind++;
	if (kind == IOV_PRODUCT_COUNT)
		return usage(sink, "write skeleton, header or json, and =FILE where the name shall be another",
			     "nothing of this name can be made", arg);
	if (out->path[kind])
		return usage(sink, "name each product once", "this product is named twice", arg);
	if (file && !*file)
		return usage(sink, arena_printf(arena, "write --emit=%s=FILE", kinds[kind].word),
			     "no file stands behind the second =", arg);
	if (!file && !strcmp(output, "-"))
		return usage(sink, arena_printf(arena, "write --emit=%s=FILE", kinds[kind].word),
			     "a module on standard output gives no name", arg);
	out->path[kind] = file ? file : named_after(output, kinds[kind].suffix, arena);
	return out->path[kind] ? IOV_OK : IOV_NOMEM;
}

enum iov_status products_plan(const struct iov_option_list *asked, const char *output, struct iov_arena *arena,
			      struct iov_sink *sink, struct iov_products *out)
{
	enum iov_status status = IOV_OK;

	*out = (struct iov_products){0};
	for (size_t i = 0; i < asked->count; i++) {
		enum iov_status one = plan_one(asked->items[i], output, arena, sink, out);

		status = one ? one : status;
	}
	return status;
}

static enum iov_status print_one(enum iov_product kind, const struct iov_object *obj, const struct iov_buf *module,
				 const struct iov_module_desc *m, const char *name, struct iov_arena *arena,
				 struct iov_buf *out)
{
	switch (kind) {
	case IOV_PRODUCT_SKELETON:
		return skeleton_print(obj, module->data, module->len, m, name, arena, out);
	case IOV_PRODUCT_HEADER:
		return skeleton_types(obj, m, name, arena, out);
	default:
		return describe_json(obj, module->data, module->len, m, name, arena, out);
	}
}

enum iov_status products_write(const struct iov_products *p, const char *output, const struct iov_buf *module,
			       const struct iov_module_desc *m, struct iov_arena *arena, struct iov_sink *sink)
{
	const char *base = strrchr(output, '/') ? strrchr(output, '/') + 1 : output, *name;
	enum iov_status status = IOV_OK;
	struct iov_object *obj = NULL;
	struct iov_buf out;

	name = m && m->name ? m->name : arena_copy(arena, base, strcspn(base, "."));
	if (!name)
		return IOV_NOMEM;
	buf_init(&out, arena->alloc);
	for (int kind = 0; kind < IOV_PRODUCT_COUNT && !status; kind++) {
		if (!p->path[kind])
			continue;
		if (!obj)
			status = object_read(module->data, module->len, output, arena, sink, &obj);
		out.len = 0;
		if (!status)
			status =
				print_one((enum iov_product)kind, obj, module, m, *name ? name : "module", arena, &out);
		if (!status)
			status = output_write(p->path[kind], out.data, out.len, sink);
	}
	buf_free(&out);
	return status;
}
