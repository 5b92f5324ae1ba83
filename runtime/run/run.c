/* SPDX-License-Identifier: Apache-2.0 */
/* iovrun from options to report: open, set parameters and sizes of maps, load (which verifies), fill maps, replay,
 * report. */
#include "runtime/run/run.h"
#include "asm/base/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const engines[] = {"auto", "interp", "jit", "checked", NULL};
static const char *const clocks[] = {"pcap", "real", NULL};

#define FIELD(name) offsetof(struct run_options, name)
const struct iov_option run_option_table[] = {
	{0, "in", IOV_OPT_STRING, FIELD(in), "FILE",
	 "recording to run through the program: pcap or pcapng, `-` is standard input", NULL},
	{'o', "out", IOV_OPT_STRING, FIELD(out), "FILE", "write the packets that go on as the program left them", NULL},
	{0, "keep", IOV_OPT_LIST, FIELD(keep), "VERDICT",
	 "verdict that lets a packet go on, by name or number, or `all` (default: pass, tx, redirect)", NULL},
	{0, "program", IOV_OPT_STRING, FIELD(program), "NAME", "program of the module (default: its only or first one)",
	 NULL},
	{0, "list", IOV_OPT_FLAG, FIELD(list), NULL, "list the programs and maps of the module, and run nothing", NULL},
	{0, "type", IOV_OPT_LIST, FIELD(type), "[PROGRAM=]TYPE",
	 "type of a program (xdp, tc, socket, …) whose section's name does not say it", NULL},
	{0, "rules", IOV_OPT_STRING, FIELD(rules), "FILE",
	 "YAML with `maps` to fill and `parameters` to set before the run", NULL},
	{0, "set", IOV_OPT_LIST, FIELD(set), "NAME=VALUE", "set a global variable of the module before it is verified",
	 NULL},
	{0, "kconfig", IOV_OPT_STRING, FIELD(kconfig), "FILE",
	 "give the module the values it asks for of a kernel's configuration, as /boot/config-* has them", NULL},
	{0, "entries", IOV_OPT_LIST, FIELD(entries), "MAP=N",
	 "give a map room for N entries instead of what the module says", NULL},
	{0, "engine", IOV_OPT_ENUM, FIELD(engine), "ENGINE",
	 "auto, interp, jit, or checked: slow, every access is checked and the verifier's claims with it", engines},
	{0, "platform", IOV_OPT_STRING, FIELD(platform), "NAME",
	 "verify for this platform, shipped or a .yaml file (default: iovrun)", NULL},
	{0, "target-btf", IOV_OPT_STRING, FIELD(target_btf), "FILE",
	 "resolve CO-RE against these types: BTF, an ELF file with BTF, or auto for the running kernel", NULL},
	{0, "clock", IOV_OPT_ENUM, FIELD(clock), "CLOCK",
	 "what the program reads as time: the recording's (pcap) or the machine's (real)", clocks},
	{0, "repeat", IOV_OPT_UINT, FIELD(repeat), "N", "run the recording N times; outputs are those of the first",
	 NULL},
	{0, "port", IOV_OPT_UINT, FIELD(port), "N", "interface number that packets come from (default: 1)", NULL},
	{0, "cpus", IOV_OPT_UINT, FIELD(cpus), "N", "slots of per-CPU maps (default: 1)", NULL},
	{0, "seed", IOV_OPT_UINT, FIELD(seed), "N", "seed of random numbers and hash functions (default: 1)", NULL},
	{0, "verify-budget", IOV_OPT_UINT, FIELD(budget), "N", "instructions that verification may process", NULL},
	{0, "maps", IOV_OPT_FLAG, FIELD(maps), NULL, "print the maps after the run", NULL},
	{0, "events", IOV_OPT_FLAG, FIELD(events), NULL, "print the records of ring buffers", NULL},
	{0, "json", IOV_OPT_FLAG, FIELD(json), NULL, "report as JSON", NULL},
	{0, "no-timing", IOV_OPT_FLAG, FIELD(no_timing), NULL,
	 "leave time and speed out of the report, so that it is the same each time", NULL},
	{0, "code", IOV_OPT_STRING, FIELD(code), "FILE",
	 "write the machine code of the programs as assembler source, each instruction with what was made of it", NULL},
	{0, "harden-constants", IOV_OPT_FLAG, FIELD(blind), NULL,
	 "no constant of the program stands in machine code as it is (against JIT spraying)", NULL},
	{0, "harden-branches", IOV_OPT_FLAG, FIELD(retpoline), NULL,
	 "indirect branches in machine code are guarded against misprediction (retpolines; BTI and barriers on arm64)",
	 NULL},
	{0, "conformance", IOV_OPT_FLAG, FIELD(conformance), NULL,
	 "read one program in hex from standard input, run it on the operand's bytes, print r0 in hex (a plugin of the "
	 "bpf_conformance suite)",
	 NULL},
	{0, "elf", IOV_OPT_FLAG, FIELD(elf), NULL, "with --conformance: standard input is an object in hex", NULL},
	{0, "verdicts", IOV_OPT_STRING, FIELD(verdicts), "FILE", "write every packet's verdict as CSV", NULL},
	{0},
};

unsigned run_hardening(const struct run_options *options)
{
	return (options->blind ? (unsigned)IOV_HARDEN_CONSTANTS : 0) |
	       (options->retpoline ? (unsigned)IOV_HARDEN_BRANCHES : 0);
}

enum iov_status run_status(enum iov_result result)
{
	static const enum iov_status statuses[] = {
		[IOV_R_OK] = IOV_OK,           [IOV_R_INPUT] = IOV_DIAGNOSED, [IOV_R_MEMORY] = IOV_NOMEM,
		[IOV_R_USAGE] = IOV_DIAGNOSED, [IOV_R_BUG] = IOV_BUG,
	};

	return statuses[result];
}

/* NAME=VALUE, cut in two. */
static enum iov_status split(struct run *run, const char *option, const char *form, const char *item, char **name,
			     char **value)
{
	char *equals;

	*name = arena_strdup(run->arena, item);
	equals = *name ? strchr(*name, '=') : NULL;
	if (*name && !equals) {
		diag_add(run->sink, DIAG_USAGE, IOV_NOWHERE, "%s takes %s, not `%s`", option, form, item);
		return IOV_USAGE;
	}
	if (!equals)
		return IOV_NOMEM;
	*equals = 0;
	*value = equals + 1;
	return IOV_OK;
}

static enum iov_status set_config(struct run *run)
{
	const char *path = run->options->kconfig;
	enum iov_status status;
	struct iov_buf file;

	if (!path)
		return IOV_OK;
	buf_init(&file, NULL);
	status = input_read(path, 0, &file, run->sink);
	if (!status && file.len > 1 && !memcmp(file.data, "\x1f\x8b", 2)) {
		diag_hint(diag_add(run->sink, DIAG_FILE_READ, IOV_NOWHERE, "%s is compressed", path),
			  "decompress it: zcat %s > config", path);
		status = IOV_DIAGNOSED;
	}
	if (!status)
		status = run_status(
			iov_module_set_config(run->module, (const char *)file.data, file.len, path, run->sink));
	buf_free(&file);
	return status;
}

static enum iov_status set_parameters(struct run *run)
{
	const struct iov_option_list *set = &run->options->set;
	enum iov_status status = IOV_OK;
	char *name, *value;

	for (size_t i = 0; i < set->count && !status; i++) {
		status = split(run, "--set", "NAME=VALUE", set->items[i], &name, &value);
		if (!status)
			status = run_status(iov_module_set(run->module, name, value, run->sink));
	}
	return status;
}

static enum iov_status set_types(struct run *run)
{
	const struct iov_option_list *types = &run->options->type;
	enum iov_status status = IOV_OK;
	char *name, *value;

	for (size_t i = 0; i < types->count && !status; i++) {
		const char *type = types->items[i];

		name = NULL;
		if (strchr(type, '='))
			status = split(run, "--type", "PROGRAM=TYPE", type, &name, &value);
		if (!status)
			status = run_status(iov_module_set_type(run->module, name, name ? value : type, run->sink));
	}
	return status;
}

static enum iov_status size_maps(struct run *run)
{
	const struct iov_option_list *sizes = &run->options->entries;
	enum iov_status status = IOV_OK;
	char *name, *value, *end;

	for (size_t i = 0; i < sizes->count && !status; i++) {
		unsigned long long n;

		status = split(run, "--entries", "MAP=N", sizes->items[i], &name, &value);
		if (status)
			break;
		errno = 0;
		n = strtoull(value, &end, 0);
		if (errno || !*value || *value == '-' || *end || n > UINT32_MAX) {
			diag_add(run->sink, DIAG_USAGE, IOV_NOWHERE,
				 "--entries takes a number of 32 bits after `%s=`, not `%s`", name, value);
			return IOV_USAGE;
		}
		status = run_status(iov_module_set_entries(run->module, name, (uint32_t)n, run->sink));
	}
	return status;
}

/* A module with a program array needs all its programs; else the one that was asked for is enough. */
static bool needs_all(const struct iov_object *obj)
{
	enum { PROG_ARRAY = 3 };

	for (uint32_t i = 0; i < obj->map_count; i++)
		if (obj->maps[i]->type == PROG_ARRAY)
			return true;
	return false;
}

static enum iov_status load(struct run *run)
{
	const struct run_options *o = run->options;
	const struct iov_load_options how = {
		.platform = o->platform,
		.program = needs_all(run->module->object) ? NULL : o->program,
		.engine = (enum iov_engine_choice)o->engine,
		.cpus = (uint32_t)o->cpus,
		.seed = o->seed ? o->seed : 1,
		.verify_budget = o->budget,
		.target_btf = o->target_btf,
		.harden_constants = o->blind,
		.harden_branches = o->retpoline,
	};
	enum iov_status status = run_status(iov_module_load(run->module, &how, run->sink));

	if (status)
		return status;
	run->program = iov_module_program(run->module, o->program);
	if (run->program)
		return IOV_OK;
	diag_add(run->sink, DIAG_PROGRAM_CHOICE, IOV_NOWHERE, "%s has no program `%s` that is loaded",
		 run->module->object->name, o->program);
	return IOV_DIAGNOSED;
}

static enum iov_status prepare(struct run *run, const char *path)
{
	const struct iov_yaml *rules = NULL;
	enum iov_status status = rules_read(run, &rules);

	if (!status)
		status = run_status(iov_module_open_file(path, NULL, run->sink, &run->module));
	if (!status)
		status = set_config(run);
	if (!status)
		status = rules_parameters(run, rules);
	if (!status)
		status = set_parameters(run);
	if (!status)
		status = set_types(run);
	if (!status)
		status = size_maps(run);
	if (!status && run->options->list)
		return IOV_OK;
	if (!status)
		status = load(run);
	if (!status && run->options->code)
		status = code_write(run);
	if (!status)
		status = rules_maps(run->module, rules, run->arena, run->sink);
	return status;
}

static enum iov_status replay_and_tell(struct run *run, struct iov_buf *out)
{
	enum iov_status status = replay(run);

	if (!status)
		report(run, out);
	return status;
}

static enum iov_status run_and_report(struct run *run)
{
	enum iov_status status = IOV_OK;
	struct iov_buf out = {0};

	if (run->options->in && !run->options->list)
		status = rec_read(run->options->in, run->arena, run->sink, &run->frames);
	if (!status && run->options->list)
		list_module(run, &out);
	else if (!status)
		status = replay_and_tell(run, &out);
	if (!status)
		status = out.failed ? IOV_NOMEM : output_write("-", out.data, out.len, run->sink);
	buf_free(&out);
	return status;
}

/* NULL: the options can be followed. */
static const char *misuse(const struct run_options *o, const struct iov_option_list *operands)
{
	unsigned outputs = (o->out && !strcmp(o->out, "-")) + (o->verdicts && !strcmp(o->verdicts, "-"));

	if (o->conformance)
		return operands->count > 1 ? "--conformance takes one operand at most: memory in hex" : NULL;
	if (o->elf)
		return "--elf belongs to --conformance: a module is an object anyway";
	if (operands->count != 1)
		return "iovrun takes one module: iovrun MODULE.o --in traffic.pcap";
	if (o->cpus > 1024)
		return "--cpus takes at most 1024";
	if (o->port > UINT32_MAX)
		return "--port takes a number of 32 bits";
	if (outputs)
		return "the report goes to standard output: --out and --verdicts take files";
	if (!o->in && (o->out || o->verdicts || o->keep.count))
		return "--out, --keep and --verdicts are about a recording: name one with --in";
	return NULL;
}

enum iov_status run_tool(void *options, const struct iov_option_list *operands, struct iov_arena *arena,
			 struct iov_sink *sink)
{
	struct run_options *o = options;
	struct run run = {.options = o, .arena = arena, .sink = sink};
	const char *wrong = misuse(o, operands);
	enum iov_status status;

	if (wrong) {
		diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "%s", wrong);
		return IOV_USAGE;
	}
	if (o->conformance)
		return conformance_run(o, operands, arena, sink);
	o->repeat = o->repeat ? o->repeat : 1;
	status = prepare(&run, operands->items[0]);
	if (!status)
		status = run_and_report(&run);
	iov_module_close(run.module);
	buf_free(&run.trace);
	buf_free(&run.event_text);
	buf_free(&run.verdict_csv);
	return status;
}
