/* SPDX-License-Identifier: Apache-2.0 */
/* Host tool: `tables diagnostics`, `isa`, `platform` or `manifest` prints the generated part of iov-diagnostics(7),
 * iov-isa(7), iov-platform(5) or iov-manifest(5) from the catalogues, so that a page cannot say anything else than the
 * tools do. */
#include "asm/base/diag.h"
#include "asm/isa/isa.h"
#include "asm/yaml/platform_read.h"

#include <stdio.h>
#include <string.h>

/* Text as roff: backslashes, dashes and quotes are escaped, a line break becomes .br, an empty line a new paragraph,
 * and indented lines are set as they are. */
static void roff_char(char c, bool line_start)
{
	if (c == '\\')
		fputs("\\e", stdout);
	else if (c == '-')
		fputs("\\-", stdout);
	else if (c == '~')
		fputs("\\(ti", stdout);
	else if (c == '^')
		fputs("\\(ha", stdout);
	else if (c == '`')
		fputs("\\(ga", stdout);
	else if (line_start && (c == '.' || c == '\''))
		printf("\\&%c", c);
	else
		putchar(c);
}

static void roff_line(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		roff_char(s[i], i == 0);
	putchar('\n');
}

static bool is_indented(const char *line)
{
	return *line == ' ' || *line == '\t';
}

/* What goes before a line that is not empty: a new paragraph, a line break, or the start or end of an example. */
static void roff_break(bool first, bool blank, bool was_example, bool example)
{
	if (example && !was_example)
		puts(".PP\n.EX");
	else if (was_example && !example)
		puts(".EE\n.PP");
	else if (example)
		fputs(blank ? "\n" : "", stdout);
	else if (!first)
		puts(blank ? ".PP" : ".br");
}

static void roff_text(const char *text)
{
	bool first = true, blank = false, example = false;

	for (; *text; text += *text == '\n') {
		size_t len = strcspn(text, "\n");

		if (!len) {
			blank = true;
			continue;
		}
		roff_break(first, blank, example, is_indented(text));
		example = is_indented(text);
		first = blank = false;
		roff_line(text, len);
		text += len;
	}
	if (example)
		puts(".EE");
}

static const char *area(char letter)
{
	static const struct {
		char letter;
		const char *title;
	} areas[] = {{'B', "Tools in general"}, {'I', "Instructions"},    {'Y', "YAML and platforms"},
		     {'O', "Object files"},     {'A', "Assembler"},       {'L', "Linker"},
		     {'C', "C compiler"},       {'G', "Code generation"}, {'V', "Verifier"},
		     {'R', "Runtime"}};

	for (size_t i = 0; i < sizeof(areas) / sizeof(*areas); i++) {
		if (areas[i].letter == letter)
			return areas[i].title;
	}
	return "Others";
}

static void diagnostics(void)
{
	static const char *const severities[] = {"note", "warning", "error", "fatal error"};
	char last = 0;

	for (int i = 0; i < DIAG_COUNT; i++) {
		enum iov_diag_id id = (enum iov_diag_id)i;

		if (diag_code(id)[4] != last) {
			last = diag_code(id)[4];
			printf(".SH %s\n", area(last));
		}
		fputs(".SS ", stdout);
		roff_line(diag_code(id), strlen(diag_code(id)));
		printf(".I %s:\n", severities[diag_severity(id)]);
		roff_line(diag_title(id), strlen(diag_title(id)));
		if (!is_indented(diag_explanation(id)))
			puts(".PP");
		roff_text(diag_explanation(id));
	}
}

static const char *section(const struct iov_isa_row *row)
{
	static const char *const titles[] = {[ISA_K_END] = "Byte order",
					     [ISA_K_CAST] = "Address space casts",
					     [ISA_K_JA] = "Jumps",
					     [ISA_K_JCC] = "Conditional jumps",
					     [ISA_K_MAY_GOTO] = "Bounded loops",
					     [ISA_K_CALL] = "Calls",
					     [ISA_K_EXIT] = "Exit",
					     [ISA_K_LDX] = "Loads",
					     [ISA_K_LDSX] = "Sign-extending loads",
					     [ISA_K_ST] = "Stores of constants",
					     [ISA_K_STX] = "Stores",
					     [ISA_K_ATOMIC] = "Atomic operations",
					     [ISA_K_LDIMM64] = "64-bit immediates",
					     [ISA_K_LDABS] = "Packet loads, absolute",
					     [ISA_K_LDIND] = "Packet loads, indirect"};

	if (row->kind == ISA_K_ALU)
		return row->width == 32 ? "Arithmetic, 32 bits" : "Arithmetic, 64 bits";
	return titles[row->kind];
}

/* The text form with its placeholders in italics: {d} becomes dst. An offset shows its sign, which the form leaves to
 * it: "(src + off)", "[src+off]". */
static void form(const char *text, bool spaced)
{
	static const struct {
		const char *name, *shown;
	} names[] = {{"d", "dst"},     {"s", "src"}, {"wd", "wdst"}, {"ws", "wsrc"},  {"i", "imm"},
		     {"i64", "imm64"}, {"L", "label"}, {"L32", "label"}};

	while (*text) {
		const char *close = *text == '{' ? strchr(text, '}') : NULL;
		size_t len = close ? (size_t)(close - text) - 1 : 0;
		const char *shown = NULL;

		if (!close) {
			roff_char(*text++, false);
			continue;
		}
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
			if (strlen(names[i].name) == len && !strncmp(names[i].name, text + 1, len))
				shown = names[i].shown;
		}
		if (*text == '{' && text[1] == 'o')
			printf(len == 1 ? spaced ? "+ \\fIoff\\fR" : "+\\fIoff\\fR" : " + \\fIimm\\fR");
		else if (shown)
			printf("\\fI%s\\fR", shown);
		else
			printf("\\fI%.*s\\fR", (int)len, text + 1);
		text = close + 1;
	}
}

static void isa(void)
{
	static const char *const selectors[] = {"\\-", "src", "off", "imm"};
	const char *last = "";

	for (int i = 0; i < ISA_COUNT; i++) {
		const struct iov_isa_row *row = &isa_rows[i];

		if (strcmp(section(row), last)) {
			if (*last)
				puts(".TE");
			last = section(row);
			printf(".SS %s\n.TS\nl l l l l.\n\\fBcode\\fR\t\\fBselector\\fR\t\\fBcpu\\fR\t\\fBform\\fR"
			       "\t\\fBmnemonic\\fR\n",
			       last);
		}
		printf("0x%02x\t%s", row->code, selectors[row->sel]);
		if (row->sel != ISA_SEL_NONE)
			printf(" %d", row->sel_value);
		printf("\tv%u\t", row->cpu);
		form(row->text, true);
		putchar('\t');
		form(row->mnemonic, false);
		putchar('\n');
	}
	puts(".TE");
}

static void words(const char *title, const char *const *list)
{
	printf(".SS %s\n", title);
	for (size_t i = 0; list[i]; i++)
		printf("%s%s", i ? ",\n" : "", list[i]);
	puts(".");
}

static const char *note(const struct iov_platform_note *notes, uint32_t count, const char *name)
{
	for (uint32_t i = 0; i < count; i++)
		if (!strcmp(notes[i].name, name))
			return notes[i].text;
	return NULL;
}

/* One row of what Linux offers: given, given by the host, or refused. */
static void offered(const struct iov_platform *p, const char *prefix, const char *name, bool given)
{
	const char *host = note(p->hosted, p->hosted_count, name), *why = platform_why_lacking(p, name);
	const char *text = given ? host ? host : "" : why;

	if (!text)
		return; /* for program types that it does not run */
	printf("%s%s\t%s\tT{\n", prefix, name, !given ? "refused" : host ? "by the host" : "given");
	roff_line(text, strlen(text));
	puts("T}");
}

/* What of Linux 6.12 the runtime gives. */
static void runtime_offers(void)
{
	const struct iov_platform *own = platform_shipped("iovrun"), *linux_612 = platform_shipped("linux-6.12");

	puts(".SS What of Linux 6.12 iovrun gives");
	puts("Helpers, kernel functions and map types for the program types that it runs.");
	puts("Where the host gives the answer, the last column says by what; where it is refused, why.");
	puts(".TS\nl l lx.");
	for (uint32_t i = 0; i < linux_612->helper_count; i++)
		offered(own, "bpf_", linux_612->helpers[i]->name, platform_helper(own, linux_612->helpers[i]->id));
	for (uint32_t i = 0; i < linux_612->kfunc_count; i++)
		offered(own, "bpf_", linux_612->kfuncs[i]->name, platform_kfunc(own, linux_612->kfuncs[i]->name));
	for (uint32_t i = 0; i < linux_612->map_type_count; i++)
		offered(own, "", linux_612->map_types[i]->name, platform_map_type(own, linux_612->map_types[i]->id));
	puts(".TE");
}

static void platform(void)
{
	const struct iov_platform *p;

	puts(".SS Rules");
	for (size_t i = 0; platform_rule_words[i]; i++) {
		printf(".TP\n.B %s\n", platform_rule_words[i]);
		roff_line(platform_rule_texts[i], strlen(platform_rule_texts[i]));
	}
	words("Arguments of helpers", platform_arg_words);
	words("Results of helpers", platform_ret_words);
	words("Flags of helpers", platform_flag_words);
	words("Kinds of context fields", platform_ctx_words);
	puts(".SH SHIPPED PLATFORMS");
	for (size_t i = 0; (p = platform_shipped_at(i)); i++) {
		puts(".TP");
		printf(".B ");
		roff_line(p->name, strlen(p->name));
		roff_line(p->summary, strlen(p->summary));
	}
	runtime_offers();
}

static void manifest(void)
{
	static const struct {
		int number;
		const char *records;
		const char *value, *meaning;
	} tags[] = {
#define TAG(name, number, records, value, meaning) {number, records, value, meaning},
#include "linker/object/manifest_tags.def"
#undef TAG
	};

	puts(".TS\nl l l l.\n\\fBtag\\fR\t\\fBin\\fR\t\\fBvalue\\fR\t\\fBmeaning\\fR");
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		printf("%d\t%s\t%s\t", tags[i].number,
		       *tags[i].records == 'B'   ? "both"
		       : *tags[i].records == 'F' ? "facts"
						 : "evidence",
		       tags[i].value);
		roff_line(tags[i].meaning, strlen(tags[i].meaning));
	}
	puts(".TE");
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "diagnostics"))
		diagnostics();
	else if (argc == 2 && !strcmp(argv[1], "isa"))
		isa();
	else if (argc == 2 && !strcmp(argv[1], "platform"))
		platform();
	else if (argc == 2 && !strcmp(argv[1], "manifest"))
		manifest();
	else
		return 2;
	return 0;
}
