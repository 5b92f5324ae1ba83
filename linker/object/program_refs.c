/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what an instruction refers to: calls of functions (by relocation, or relative inside a section), kfuncs, maps,
 * variables, function addresses. Relocations against a section carry the place in the instruction, those against a
 * symbol a distance from it (bpf/llvm_reloc.rst). */
#include "linker/object/maps.h"
#include "linker/object/program.h"

#include <inttypes.h>
#include <string.h>

enum { CALL = 0x85, CALL_SUBPROG = 1, CALL_KFUNC = 2, LD_MAP_FD = 1, LD_MAP_VALUE = 2, LD_BTF_ID = 3, LD_FUNC = 4 };

#define FAIL(b, at, id, ...) (diag_add((b)->sink, DIAG_##id, builder_span(b, at), __VA_ARGS__), IOV_DIAGNOSED)

/* Point `insn` (a call, or a load of a function's address) at the function at (section, offset). */
static enum iov_status refer_to_func(struct builder *b, const struct slot *at, uint32_t section, int64_t offset,
				     int64_t *callee)
{
	const struct iov_object_func *f = offset < 0 ? NULL : object_func_at(b->obj, section, (uint64_t)offset);
	enum iov_status status = IOV_OK;
	uint32_t func;

	if (!f)
		return FAIL(b, at, CALL_BAD, "nothing starts at byte %" PRId64 " of section %s, which is called here",
			    offset, b->obj->sections[section].name);
	func = (uint32_t)(f - b->obj->funcs);
	if (b->func_sub[func] == UNPLACED) {
		status = builder_add(b, func);
		*callee = func;
	}
	if (!status)
		b->prog->insns[at->slot].imm = (int32_t)(b->prog->subs[b->func_sub[func]].start - (at->slot + 1));
	return status;
}

static int64_t extern_of(const struct builder *b, uint32_t symbol)
{
	for (uint32_t i = 0; i < b->obj->extern_count; i++)
		if (b->obj->externs[i].symbol == symbol)
			return i;
	return UNPLACED;
}

static int32_t place_extern(struct builder *b, uint32_t index)
{
	const struct iov_object_extern *x = &b->obj->externs[index];

	if (b->extern_index[index] == UNPLACED) {
		b->extern_index[index] = b->prog->extern_count;
		b->externs[b->prog->extern_count++] =
			(struct iov_extern){.name = x->name, .is_func = x->kind == IOV_EXTERN_KFUNC, .weak = x->weak};
	}
	return (int32_t)b->extern_index[index];
}

static void warn_about_pointers(struct builder *b, const struct slot *at, const struct iov_map_def *map,
				uint32_t section)
{
	const struct iov_section *s = &b->obj->sections[section];

	if (map->init && s->reloc_count && !b->show)
		diag_add(b->sink, DIAG_DATA_POINTER, builder_span(b, at),
			 "section %s holds addresses, which nothing fills in", s->name);
}

static int32_t place_map(struct builder *b, const struct slot *at, uint32_t index)
{
	if (b->map_index[index] == UNPLACED) {
		b->map_index[index] = b->prog->map_count;
		b->prog->maps[b->prog->map_count++] = b->obj->maps[index];
		warn_about_pointers(b, at, b->obj->maps[index], b->obj->map_sections[index]);
	}
	return (int32_t)b->map_index[index];
}

/* The map that holds byte `offset` of `section`: data sections as a whole, user maps by their first byte. */
static int64_t map_at(const struct iov_object *obj, uint32_t section, int64_t offset)
{
	for (uint32_t i = 0; i < obj->map_count; i++)
		if (obj->map_sections[i] == section && section &&
		    (obj->maps[i]->origin != IOV_MAP_USER || (int64_t)obj->map_offsets[i] == offset))
			return i;
	return UNPLACED;
}

static enum iov_status load_map_value(struct builder *b, const struct slot *at, uint32_t map, int64_t offset)
{
	struct iov_insn *insn = &b->prog->insns[at->slot];

	if (offset < 0 || offset > b->obj->maps[map]->value_size) {
		struct iov_diag *d = diag_add(b->sink, DIAG_REFERENCE_BAD, builder_span(b, at),
					      "the address is %" PRId64 " bytes into %s, which has %u", offset,
					      b->obj->maps[map]->name, b->obj->maps[map]->value_size);

		if (insn->imm && offset == 2 * (int64_t)insn->imm)
			diag_hint(d, "the assembler of binutils before 2.41, which gcc-bpf of Debian 12 uses, counts a "
				     "variable's place twice: compile with -fdata-sections");
		return IOV_DIAGNOSED;
	}
	insn->src = LD_MAP_VALUE;
	insn->imm = place_map(b, at, map);
	insn[1].imm = (int32_t)offset;
	return IOV_OK;
}

void object_undefined(struct iov_sink *sink, struct iov_span where, const char *name)
{
	struct iov_diag *d = diag_add(sink, DIAG_UNDEFINED, where, "%s is not defined in this object",
				      *name ? name : "a symbol without a name");

	diag_hint(d,
		  "link it with the object that defines %s (iovld), or declare it __ksym or __kconfig if the kernel "
		  "has it",
		  *name ? name : "it");
}

static enum iov_status undefined(struct builder *b, const struct slot *at, const struct iov_symbol *symbol)
{
	object_undefined(b->sink, builder_span(b, at), symbol->name);
	return IOV_DIAGNOSED;
}

/* When a program is only shown: an extern for whatever `symbol` is. */
static int32_t show_extern(struct builder *b, const struct iov_symbol *symbol, bool is_func)
{
	const char *name = symbol->section < b->obj->section_count && !*symbol->name
				   ? b->obj->sections[symbol->section].name
				   : symbol->name;
	uint32_t n = b->prog->extern_count;

	for (uint32_t i = 0; i < n; i++)
		if (!strcmp(b->externs[i].name, name))
			return (int32_t)i;
	if (n == b->obj->extern_count + b->obj->symbol_count)
		return 0;
	b->externs[n] = (struct iov_extern){.name = name, .is_func = is_func, .weak = symbol->bind == STB_WEAK};
	return (int32_t)b->prog->extern_count++;
}

static enum iov_status show_load(struct builder *b, const struct slot *at, const struct iov_symbol *symbol)
{
	struct iov_insn *insn = &b->prog->insns[at->slot];

	insn->src = LD_BTF_ID;
	insn[1].imm = insn->imm;
	insn->imm = show_extern(b, symbol, false);
	return IOV_OK;
}

static bool is_map(const struct iov_btf *btf, uint32_t var)
{
	const struct iov_btf_type *maps = btf_type(btf, btf_find(btf, ".maps", BTF_KIND_DATASEC));

	for (uint32_t i = 0; maps && i < maps->count; i++)
		if (maps->members[i].type == var)
			return true;
	return false;
}

/* A struct as __uint() and __type() make it: a map whose declaration has no section, so that the types of its key and
 * value stay declarations, too. */
static bool describes_map(const struct iov_btf *btf, uint32_t var)
{
	const struct iov_btf_type *t = btf_type(btf, btf_strip(btf, btf->types[var].type)), *type;
	bool found = false;

	for (uint32_t i = 0; t && t->kind == BTF_KIND_STRUCT && i < t->count; i++) {
		type = btf_type(btf, btf_strip(btf, t->members[i].type));
		if (type->kind != BTF_KIND_PTR)
			return false;
		type = btf_type(btf, btf_strip(btf, type->type));
		found |= type && type->kind == BTF_KIND_ARRAY && !strcmp(t->members[i].name, "type");
	}
	return found;
}

/* A map that another object will define, as it is declared here. */
static enum iov_status declared_map(struct builder *b, const struct slot *at, uint32_t var)
{
	struct iov_insn *insn = &b->prog->insns[at->slot];
	const char *name = b->obj->btf->types[var].name;
	enum iov_status status = IOV_OK;
	struct iov_map_def *map;
	uint32_t i = 0;

	while (i < b->prog->map_count && !(b->prog->maps[i]->unlinked && !strcmp(b->prog->maps[i]->name, name)))
		i++;
	if (i == b->prog->map_count) {
		status = map_declared(b->obj, var, b->arena, b->sink, &map);
		if (status)
			return status;
		map->unlinked = true;
		map->where = builder_span(b, at);
		b->prog->maps[b->prog->map_count++] = map;
	}
	insn->src = LD_MAP_FD;
	insn->imm = (int32_t)i;
	insn[1].imm = 0;
	return IOV_OK;
}

/* A map or variable that another object will define. */
static enum iov_status declared_address(struct builder *b, const struct slot *at, const struct iov_symbol *symbol)
{
	const struct iov_btf *btf = b->obj->btf;
	uint32_t var = btf ? btf_find(btf, symbol->name, BTF_KIND_VAR) : 0;
	int64_t size = var ? btf_size(btf, btf_type(btf, var)->type) : 0;
	struct iov_extern *x;

	if (!*symbol->name)
		return undefined(b, at, symbol);
	if (var && is_map(btf, var))
		return declared_map(b, at, var);
	if (size > 0 && (size > INT32_MAX || b->prog->insns[at->slot].imm))
		return undefined(b, at, symbol);
	show_load(b, at, symbol);
	x = &b->externs[b->prog->insns[at->slot].imm];
	x->unlinked_size = size > 0 ? (uint32_t)size : 0;
	x->unknown = size <= 0 || (var && describes_map(btf, var));
	return IOV_OK;
}

static enum iov_status load_extern(struct builder *b, const struct slot *at, uint32_t symbol)
{
	int64_t index = extern_of(b, symbol);
	struct iov_insn *insn = &b->prog->insns[at->slot];

	if (index == UNPLACED && b->show)
		return show_load(b, at, &b->obj->symbols[symbol]);
	if (index == UNPLACED)
		return (b->unlinked ? declared_address : undefined)(b, at, &b->obj->symbols[symbol]);
	if (b->obj->externs[index].kind == IOV_EXTERN_KCONFIG) {
		for (uint32_t i = 0; i < b->obj->map_count; i++)
			if (b->obj->maps[i]->origin == IOV_MAP_KCONFIG)
				return load_map_value(b, at, i, (int64_t)b->obj->externs[index].offset + insn->imm);
		return IOV_BUG;
	}
	insn->src = LD_BTF_ID;
	insn->imm = place_extern(b, (uint32_t)index);
	insn[1].imm = 0;
	return IOV_OK;
}

/* A map's name is its first byte whatever the instruction adds, as for other loaders: what binutils before 2.41 adds is
 * the map's place in its section once more. */
static int64_t named_map(const struct iov_object *obj, const struct iov_symbol *symbol)
{
	int64_t map = symbol->type == STT_SECTION ? UNPLACED : map_at(obj, symbol->section, (int64_t)symbol->value);

	return map != UNPLACED && obj->maps[map]->origin == IOV_MAP_USER ? map : UNPLACED;
}

static enum iov_status load_address(struct builder *b, const struct slot *at, const struct iov_reloc *rel,
				    int64_t *callee)
{
	const struct iov_symbol *symbol = &b->obj->symbols[rel->symbol];
	struct iov_insn *insn = &b->prog->insns[at->slot];
	int64_t offset, map;

	if (symbol->section == SHN_UNDEF)
		return load_extern(b, at, rel->symbol);
	if (symbol->section >= b->obj->section_count || symbol->value > INT32_MAX)
		return FAIL(b, at, REFERENCE_BAD, "%s has no place in memory", symbol->name);
	offset = (int64_t)symbol->value + insn->imm;
	if (section_is_code(&b->obj->sections[symbol->section])) {
		insn->src = LD_FUNC;
		insn[1].imm = 0;
		return refer_to_func(b, at, symbol->section, offset, callee);
	}
	map = named_map(b->obj, symbol);
	if (map == UNPLACED)
		map = map_at(b->obj, symbol->section, offset);
	if (map == UNPLACED && b->show)
		return show_load(b, at, symbol);
	if (map == UNPLACED && !strncmp(b->obj->sections[symbol->section].name, ".addr_space.", 12))
		return FAIL(b, at, V_UNSUPPORTED, "not supported yet: variables in an arena, as `%s` is", symbol->name);
	if (map == UNPLACED)
		return FAIL(b, at, REFERENCE_BAD,
			    "%s in section %s is neither a map nor a variable that programs can reach",
			    *symbol->name ? symbol->name : "what stands", b->obj->sections[symbol->section].name);
	if (b->obj->maps[map]->origin != IOV_MAP_USER)
		return load_map_value(b, at, (uint32_t)map, offset);
	insn->src = LD_MAP_FD;
	insn->imm = place_map(b, at, (uint32_t)map);
	insn[1].imm = 0;
	return IOV_OK;
}

/* int f(); says nothing of its parameters: BTF has it end with a parameter without a type, as f(int, ...). */
static bool has_prototype(const struct iov_btf *btf, uint32_t func)
{
	const struct iov_btf_type *proto = btf_type(btf, btf_type(btf, func)->type);

	return proto && (!proto->count || proto->members[proto->count - 1].type);
}

/* A call of a function that another object will define. */
static enum iov_status declared_call(struct builder *b, const struct slot *at, const struct iov_symbol *symbol)
{
	uint32_t func = b->obj->btf ? btf_find(b->obj->btf, symbol->name, BTF_KIND_FUNC) : 0;
	struct iov_insn *insn = &b->prog->insns[at->slot];
	struct iov_extern *x;

	if (!*symbol->name)
		return undefined(b, at, symbol);
	insn->imm = show_extern(b, symbol, true);
	x = &b->externs[insn->imm];
	x->unknown = !func || !has_prototype(b->obj->btf, func);
	if (!x->unknown && !x->unlinked && !(x->unlinked = subs_declared(b, symbol->name, func)))
		return IOV_NOMEM;
	return IOV_OK;
}

static enum iov_status call_symbol(struct builder *b, const struct slot *at, const struct iov_reloc *rel,
				   int64_t *callee)
{
	const struct iov_symbol *symbol = &b->obj->symbols[rel->symbol];
	struct iov_insn *insn = &b->prog->insns[at->slot];
	int64_t index;

	if (symbol->section == SHN_UNDEF) {
		index = extern_of(b, rel->symbol);
		insn->src = CALL_KFUNC;
		if (index == UNPLACED && b->show) {
			insn->imm = show_extern(b, symbol, true);
			return IOV_OK;
		}
		if (index == UNPLACED && b->unlinked)
			return declared_call(b, at, symbol);
		if (index == UNPLACED || b->obj->externs[index].kind != IOV_EXTERN_KFUNC)
			return undefined(b, at, symbol);
		insn->imm = place_extern(b, (uint32_t)index);
		return IOV_OK;
	}
	if (symbol->section >= b->obj->section_count || !section_is_code(&b->obj->sections[symbol->section]) ||
	    symbol->value > INT32_MAX)
		return FAIL(b, at, CALL_BAD, "%s is called, but is not a function", symbol->name);
	insn->src = CALL_SUBPROG;
	return refer_to_func(b, at, symbol->section, (int64_t)symbol->value + ((int64_t)insn->imm + 1) * 8, callee);
}

enum iov_status refs_resolve(struct builder *b, const struct slot *at, const struct iov_reloc *rel, int64_t *callee)
{
	const struct iov_insn *insn = &b->prog->insns[at->slot];
	uint32_t section = b->obj->funcs[at->func].section;

	if (isa_is_wide(insn)) {
		const struct iov_object_func *f = &b->obj->funcs[at->func];

		if (rel && rel->type == IOV_R_BPF_64_64 && at->offset + 16 <= f->offset + f->size)
			return load_address(b, at, rel, callee);
		if (!rel && !insn->src)
			return IOV_OK;
		return FAIL(b, at, RELOC_BAD,
			    rel ? "a 16-byte load cannot take a relocation of type %u"
				: "a 16-byte load of kind %u needs a relocation",
			    rel ? rel->type : insn->src);
	}
	if (rel && (insn->code != CALL || rel->type != IOV_R_BPF_64_32))
		return rel->type == IOV_R_BPF_NONE ? IOV_OK :
		       FAIL(b, at, RELOC_BAD, "the instruction cannot take a relocation of type %u", rel->type);
	if (insn->code != CALL)
		return IOV_OK;
	if (rel)
		return call_symbol(b, at, rel, callee);
	if (insn->src == CALL_SUBPROG)
		return refer_to_func(b, at, section, (int64_t)at->offset + ((int64_t)insn->imm + 1) * 8, callee);
	return insn->src == CALL_KFUNC ? FAIL(b, at, RELOC_BAD, "a call of a kfunc needs a relocation") : IOV_OK;
}
