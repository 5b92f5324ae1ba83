/* SPDX-License-Identifier: Apache-2.0 */
/* Mutations of the cases: what we accept for linux-6.18, the kernel is asked about. What it refuses has to fall under a
 * class of what Linux sees less of (testsuite/diff/verify/sees.h); the rest is shown beside the kernel's words. */
#include "testsuite/diff/rejects/rejects.h"
#include "testsuite/diff/oracle/oracle.h"
#include "testsuite/diff/verify/sees.h"
#include "testsuite/unit/verify/corpus.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEMPLATES = 8192, WORDS = 512, MUTANT_MAX = 512 };

struct mutants {
	struct iov_arena arena;
	struct corpus_case list[TEMPLATES];
	uint32_t count;
	uint64_t state;
	struct { char text[120]; unsigned times; } words[WORDS], classes[WORDS];
	unsigned show, word_count, class_count, tried, accepted, refused, unexplained;
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

/* Counts the words, numbers in them apart; how often they were met before. */
static unsigned count_words(struct mutants *m, bool class, const char *says)
{
	unsigned *count = class ? &m->class_count : &m->word_count, i = 0;
	char text[120];
	size_t n = 0;

	for (const char *p = says; *p && n < sizeof(text) - 1; p++)
		if (class || !isdigit((unsigned char)*p))
			text[n++] = *p;
	text[n] = 0;
	while (i < *count && strcmp((class ? m->classes : m->words)[i].text, text) != 0)
		i++;
	if (i == *count) {
		if (i == WORDS)
			return UINT_MAX;
		memcpy((class ? m->classes : m->words)[(*count)++].text, text, sizeof(text));
	}
	return (class ? m->classes : m->words)[i].times++;
}

static void refused(struct run *run, struct mutants *m, const struct iov_prog *prog, int error, const char *name)
{
	const struct sees_class *class = sees_less(prog, linux_platform(run), error);

	m->refused++;
	if (class) {
		count_words(m, true, class->text);
		return;
	}
	m->unexplained++;
	if (count_words(m, false, kernel_log(prog)) >= m->show)
		return;
	printf("FAIL mutants: a mutation of %s: Linux refuses it: %s\n", name, kernel_log(prog));
	print_program(prog);
}

static void one(struct run *run, struct mutants *m)
{
	const struct corpus_case *c = &m->list[oracle_below(&m->state, m->count)];
	struct iov_insn insns[MUTANT_MAX];
	struct iov_prog prog = *c->prog;
	int error;

	memcpy(insns, prog.insns, prog.count * sizeof(*insns));
	prog.insns = insns;
	for (uint32_t n = oracle_below(&m->state, 3); n; n--)
		swap(m, insns, prog.count);
	mutate(&m->state, insns, prog.count, prog.map_count);
	m->tried++;
	if (!accepted_for_linux(run, &prog))
		return;
	m->accepted++;
	if (!kernel_can_be_asked(&prog))
		return;
	error = kernel_load(&prog);
	if (error)
		refused(run, m, &prog, error, c->name);
}

unsigned mutants(struct run *run, const char *folder, const char *only, unsigned show, unsigned long count,
		 uint64_t seed)
{
	static struct mutants m;

	m.only = only;
	m.show = show;
	m.state = seed * 0x9e3779b97f4a7c15u + 1;
	read_all(&m, folder);
	for (unsigned long i = 0; m.count && i < count; i++)
		one(run, &m);
	for (unsigned i = 0; i < m.class_count; i++)
		fprintf(stderr, "%6u %s\n", m.classes[i].times, m.classes[i].text);
	for (unsigned i = 0; i < m.word_count; i++)
		fprintf(stderr, "%6u unexplained: %s\n", m.words[i].times, m.words[i].text);
	fprintf(stderr, "%u programs of %u cases, %u accepted, %u of those refused by Linux\n", m.tried, m.count,
		m.accepted, m.refused);
	if (!m.unexplained)
		printf("PASS mutants: %u accepted, and by Linux, %u refused for known reasons\n",
		       m.accepted - m.refused, m.refused);
	arena_free(&m.arena);
	return m.unexplained;
}
