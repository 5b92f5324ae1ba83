/* SPDX-License-Identifier: Apache-2.0 */
/* verify_seeds FOLDER CASES.txt...: the cases of testsuite/cases/verify as inputs of verify_fuzz.c. */
#include "testsuite/unit/verify/corpus.h"

#include <stdio.h>
#include <string.h>

enum { MAPS = 12, CUTS = 5 };

struct writer {
	const char *folder;
	unsigned count;
};

/* Maps and kernel functions are numbered otherwise there. */
static int32_t renumbered(const struct iov_prog *p, const struct iov_insn *in)
{
	const struct iov_isa_row *row = isa_find(in);

	if (row == &isa_rows[ISA_CALL_KFUNC] && (uint32_t)in->imm < p->extern_count)
		for (size_t i = 0; catalogue_kfunc_at(i); i++)
			if (!strcmp(catalogue_kfunc_at(i)->name, p->externs[in->imm].name))
				return (int32_t)i;
	if ((row == &isa_rows[ISA_LD_MAP_FD] || row == &isa_rows[ISA_LD_MAP_VALUE]) &&
	    (uint32_t)in->imm < p->map_count) {
		static const uint8_t of_type[32] = {[1] = 1, [2] = 0, [3] = 6, [12] = 5, [15] = 8, [24] = 9, [27] = 2};
		const struct iov_map_def *m = p->maps[in->imm];

		return m->origin == IOV_MAP_RODATA ? 7
		       : m->fields.count > 1	   ? 4
		       : m->fields.count	   ? 3
		       : m->type < 32		   ? of_type[m->type]
						   : 0;
	}
	return in->imm;
}

static void write_case(void *ud, const struct corpus_case *c)
{
	struct writer *w = ud;
	const struct iov_prog *p = c->prog;
	uint8_t head[8] = {(uint8_t)p->type, (uint8_t)p->attach_type};
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%05u", w->folder, w->count++);
	if (p->count > 400 || !(f = fopen(path, "wb")))
		return;
	head[3] = (uint8_t)(p->sub_count - 1 < CUTS ? p->sub_count - 1 : CUTS);
	fwrite(head, 1, sizeof(head), f);
	for (uint32_t i = 1; i <= head[3]; i++) {
		const struct iov_subprog *s = &p->subs[i];
		uint8_t cut[2] = {(uint8_t)(s->start - p->subs[i - 1].start - 1),
				  (uint8_t)(s->global | s->is_void << 1 | (s->param_count & 3) << 2)};

		if (s->param_count)
			cut[1] |= (uint8_t)(s->params[0].kind << 4);
		fwrite(cut, 1, sizeof(cut), f);
	}
	for (uint32_t i = 0; i < p->count; i++) {
		const struct iov_insn *in = &p->insns[i];
		uint8_t b[8] = {in->code, (uint8_t)(in->dst | in->src << 4)};
		int32_t imm = isa_find(in) ? renumbered(p, in) : in->imm;

		memcpy(b + 2, &in->off, 2);
		memcpy(b + 4, &imm, 4);
		fwrite(b, 1, sizeof(b), f);
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	struct writer w = {.folder = argc > 1 ? argv[1] : "."};
	struct iov_arena arena = {0};
	const char *error;

	for (int i = 2; i < argc; i++)
		if (!corpus_read(&arena, argv[i], write_case, &w, &error))
			return fprintf(stderr, "%s\n", error), 1;
	arena_free(&arena);
	return 0;
}
