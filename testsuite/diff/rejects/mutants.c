/* SPDX-License-Identifier: Apache-2.0 */
/* Mutations of the cases: what we accept for linux-6.18, the kernel is asked about, and where it refuses, the program is
 * shown beside the kernel's words. For a person to look through: a hole is among what the kernel is too strict about. */
#include "testsuite/diff/rejects/rejects.h"
#include "testsuite/diff/oracle/oracle.h"
#include "testsuite/unit/verify/corpus.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEMPLATES = 8192, WORDS = 512, MUTANT_MAX = 512 };

struct mutants {
	struct iov_arena arena;
	struct corpus_case list[TEMPLATES];
	uint32_t count;
	uint64_t state;
	struct { char text[120]; unsigned times; } words[WORDS];
	unsigned show, word_count, tried, accepted, refused;
	const char *only;
};

static void add(void *ud, const struct corpus_case *c)
{
	struct mutants *m = ud;

	if (m->count < TEMPLATES && c->prog->count <= MUTANT_MAX && (!m->only || strstr(c->file, m->only)))
		m->list[m->count++] = *c;
}

static void read_all(struct mutants *m, const char *folder)
{
	struct dirent **names;
	int n = scandir(folder, &names, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		size_t size = strlen(names[i]->d_name);
		const char *error;
		char *path = arena_printf(&m->arena, "%s/%s", folder, names[i]->d_name);

		if (path && size > 4 && !strcmp(names[i]->d_name + size - 4, ".txt") &&
		    !corpus_read(&m->arena, path, add, m, &error))
			fprintf(stderr, "%s\n", error);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

/* Instructions change places; calls and constants of two slots stay where they are. */
static void swap(struct mutants *m, struct iov_insn *insns, uint32_t count)
{
	uint32_t a = oracle_below(&m->state, count), b = a + 1 + oracle_below(&m->state, 3);
	struct iov_insn x;

	if (b >= count)
		return;
	for (uint32_t i = a ? a - 1 : 0; i <= b; i++)
		if (isa_is_wide(&insns[i]) || insns[i].code == 0x95)
			return;
	x = insns[a];
	insns[a] = insns[b];
	insns[b] = x;
}

/* Numbers in the kernel's words do not tell them apart. */
static bool is_new(struct mutants *m, const char *says)
{
	char text[120];
	size_t n = 0;

	for (const char *p = says; *p && n < sizeof(text) - 1; p++)
		if (!isdigit((unsigned char)*p))
			text[n++] = *p;
	text[n] = 0;
	for (unsigned i = 0; i < m->word_count; i++)
		if (!strcmp(m->words[i].text, text))
			return m->words[i].times++ < m->show;
	if (m->word_count == WORDS)
		return false;
	memcpy(m->words[m->word_count].text, text, sizeof(text));
	m->words[m->word_count++].times = 1;
	return true;
}

static void one(struct run *run, struct mutants *m)
{
	const struct corpus_case *c = &m->list[oracle_below(&m->state, m->count)];
	struct iov_insn insns[MUTANT_MAX];
	struct iov_prog prog = *c->prog;

	memcpy(insns, prog.insns, prog.count * sizeof(*insns));
	prog.insns = insns;
	for (uint32_t n = oracle_below(&m->state, 3); n; n--)
		swap(m, insns, prog.count);
	mutate(&m->state, insns, prog.count, prog.map_count);
	m->tried++;
	if (!accepted_for_linux(run, &prog))
		return;
	m->accepted++;
	if (!kernel_can_be_asked(&prog) || !kernel_load(&prog))
		return;
	m->refused++;
	if (is_new(m, kernel_log(&prog))) {
		printf("--- %s: %s\n", c->name, kernel_log(&prog));
		print_program(&prog);
	}
}

void mutants(struct run *run, const char *folder, const char *only, unsigned show, unsigned long count,
	     uint64_t seed)
{
	static struct mutants m;

	m.only = only;
	m.show = show;
	m.state = seed * 0x9e3779b97f4a7c15u + 1;
	read_all(&m, folder);
	for (unsigned long i = 0; m.count && i < count; i++)
		one(run, &m);
	for (unsigned i = 0; i < m.word_count; i++)
		printf("%6u %s\n", m.words[i].times, m.words[i].text);
	printf("%u programs of %u cases, %u accepted, %u of those refused by Linux\n", m.tried, m.count, m.accepted,
	       m.refused);
	arena_free(&m.arena);
}
