/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what is known about the subprograms of a program: prototypes by BTF (as the kernel's btf_prepare_func_args
 * reads them), line records by .BTF.ext. */
#include "linker/object/program.h"

#include "asm/isa/catalogue.h"

#include <string.h>

/* Decl tags of parameters, the words for them in bpf_helpers.h, and the first release of Linux that knows them. */
enum param_tag { TAG_CTX, TAG_NONNULL, TAG_TRUSTED, TAG_NULLABLE, TAG_UNTRUSTED, TAG_ARENA, TAG_OTHER };
static const struct {
	const char *name, *word, *since;
} param_tags[TAG_OTHER] = {
	[TAG_CTX] = {"arg:ctx", "__arg_ctx", NULL}, /* libbpf gives older ones the context's type */
	[TAG_NONNULL] = {"arg:nonnull", "__arg_nonnull", "6.8"},
	[TAG_TRUSTED] = {"arg:trusted", "__arg_trusted", "6.9"},
	[TAG_NULLABLE] = {"arg:nullable", "__arg_nullable", "6.9"},
	[TAG_UNTRUSTED] = {"arg:untrusted", "__arg_untrusted", "6.17"},
	[TAG_ARENA] = {"arg:arena", "__arg_arena", "6.9"},
};

/* The tags of parameter `arg` of function `func`, one bit each. */
static unsigned tags_of(const struct iov_btf *btf, uint32_t func, uint32_t arg)
{
	unsigned tags = 0;

	for (uint32_t i = 1; i < btf->count; i++) {
		const struct iov_btf_type *t = &btf->types[i];
		unsigned k = 0;

		if (t->kind != KIND_DECL_TAG || t->type != func || t->component != (int32_t)arg ||
		    strncmp(t->name, "arg:", 4) != 0)
			continue;
		while (k < TAG_OTHER && strcmp(t->name, param_tags[k].name) != 0)
			k++;
		tags |= 1u << k;
	}
	return tags;
}

static void mark(struct iov_param *out, enum iov_param_kind kind, enum param_tag tag)
{
	out->kind = kind;
	out->tag = param_tags[tag].word;
	out->since = param_tags[tag].since;
}

/* Linux takes the struct that a context stands for in the kernel for the context. */
static bool names_ctx(const char *name, const char *ctx)
{
	return !strcmp(name, ctx) || (!strcmp(ctx, "__sk_buff") && !strcmp(name, "sk_buff")) ||
	       (!strcmp(ctx, "xdp_md") && !strcmp(name, "xdp_buff"));
}

static bool is_ctx(const struct builder *b, const struct iov_btf_type *pointer)
{
	const struct iov_btf *btf = b->obj->btf;
	const struct iov_prog_type *type = catalogue_prog_type(b->prog->type);
	uint32_t id = pointer->type;

	if (!type || !type->ctx_name)
		return false;
	for (;; id = btf->types[id].type) { /* typedefs count by name too: bpf_user_pt_regs_t */
		const struct iov_btf_type *t = &btf->types[id];

		if (names_ctx(t->name, type->ctx_name))
			return true;
		if (t->kind != BTF_KIND_TYPEDEF && t->kind != BTF_KIND_CONST && t->kind != BTF_KIND_VOLATILE &&
		    t->kind != BTF_KIND_RESTRICT && t->kind != KIND_TYPE_TAG)
			return false;
	}
}

static bool is_const(const struct iov_btf *btf, uint32_t id)
{
	for (;; id = btf->types[id].type)
		switch (btf->types[id].kind) {
		case BTF_KIND_CONST:
			return true;
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_RESTRICT:
		case KIND_TYPE_TAG:
			break;
		default:
			return false;
		}
}

/* A name without what tells variants of a struct apart: "sock___old" is a sock. */
static const char *plain_name(const struct builder *b, const char *name)
{
	const char *end = strstr(name, "___");

	return end && end > name ? arena_printf(b->arena, "%.*s", (int)(end - name), name) : name;
}

/* __arg_trusted, and perhaps __arg_nullable. */
static void describe_trusted(const struct builder *b, unsigned tags, const struct iov_btf_type *to,
			     struct iov_param *out)
{
	bool named = (to->kind == BTF_KIND_STRUCT || to->kind == BTF_KIND_UNION || to->kind == BTF_KIND_FWD) &&
		     *to->name;

	if (tags & ~(1u << TAG_TRUSTED | 1u << TAG_NULLABLE)) {
		out->wrong = "__arg_trusted goes together with __arg_nullable alone";
	} else if (!named) {
		out->wrong = "__arg_trusted is for pointers to structs of the kernel";
	} else {
		mark(out, IOV_PARAM_KERNEL, TAG_TRUSTED);
		out->object = plain_name(b, to->name);
		out->nullable = tags & 1u << TAG_NULLABLE;
		if (!out->object)
			out->kind = IOV_PARAM_OTHER;
	}
}

static void describe_memory(const struct iov_btf *btf, unsigned tags, const struct iov_btf_type *pointer,
			    struct iov_param *out)
{
	int64_t size = btf_size(btf, pointer->type);

	if (tags & 1u << TAG_NULLABLE) {
		out->wrong = "__arg_nullable goes together with __arg_trusted: memory may be NULL without it";
	} else if (size > 0 && size <= INT32_MAX) {
		out->kind = IOV_PARAM_MEM;
		out->size = (uint32_t)size;
		if (tags & 1u << TAG_NONNULL)
			mark(out, IOV_PARAM_MEM_NONNULL, TAG_NONNULL);
	}
}

static void describe_pointer(const struct builder *b, unsigned tags, const struct iov_btf_type *pointer,
			     struct iov_param *out)
{
	const struct iov_btf *btf = b->obj->btf;
	const struct iov_btf_type *to = btf_type(btf, btf_strip(btf, pointer->type));
	bool ctx = is_ctx(b, pointer);

	out->is_const = is_const(btf, pointer->type);
	if (ctx || tags & 1u << TAG_CTX) {
		if (tags & ~(1u << TAG_CTX))
			out->wrong = "the context takes no tag but __arg_ctx";
		else
			mark(out, IOV_PARAM_CTX, TAG_CTX);
	} else if (to->kind == BTF_KIND_STRUCT && !strcmp(to->name, "bpf_dynptr")) {
		if (tags)
			out->wrong = "a dynptr takes no tags";
		else
			out->kind = IOV_PARAM_DYNPTR;
	} else if (tags & 1u << TAG_TRUSTED) {
		describe_trusted(b, tags, to, out);
	} else if (tags & 1u << TAG_UNTRUSTED) {
		out->wrong = "__arg_untrusted is not supported yet";
	} else if (tags & 1u << TAG_ARENA) {
		out->wrong = "__arg_arena is not supported: there are no arenas here yet";
	} else {
		describe_memory(btf, tags, pointer, out);
	}
}

static bool is_number(const struct iov_btf_type *t)
{
	return t->kind == BTF_KIND_INT || t->kind == BTF_KIND_ENUM || t->kind == KIND_ENUM64;
}

static void describe_param(const struct builder *b, uint32_t func, uint32_t arg, const struct iov_btf_member *m,
			   struct iov_param *out)
{
	const struct iov_btf *btf = b->obj->btf;
	const struct iov_btf_type *t = btf_type(btf, btf_strip(btf, m->type));

	unsigned tags = tags_of(btf, func, arg);

	*out = (struct iov_param){.name = m->name, .kind = IOV_PARAM_OTHER};
	if (tags & 1u << TAG_OTHER)
		out->wrong = "it has an `arg:` tag that is none of __arg_ctx, __arg_nonnull, __arg_trusted, "
			     "__arg_nullable";
	else if (t->kind == BTF_KIND_PTR)
		describe_pointer(b, tags, t, out);
	else if (tags)
		out->wrong = "only pointers take such tags";
	else if (is_number(t) && t->size <= 8)
		out->kind = IOV_PARAM_SCALAR;
}

static void describe_func(const struct builder *b, struct iov_subprog *sub, uint32_t func_type)
{
	const struct iov_btf *btf = b->obj->btf;
	const struct iov_btf_type *proto = btf_type(btf, btf_type(btf, func_type)->type);

	sub->is_void = !btf_strip(btf, proto->type);
	sub->returns_other = !sub->is_void && !is_number(btf_type(btf, btf_strip(btf, proto->type)));
	sub->has_proto = proto->count <= sizeof(sub->params) / sizeof(*sub->params);
	sub->param_count = sub->has_proto ? proto->count : 0;
	for (uint32_t i = 0; i < sub->param_count; i++)
		describe_param(b, func_type, i, &proto->members[i], &sub->params[i]);
}

static void describe(const struct builder *b, struct iov_subprog *sub, const struct iov_object_func *f)
{
	if (!f->btf)
		return;
	sub->global = btf_type(b->obj->btf, f->btf)->linkage == BTF_FUNC_GLOBAL && !f->local;
	describe_func(b, sub, f->btf);
}

struct iov_subprog *subs_declared(const struct builder *b, const char *name, uint32_t func)
{
	struct iov_subprog *sub = ARENA_NEW(b->arena, struct iov_subprog);

	if (!sub)
		return NULL;
	*sub = (struct iov_subprog){.name = name, .global = true};
	describe_func(b, sub, func);
	return sub;
}

enum iov_status subs_describe(struct builder *b)
{
	for (uint32_t i = 0; i < b->prog->sub_count; i++)
		describe(b, &b->prog->subs[i], &b->obj->funcs[b->sub_func[i]]);
	return IOV_OK;
}

/* Line records of one function: first, and how many. */
static uint32_t line_range(const struct iov_btf_ext_section *x, uint32_t begin, uint32_t end, uint32_t *count)
{
	uint32_t low = 0, high = x->line_count, last;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (x->lines[mid].insn < begin)
			low = mid + 1;
		else
			high = mid;
	}
	for (last = low; last < x->line_count && x->lines[last].insn < end; last++)
		;
	*count = last - low;
	return low;
}

static const struct iov_btf_ext_section *ext_of(const struct iov_object *obj, uint32_t section)
{
	for (uint32_t i = 0; obj->btf_ext && i < obj->btf_ext->count; i++)
		if (!strcmp(obj->btf_ext->sections[i].name, obj->sections[section].name))
			return &obj->btf_ext->sections[i];
	return NULL;
}

enum iov_status lines_collect(struct builder *b)
{
	struct iov_prog *p = b->prog;
	struct iov_line *lines = arena_array(b->arena, p->count, sizeof(*lines));

	if (!lines)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < p->sub_count; i++) {
		const struct iov_object_func *f = &b->obj->funcs[b->sub_func[i]];
		const struct iov_btf_ext_section *x = ext_of(b->obj, f->section);
		uint32_t begin = (uint32_t)(f->offset / 8), count = 0;
		uint32_t first = x ? line_range(x, begin, begin + p->subs[i].count, &count) : 0;

		for (uint32_t j = 0; j < count; j++) {
			const struct iov_btf_line *from = &x->lines[first + j];

			lines[p->line_count++] = (struct iov_line){
				.insn = from->insn - begin + p->subs[i].start, .file = from->file, .line = from->line,
				.col = from->col, .text = *from->text ? from->text : NULL};
		}
	}
	p->lines = lines;
	return IOV_OK;
}
