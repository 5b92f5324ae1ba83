/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs written by hand: testsuite/cases/verify/ *.txt. A rejected program without a twin of its own gets the nearest
 * accepted one of its file. The rule is what stands before the last '/' of a name, else the file. */
#include "testsuite/diff/rejects/rejects.h"
#include "testsuite/unit/verify/corpus.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CASES = 4096 };

struct list {
	struct corpus_case cases[MAX_CASES];
	unsigned count;
};

static void add(void *ud, const struct corpus_case *c)
{
	struct list *l = ud;

	if (l->count < MAX_CASES)
		l->cases[l->count++] = *c;
}

static const struct iov_prog *nearest(const struct list *l, const struct corpus_case *c)
{
	const struct iov_prog *best = NULL;
	unsigned least = UINT32_MAX;

	for (unsigned i = 0; i < l->count; i++) {
		const struct corpus_case *o = &l->cases[i];
		unsigned n = o->accept && o->prog->type == c->prog->type ? pair_distance(c->prog, o->prog) : UINT32_MAX;

		if (n < least) {
			least = n;
			best = o->prog;
		}
	}
	return least <= PAIR_DISTANCE_MAX ? best : NULL;
}

static void judge_file(struct run *run, const struct list *l, const char *file)
{
	for (unsigned i = 0; i < l->count; i++) {
		const struct corpus_case *c = &l->cases[i];
		char rule[96];
		char *slash;
		struct pair p = {.name = c->name,
				 .rule = rule,
				 .bad = c->prog,
				 .twin = c->twin,
				 .code = c->code,
				 .at = c->at,
				 .kernel_class = c->why};

		snprintf(rule, sizeof(rule), "%s", c->name);
		slash = strrchr(rule, '/');
		if (slash)
			*slash = 0;
		else
			snprintf(rule, sizeof(rule), "%.*s", (int)strcspn(file, "."), file);
		if (c->linux_differs) {
			bool twin = !strncmp(c->why, "refuses twin ", 13);

			p.kernel = twin ? KERNEL_REFUSES_TWIN : KERNEL_TAKES_BAD;
			p.kernel_class = c->why + (twin ? 13 : 6);
		}
		if (c->accept)
			continue;
		if (!p.twin)
			p.twin = nearest(l, c);
		judge(run, &p);
	}
}

void pairs_of_text(struct run *run, const char *folder)
{
	struct dirent **names;
	int n = scandir(folder, &names, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		size_t size = strlen(names[i]->d_name);
		struct iov_arena arena = {0};
		struct list *l = ARENA_NEW(&arena, struct list);
		const char *error;
		char path[512];

		snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
		if (size > 4 && !strcmp(names[i]->d_name + size - 4, ".txt")) {
			if (corpus_read(&arena, path, add, l, &error))
				judge_file(run, l, names[i]->d_name);
			else
				broken(run, error);
		}
		arena_free(&arena);
		free(names[i]);
	}
	free(names);
}
