/* SPDX-License-Identifier: Apache-2.0 */
/* Every row of isa.def against llvm-mc-19 -mcpu=v4, in both byte orders and both ways, all rows in one run each:
 *   our text  -> llvm-mc's encoding  = our bytes
 *   our bytes -> llvm-mc's text      parses to our slots
 * What LLVM 19 does not have, or not in this form, is listed by name with the reason; that it still is so is tested. */
#include "asm/isa/isa.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SAMPLES = 24, MAX_LINES = ISA_COUNT * SAMPLES };

static const struct {
	const char *name, *reason;
} exceptions[] = {
	{"CALL_SUBPROG", "LLVM writes 'call N', whatever the callee is"},
	{"CALL_KFUNC", "LLVM writes 'call N', whatever the callee is"},
	{"LD_MAP_FD", "LLVM prints 'ld_pseudo', which it cannot read"},
	{"LD_MAP_VALUE", "LLVM prints 'ld_pseudo', which it cannot read"},
	{"LD_BTF_ID", "LLVM prints 'ld_pseudo', which it cannot read"},
	{"LD_FUNC", "LLVM prints 'ld_pseudo', which it cannot read"},
	{"LD_MAP_IDX", "LLVM prints 'ld_pseudo', which it cannot read"},
	{"LD_MAP_IDX_VALUE", "LLVM prints 'ld_pseudo', which it cannot read"},
	{"LOAD_ACQ8", "came with LLVM 20"}, {"LOAD_ACQ16", "came with LLVM 20"}, {"LOAD_ACQ32", "came with LLVM 20"},
	{"LOAD_ACQ64", "came with LLVM 20"}, {"STORE_REL8", "came with LLVM 20"}, {"STORE_REL16", "came with LLVM 20"},
	{"STORE_REL32", "came with LLVM 20"}, {"STORE_REL64", "came with LLVM 20"},
};

struct line {
	const struct iov_isa_row *row;
	struct iov_insn insn[2];
	uint32_t slots;
};

struct run {
	struct line lines[MAX_LINES];
	int count;
	bool failed[ISA_COUNT];
	const char *order; /* "bpfel", "bpfeb" */
	bool big;
};

static const char *exempt(const struct iov_isa_row *row)
{
	for (size_t i = 0; i < sizeof(exceptions) / sizeof(*exceptions); i++) {
		if (!strcmp(exceptions[i].name, row->name))
			return exceptions[i].reason;
	}
	return NULL;
}

static uint64_t next(void)
{
	static uint64_t state = 0x2545f4914f6cdd1du;

	state ^= state << 13, state ^= state >> 7, state ^= state << 17;
	return state;
}

static int32_t any_imm(int n)
{
	static const int32_t edges[] = {0, 1, -1, 127, -128, 65535, INT32_MAX, INT32_MIN};

	return n < 8 ? edges[n] : (int32_t)next();
}

/* Operands over their whole range, but for what llvm-mc 19 cannot write: gotol beyond 16 bits, an offset in skb[r1]. */
static void sample(const struct iov_isa_row *row, int n, struct line *line)
{
	static const int16_t edges[] = {0, 1, -1, INT16_MAX, INT16_MIN};
	struct iov_insn *insn = line->insn;

	*line = (struct line){.row = row, .slots = row->kind == ISA_K_LDIMM64 ? 2 : 1};
	insn->code = row->code;
	if (row->fields & ISA_F_D)
		insn->dst = (uint8_t)(next() % IOV_REGS);
	if (row->fields & ISA_F_S)
		insn->src = (uint8_t)(next() % IOV_REGS);
	if (row->fields & ISA_F_O)
		insn->off = n < 5 ? edges[n] : (int16_t)next();
	if (row->fields & ISA_F_I)
		insn->imm = row->kind == ISA_K_LDIND ? 0 : row->kind == ISA_K_JA ? (int16_t)next() : any_imm(n);
	if (row->sel == ISA_SEL_SRC)
		insn->src = (uint8_t)row->sel_value;
	else if (row->sel == ISA_SEL_OFF)
		insn->off = (int16_t)row->sel_value;
	else if (row->sel == ISA_SEL_IMM)
		insn->imm = row->sel_value;
	if (row->kind == ISA_K_LDIMM64)
		insn[1].imm = any_imm(SAMPLES - 1 - n);
}

static void fail(struct run *run, const struct line *line, const char *way, const char *what)
{
	size_t row = isa_index(line->row);

	if (!run->failed[row])
		printf("FAIL isa %s %s: %s: %.*s\n", run->order, line->row->name, way, (int)strcspn(what, "\n"), what);
	run->failed[row] = true;
}

static void encoded(const struct run *run, const struct line *line, uint8_t bytes[16])
{
	for (uint32_t i = 0; i < line->slots; i++)
		isa_encode(&line->insn[i], run->big, bytes + 8 * i);
}

static FILE *llvm_mc(const struct run *run, const char *options, const char *path)
{
	char command[256];

	snprintf(command, sizeof(command), "llvm-mc-19 --triple=%s -mcpu=v4 %s %s 2>&1", run->order, options, path);
	return popen(command, "r");
}

/* "<path>:17:3: error: ..." names the line that llvm-mc could not read. */
static bool complaint(struct run *run, const char *text, const char *way)
{
	const char *colon = strchr(text, ':');
	int line = colon ? atoi(colon + 1) : 0;

	if (!strstr(text, "error:") && !strstr(text, "warning:"))
		return false;
	if (line > 0 && line <= run->count)
		fail(run, &run->lines[line - 1], way, text);
	return true;
}

static void our_text_to_their_bytes(struct run *run, const char *path)
{
	FILE *file = fopen(path, "w"), *pipe;
	struct iov_buf text = {0};
	char answer[512];
	int at = 0;

	for (int i = 0; i < run->count; i++) {
		text.len = 0;
		isa_print(&text, run->lines[i].insn, 0, IOV_DIALECT_KERNEL, NULL);
		fprintf(file, "%s\n", buf_cstr(&text));
	}
	fclose(file);
	buf_free(&text);
	pipe = llvm_mc(run, "--show-encoding", path);
	while (pipe && fgets(answer, sizeof(answer), pipe)) {
		const char *p = strstr(answer, "encoding: [");
		const struct line *line = &run->lines[at];
		uint8_t bytes[16];
		bool same = p;

		if (complaint(run, answer, "our text, their bytes") || !p || at >= run->count)
			continue;
		encoded(run, line, bytes);
		p += strlen("encoding: [");
		for (uint32_t i = 0; i < 8 * line->slots; i++, p += 5)
			same = same && (uint8_t)strtoul(p, NULL, 16) == bytes[i];
		if (!same)
			fail(run, line, "our text, their bytes", answer + strspn(answer, " \t"));
		at++;
	}
	if (!pipe || pclose(pipe) || at != run->count)
		printf("FAIL isa %s: llvm-mc encoded %d of %d lines\n", run->order, at, run->count);
}

static void their_text(struct run *run, const struct line *line, const char *text)
{
	struct iov_insn got[2] = {0};
	struct iov_isa_parse parsed = isa_parse(text, IOV_DIALECT_KERNEL, got);

	if (!parsed.ok || parsed.slots != line->slots || memcmp(got, line->insn, line->slots * sizeof(*got)))
		fail(run, line, "our bytes, their text", text);
}

static void our_bytes_to_their_text(struct run *run, const char *path)
{
	FILE *file = fopen(path, "w"), *pipe;
	char answer[512];
	int at = 0;

	for (int i = 0; i < run->count; i++) {
		uint8_t bytes[16];

		encoded(run, &run->lines[i], bytes);
		for (uint32_t n = 0; n < 8 * run->lines[i].slots; n++)
			fprintf(file, "0x%02x ", bytes[n]);
		fputc('\n', file);
	}
	fclose(file);
	pipe = llvm_mc(run, "--disassemble", path);
	while (pipe && fgets(answer, sizeof(answer), pipe)) {
		answer[strcspn(answer, "\n")] = 0;
		if (complaint(run, answer, "our bytes, their text") || answer[0] != '\t' || answer[1] == '.')
			continue;
		if (at < run->count)
			their_text(run, &run->lines[at], answer + 1);
		at++;
	}
	if (!pipe || pclose(pipe) || at != run->count)
		printf("FAIL isa %s: llvm-mc decoded %d of %d lines\n", run->order, at, run->count);
}

static void compare(const char *order, const char *path)
{
	static struct run run;

	run = (struct run){.order = order, .big = !strcmp(order, "bpfeb")};
	for (int i = 0; i < ISA_COUNT; i++) {
		for (int n = 0; n < SAMPLES && !exempt(&isa_rows[i]); n++)
			sample(&isa_rows[i], n, &run.lines[run.count++]);
	}
	our_text_to_their_bytes(&run, path);
	our_bytes_to_their_text(&run, path);
	for (int i = 0; i < ISA_COUNT; i++) {
		if (!run.failed[i] && !exempt(&isa_rows[i]))
			printf("PASS isa %s %s\n", order, isa_rows[i].name);
	}
}

/* When LLVM learns one of these, the exception must go. */
static void check_exceptions(const char *path)
{
	static struct run run;

	for (size_t i = 0; i < sizeof(exceptions) / sizeof(*exceptions); i++) {
		int row = 0;
		FILE *file, *pipe;
		struct iov_buf text = {0};
		char answer[512];
		bool error = false;

		while (row < ISA_COUNT && strcmp(isa_rows[row].name, exceptions[i].name))
			row++;
		if (row == ISA_COUNT) {
			printf("FAIL isa exception %s: there is no such row\n", exceptions[i].name);
			continue;
		}
		run.order = "bpfel";
		sample(&isa_rows[row], 1, &run.lines[0]);
		isa_print(&text, run.lines[0].insn, 0, IOV_DIALECT_KERNEL, NULL);
		file = fopen(path, "w");
		fprintf(file, "%s\n", buf_cstr(&text));
		fclose(file);
		buf_free(&text);
		pipe = llvm_mc(&run, "--show-encoding", path);
		while (pipe && fgets(answer, sizeof(answer), pipe))
			error |= strstr(answer, "error:") || strstr(answer, "fixup");
		if (pipe)
			pclose(pipe);
		printf(error ? "PASS isa exception %s\n" : "FAIL isa exception %s: llvm-mc has it now\n",
		       exceptions[i].name);
	}
}

int main(void)
{
	char path[] = "/tmp/iov-isa-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || system("command -v llvm-mc-19 >/dev/null 2>&1")) {
		puts("SKIP isa llvm-mc: llvm-mc-19 is not installed (Debian package llvm-19)");
		return 0;
	}
	close(fd);
	compare("bpfel", path);
	compare("bpfeb", path);
	check_exceptions(path);
	unlink(path);
	return 0;
}
