/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: iovdump's options, and which of them go together. An option that another one leaves without effect is wrong
 * usage: nobody should think that it was obeyed. */
#include "asm/dump_part.h"

#include <stddef.h>

static const char *const cfg_forms[] = {"none", "dot", "svg", NULL};
static const char *const dialects[] = {"kernel", "mnemonic", NULL};

const struct iov_option iov_dump_options[] = {
	{'d', "disassemble", IOV_OPT_FLAG, offsetof(struct iov_dump_options, disassemble), NULL,
	 "list the instructions of every program with labels, names and source lines", NULL},
	{'m', "maps", IOV_OPT_FLAG, offsetof(struct iov_dump_options, maps), NULL,
	 "show the maps: type, sizes, flags, keys and values as C", NULL},
	{'P', "programs", IOV_OPT_FLAG, offsetof(struct iov_dump_options, programs), NULL,
	 "show the programs: section, type, size, functions, helpers and maps", NULL},
	{'T', "types", IOV_OPT_FLAG, offsetof(struct iov_dump_options, types), NULL,
	 "show all types, functions and variables as C declarations", NULL},
	{'s', "symbols", IOV_OPT_FLAG, offsetof(struct iov_dump_options, symbols), NULL, "show the symbol table", NULL},
	{'r', "relocs", IOV_OPT_FLAG, offsetof(struct iov_dump_options, relocs), NULL, "show the relocations", NULL},
	{0, "cfg", IOV_OPT_ENUM, offsetof(struct iov_dump_options, cfg), "FORM",
	 "draw the basic blocks of each program: dot, Graphviz' language, or svg, a picture made by Graphviz' dot",
	 cfg_forms},
	{0, "manifest", IOV_OPT_FLAG, offsetof(struct iov_dump_options, manifest), NULL,
	 "show the records about the object: what was computed and for which platforms it was accepted", NULL},
	{0, "cost", IOV_OPT_FLAG, offsetof(struct iov_dump_options, cost), NULL,
	 "show each program's worst case as it was recorded (iovverify --cost computes it)", NULL},
	{0, "asm", IOV_OPT_FLAG, offsetof(struct iov_dump_options, assembly), NULL,
	 "print the whole object as assembly that iovas turns into the same object", NULL},
	{'p', "program", IOV_OPT_STRING, offsetof(struct iov_dump_options, program), "NAME",
	 "this program or function alone: of -d (which needs not be said), -P, --cost or --cfg", NULL},
	{0, "dialect", IOV_OPT_ENUM, offsetof(struct iov_dump_options, dialect), "NAME",
	 "the language of listings: kernel (r1 += 2) or mnemonic (add r1, 2)", dialects},
	{0, "no-source", IOV_OPT_FLAG, offsetof(struct iov_dump_options, no_source), NULL,
	 "list without the source lines", NULL},
	{0, "plain", IOV_OPT_FLAG, offsetof(struct iov_dump_options, plain), NULL,
	 "list instructions alone, one a line, without names", NULL},
	{'j', "json", IOV_OPT_FLAG, offsetof(struct iov_dump_options, json), NULL, "all that is asked for as JSON",
	 NULL},
	{0},
};

/* What may be asked for beside each other. */
static const struct {
	const char *name;
	size_t at;
	bool by_program; /* -p chooses of it */
} parts[] = {
	{"-d", offsetof(struct iov_dump_options, disassemble), true},
	{"-m", offsetof(struct iov_dump_options, maps), false},
	{"-P", offsetof(struct iov_dump_options, programs), true},
	{"-T", offsetof(struct iov_dump_options, types), false},
	{"-s", offsetof(struct iov_dump_options, symbols), false},
	{"-r", offsetof(struct iov_dump_options, relocs), false},
	{"--manifest", offsetof(struct iov_dump_options, manifest), false},
	{"--cost", offsetof(struct iov_dump_options, cost), true},
};
enum { PART_COUNT = sizeof(parts) / sizeof(*parts) };

static bool is_asked(const struct iov_dump_options *o, size_t part)
{
	return *(const bool *)((const char *)o + parts[part].at);
}

/* The first part that is asked for, or NULL. */
static const char *first_part(const struct iov_dump_options *o)
{
	for (size_t i = 0; i < PART_COUNT; i++)
		if (is_asked(o, i))
			return parts[i].name;
	return NULL;
}

/* The first option that says how a listing looks, or NULL. */
static const char *first_look(const struct iov_dump_options *o)
{
	return o->plain ? "--plain" : o->no_source ? "--no-source" : o->dialect ? "--dialect" : NULL;
}

static enum iov_status refuse(struct iov_sink *sink, const char *alone, const char *other, const char *why)
{
	diag_hint(diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "%s and %s do not go together", alone, other),
		  "%s stands alone: %s", alone, why);
	return IOV_USAGE;
}

static enum iov_status idle(struct iov_sink *sink, const char *option, const char *what, const char *part,
			    const char *hint)
{
	diag_hint(diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "%s %s, and %s has none", option, what, part), "add %s",
		  hint);
	return IOV_USAGE;
}

static enum iov_status check_asm(const struct iov_dump_options *o, struct iov_sink *sink)
{
	const char *other = first_part(o);

	other = other ? other : o->cfg ? "--cfg" : o->json ? "--json" : o->program ? "-p" : o->plain ? "--plain" : NULL;
	other = other || !o->no_source ? other : "--no-source";
	return other ? refuse(sink, "--asm", other, "it prints the whole object as one text, for iovas") : IOV_OK;
}

static enum iov_status check_cfg(const struct iov_dump_options *o, struct iov_sink *sink)
{
	const char *other = first_part(o);

	other = other ? other : o->json ? "--json" : NULL;
	return other ? refuse(sink, "--cfg", other, "it prints one picture") : IOV_OK;
}

/* -p and the looks of a listing, beside parts that they say nothing about. */
static enum iov_status check_parts(const struct iov_dump_options *o, struct iov_sink *sink)
{
	const char *part = first_part(o), *look = first_look(o);
	bool by_program = false;

	for (size_t i = 0; i < PART_COUNT; i++)
		by_program |= parts[i].by_program && is_asked(o, i);
	if (part && o->program && !by_program)
		return idle(sink, "-p", "chooses among programs", part, "-d, -P, --cost or --cfg");
	if (part && look && !o->disassemble)
		return idle(sink, look, "says how a listing looks", part, "-d");
	return IOV_OK;
}

enum iov_status dump_check(const struct iov_dump_options *o, const struct iov_option_list *files, struct iov_sink *sink)
{
	if (!files->count) {
		diag_hint(diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "no object is named"), "iovdump -d module.o");
		return IOV_USAGE;
	}
	if ((o->cfg || o->assembly) && files->count > 1) {
		diag_hint(diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "%s prints one object at a time",
				   o->cfg ? "--cfg" : "--asm"),
			  o->cfg ? "iovdump --cfg=svg %s > picture.svg" : "iovdump --asm %s > module.s",
			  files->items[0]);
		return IOV_USAGE;
	}
	return o->assembly ? check_asm(o, sink) : o->cfg ? check_cfg(o, sink) : check_parts(o, sink);
}

void dump_complete(struct iov_dump_options *o)
{
	bool narrowed = o->programs || o->cost;

	if (o->cfg || (o->program && !narrowed) || first_look(o))
		o->disassemble = true;
	if (!first_part(o))
		o->maps = o->programs = true;
}
