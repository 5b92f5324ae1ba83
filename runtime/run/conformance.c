/* SPDX-License-Identifier: Apache-2.0 */
/* --conformance: one program in, one number out, as the plugins of the public bpf_conformance suite do it (its README,
 * "bpf_conformance_runner plugins"). The program comes in hex from standard input: instructions, or with --elf an
 * object. The operand is memory in hex, before the options or behind them. r1 is its address, r2 its length; helper 5
 * returns its first argument; r0 goes to standard output in hex. A message and exit code 1 for what cannot be run.
 *
 * The program is verified like any other. Memory is the value of an array map that the program is handed by three slots
 * put before it, so that the verifier knows its size and every engine can be asked. What it refuses, unproved.c has the
 * checked engine run, with a warning. */
#include "runtime/run/run.h"
#include "asm/base/output.h"

#include <inttypes.h>
#include <string.h>

enum { PREFIX = 3, IDENTITY = 5, MOST_BYTES = 1 << 26, ARRAY = 2, MOST_STEPS = 1 << 26 };

static const char standard_input[] = "(standard input)";

struct plugin {
	const struct run_options *options;
	struct iov_arena *arena;
	struct iov_sink *sink;
	struct iov_map_def memory;
	struct iov_map *map;
	struct iov_prog prog;
	struct iov_helper identity;
	struct iov_platform platform;
};

static enum iov_status refuse(struct plugin *p, const char *what)
{
	diag_add(p->sink, DIAG_CONFORMANCE_INPUT, IOV_NOWHERE, "%s", what);
	return IOV_DIAGNOSED;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* Blanks between bytes are allowed. */
static enum iov_status from_hex(struct plugin *p, const char *text, size_t len, const char *what, uint8_t **out,
				size_t *count)
{
	uint8_t *bytes = arena_alloc(p->arena, len / 2 + 1);

	*out = bytes;
	*count = 0;
	for (size_t i = 0; bytes && i < len; i++) {
		if (is_blank(text[i]))
			continue;
		if (i + 1 >= len || digit(text[i]) < 0 || digit(text[i + 1]) < 0)
			return refuse(p, what);
		bytes[(*count)++] = (uint8_t)(digit(text[i]) << 4 | digit(text[i + 1]));
		i++;
	}
	return bytes ? IOV_OK : IOV_NOMEM;
}

/* Instructions behind the prefix; where functions begin is what calls and references name. */
static enum iov_status split(struct plugin *p)
{
	struct iov_prog *prog = &p->prog;
	bool *starts = arena_alloc(p->arena, prog->count);
	uint32_t subs = 1;

	if (!starts)
		return IOV_NOMEM;
	for (uint32_t i = PREFIX; i < prog->count; i += isa_is_wide(&prog->insns[i]) ? 2 : 1) {
		const struct iov_isa_row *row = isa_find(&prog->insns[i]);
		bool jumps = row && (row->kind == ISA_K_JA || row->kind == ISA_K_JCC || row->kind == ISA_K_MAY_GOTO);
		bool names = row && (row->oper == ISA_O_SUBPROG || row->oper == ISA_O_FUNC);
		int64_t to = jumps || names ? isa_target(row, &prog->insns[i], i) : PREFIX;

		if (to < PREFIX || (names && to >= prog->count))
			return refuse(p, jumps ? "a jump goes out of the program" : "a call goes out of the program");
		if (!names)
			continue;
		subs += !starts[to];
		starts[to] = true;
	}
	prog->subs = arena_array(p->arena, subs, sizeof(*prog->subs));
	if (!prog->subs)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < prog->count; i++) {
		if (!i || starts[i]) {
			struct iov_subprog *sub = &prog->subs[prog->sub_count++];

			*sub = (struct iov_subprog){.name = i ? "function" : "main", .start = i};
		}
		prog->subs[prog->sub_count - 1].count++;
	}
	return IOV_OK;
}

static enum iov_status from_instructions(struct plugin *p, const uint8_t *bytes, size_t size)
{
	if (!size || size % 8)
		return refuse(p, "a program is a number of instructions of 8 bytes each");
	p->prog.count = PREFIX + (uint32_t)(size / 8);
	p->prog.insns = arena_array(p->arena, p->prog.count, sizeof(*p->prog.insns));
	if (!p->prog.insns)
		return IOV_NOMEM;
	for (uint32_t i = PREFIX; i < p->prog.count; i++)
		isa_decode(bytes + 8 * (size_t)(i - PREFIX), false, &p->prog.insns[i]);
	return split(p);
}

/* The object's first program; of one that declares none, the code of its first section that has any. */
static enum iov_status from_object(struct plugin *p, const uint8_t *bytes, size_t size)
{
	struct iov_object *obj;
	struct iov_prog *prog;
	enum iov_status status = object_read(bytes, size, standard_input, p->arena, p->sink, &obj);

	if (status)
		return status;
	if (!obj->prog_count && obj->func_count) {
		const struct iov_section *code = &obj->sections[obj->funcs[0].section];

		return from_instructions(p, code->data, code->size);
	}
	if (!obj->prog_count)
		return refuse(p, "the object holds no code");
	status = object_prog(obj, 0, NULL, p->arena, p->sink, &prog);
	if (status)
		return status;
	if (prog->map_count)
		return refuse(p, "the program uses maps, and here is nobody to make them");
	p->prog.count = prog->count + PREFIX;
	p->prog.insns = arena_array(p->arena, p->prog.count, sizeof(*prog->insns));
	if (!p->prog.insns)
		return IOV_NOMEM;
	memcpy(p->prog.insns + PREFIX, prog->insns, prog->count * sizeof(*prog->insns));
	return split(p);
}

/* r1 = memory; r2 = its size. */
static void hand_over(struct plugin *p, size_t size)
{
	struct iov_insn *insns = p->prog.insns;

	insns[0] = (struct iov_insn){.code = 0x18, .dst = IOV_R1, .src = size ? 2 : 0};
	insns[1] = (struct iov_insn){0};
	insns[2] = (struct iov_insn){.code = 0xb7, .dst = IOV_R2, .imm = (int32_t)size};
}

/* What is no instruction: its bytes, as they came. */
static void print_insn(struct iov_buf *text, const struct iov_insn *insn, uint32_t at)
{
	uint8_t bytes[8];

	if (isa_find(insn)) {
		isa_print(text, insn, at, IOV_DIALECT_KERNEL, NULL);
		return;
	}
	isa_encode(insn, false, bytes);
	for (size_t i = 0; i < sizeof(bytes); i++)
		buf_printf(text, "%02x", bytes[i]);
}

/* Messages show instructions as they are, in lines numbered as the program has them. */
static bool number_lines(struct plugin *p)
{
	struct iov_prog *prog = &p->prog;
	struct iov_line *lines = arena_array(p->arena, prog->count, sizeof(*lines));
	struct iov_buf text = {0};

	for (uint32_t i = 0; lines && i < prog->count; i++) {
		text.len = 0;
		if (i >= PREFIX)
			print_insn(&text, &prog->insns[i], i);
		lines[i] = (struct iov_line){.insn = i, .file = standard_input,
					     .line = i < PREFIX ? 1 : i - PREFIX + 1,
					     .text = arena_strdup(p->arena, buf_cstr(&text))};
	}
	buf_free(&text);
	prog->lines = lines;
	prog->line_count = lines ? prog->count : 0;
	return lines != NULL;
}

static enum iov_status read_program(struct plugin *p, size_t memory_size)
{
	struct iov_buf text = {0};
	uint8_t *bytes;
	size_t size;
	enum iov_status status = input_read("-", MOST_BYTES, &text, p->sink);

	if (!status)
		status = from_hex(p, (const char *)text.data, text.len,
				  "standard input is not the program's bytes in hexadecimal digits", &bytes, &size);
	buf_free(&text);
	if (!status)
		status = p->options->elf ? from_object(p, bytes, size) : from_instructions(p, bytes, size);
	if (status)
		return status;
	hand_over(p, memory_size);
	return number_lines(p) ? IOV_OK : IOV_NOMEM;
}

static enum iov_status make_memory(struct plugin *p, const char *operand, size_t *size)
{
	const struct iov_map_options options = {.cpus = 1, .seed = 1};
	uint8_t *bytes;
	uint32_t key = 0;
	enum iov_status status =
		from_hex(p, operand, strlen(operand), "memory is not bytes in hexadecimal digits", &bytes, size);

	p->memory = (struct iov_map_def){.name = "memory", .type = ARRAY, .key_size = 4, .max_entries = 1,
					 .value_size = (uint32_t)*size};
	if (status || !*size)
		return status;
	status = map_create(&p->memory, &options, NULL, p->sink, &p->map);
	if (!status && map_write(p->map, &key, bytes, 0))
		status = IOV_BUG;
	return status;
}

static uint64_t identity(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	(void)r2, (void)r3, (void)r4, (void)r5, (void)env;
	return r1;
}

static iov_helper_fn *helper_of(void *ud, const char *name)
{
	(void)ud;
	return strcmp(name, "identity") ? NULL : identity;
}

static struct iov_map *map_of(void *ud, const struct iov_map_def *def)
{
	(void)def;
	return ((struct plugin *)ud)->map;
}

/* This runtime's platform with helper 5 as the suite has it, and no other helper. */
static enum iov_status make_platform(struct plugin *p)
{
	const struct iov_helper **helpers = arena_array(p->arena, 1, sizeof(*helpers));

	if (!helpers)
		return IOV_NOMEM;
	p->identity = (struct iov_helper){.id = IDENTITY, .name = "identity", .decl = "u64 identity(u64 value)",
					  .ret = IOV_RET_SCALAR, .args = {IOV_ARG_ANY}, .flags = IOV_HF_BASE,
					  .ret_min = INT64_MIN, .ret_max = INT64_MAX, .complete = true};
	helpers[0] = &p->identity;
	p->platform = *platform_shipped("iovrun");
	p->platform.rules |= IOV_RULE_POINTERS_IN_MAPS; /* addresses are numbers here, as for root in Linux */
	p->platform.helpers = helpers;
	p->platform.helper_count = 1;
	return IOV_OK;
}

/* What the program did, without the instruction, which the verifier's word shows, and the address. */
static const char *violation(const struct iov_checked *checked)
{
	const char *what = strrchr(checked->text, '`'), *value = what ? strstr(what, " = 0x") : NULL;

	value = value ? strchr(value + 3, ' ') : NULL;
	return value ? value + 1 : checked->text;
}

static enum iov_status run_image(struct plugin *p, const struct iov_image *image)
{
	struct iov_checked checked = {.max_steps = image->facts->accepted ? 0 : MOST_STEPS};
	struct iov_ctx ctx = {0};
	struct iov_env env = {.checked = &checked};
	struct iov_buf out = {0};
	uint64_t r0 = image_run(image, &env, &ctx);
	enum iov_status status;

	if (checked.cut)
		return refuse(p, "the program does not end");
	if (checked.failed && !image->facts->accepted)
		return refuse(p, arena_printf(p->arena, "the run ends where the program %s", violation(&checked)));
	if (checked.failed) {
		diag_add(p->sink, DIAG_CHECKED_VIOLATION, IOV_NOWHERE, "%s", checked.text);
		return IOV_BUG;
	}
	buf_printf(&out, "%" PRIx64 "\n", r0);
	status = out.failed ? IOV_NOMEM : output_write("-", out.data, out.len, p->sink);
	buf_free(&out);
	return status;
}

/* Either the verifier's word on it becomes the answer, or the run does. */
static enum iov_status run_unproved(struct plugin *p, const struct iov_load *how, const struct iov_sink *verdict)
{
	struct iov_image *image;
	enum iov_status status = unproved_may_run(verdict) ? unproved_load(&p->prog, how, p->arena, &image)
							   : IOV_DIAGNOSED;

	if (status == IOV_OK)
		status = run_image(p, image);
	for (const struct iov_diag *d = verdict->first; d; d = d->next) {
		if (status)
			diag_copy(p->sink, d, d->severity);
		else if (d->severity == IOV_ERROR)
			diag_hint(diag_add(p->sink, DIAG_CONFORMANCE_UNPROVED, d->span,
					   "the verifier refuses this program: %s [%s]", d->message, diag_code(d->id)),
				  "it was run in the checked engine; no other runs what is not proved");
	}
	return status;
}

static enum iov_status load_and_run(struct plugin *p, const struct iov_load *how)
{
	struct iov_image *image;
	struct iov_sink verdict;
	enum iov_status status;

	sink_init(&verdict, p->arena->alloc);
	status = image_load(&p->prog, how, p->arena, &verdict, &image);
	if (status == IOV_DIAGNOSED) {
		status = run_unproved(p, how, &verdict);
	} else if (!status) {
		status = run_image(p, image);
		jit_free(image);
	}
	sink_free(&verdict);
	return status;
}

static enum iov_status run(struct plugin *p, const char *memory)
{
	const struct iov_map_def *maps[] = {&p->memory};
	struct iov_load how = {.platform = &p->platform, .engine = (enum iov_engine)p->options->engine,
			       .budget = p->options->budget, .map_of = map_of, .helper_of = helper_of, .ud = p,
			       .hardening = run_hardening(p->options)};
	size_t size;
	enum iov_status status = make_memory(p, memory, &size);

	p->prog = (struct iov_prog){.name = "conformance", .section = "xdp", .object = standard_input, .type = IOV_XDP,
				    .license = "GPL", .gpl = true, .lead = PREFIX, .maps = maps,
				    .map_count = size != 0};
	if (!status)
		status = make_platform(p);
	if (!status)
		status = read_program(p, size);
	return status ? status : load_and_run(p, &how);
}

enum iov_status conformance_run(const struct run_options *options, const struct iov_option_list *operands,
				struct iov_arena *arena, struct iov_sink *sink)
{
	struct plugin p = {.options = options, .arena = arena, .sink = sink};
	enum iov_status status = run(&p, operands->count ? operands->items[0] : "");

	if (p.map)
		map_destroy(p.map);
	return status;
}
