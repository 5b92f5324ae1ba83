/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the programs that must be rejected. A pair is a program that breaks one rule, with the diagnostic and the
 * instruction that must be named, and its twin, at most three instructions different, that must be accepted. Pairs come
 * from text (testsuite/cases/verify) and from generators that walk the catalogues, so a new row brings its own. Each
 * program also goes to the live kernel, where there is one. */
#ifndef IOV_DIFF_REJECTS_REJECTS_H
#define IOV_DIFF_REJECTS_REJECTS_H

#include "asm/isa/platform.h"
#include "asm/isa/prog.h"

struct pair {
	const char *rule, *name;           /* "reserved field", "reserved field/ADD64_K/off" */
	const struct iov_prog *bad, *twin; /* twin may be NULL where the text says none */
	const char *code;                  /* "IOV-V004" */
	int64_t at;                        /* slot of the instruction, -1: not said */
	enum { KERNEL_AGREES, KERNEL_TAKES_BAD, KERNEL_REFUSES_TWIN } kernel; /* what the text says of Linux */
	const char *kernel_class;
};

struct run;
/* Holds the verifier, and the kernel, to a pair. */
void judge(struct run *run, const struct pair *pair);
/* For the report on standard error. */
void note(const struct run *run, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Something is wrong with the corpus itself. */
void broken(struct run *run, const char *why);
/* How many instructions of the longer program the other does not have. */
enum { PAIR_DISTANCE_MAX = 3 };
unsigned pair_distance(const struct iov_prog *a, const struct iov_prog *b);
const struct iov_platform *run_platform(const struct run *run);

void print_program(const struct iov_prog *prog);
bool accepted_for_linux(struct run *run, const struct iov_prog *prog);
const struct iov_platform *linux_platform(const struct run *run);
/* Not pairs: mutations of the cases whose file's name contains `only`. Of those that only we accept, and for no known
 * reason, up to `show` for each of the kernel's words are printed. How many there are. */
unsigned mutants(struct run *run, const char *folder, const char *only, unsigned show, unsigned long count,
		 uint64_t seed);

/* Where pairs come from. */
void pairs_of_isa(struct run *run);
void pairs_of_contexts(struct run *run);
void pairs_of_helpers(struct run *run);
void pairs_of_text(struct run *run, const char *folder);

/* A program under construction. */
enum { CODE_MAX = 96, CODE_MAPS = 4 };
struct code {
	struct iov_insn insn[CODE_MAX];
	uint32_t count;
	const struct iov_map_def *maps[CODE_MAPS];
	uint32_t map_count, type;
	bool proprietary; /* licence that is not GPL-compatible */
};
/* The expected attach type under which programs of a type are judged: some types load with none but their own. */
uint32_t usual_attach(uint32_t type);
uint32_t put(struct code *code, enum iov_isa row, int dst, int src, int off, int32_t imm); /* the slot */
uint32_t put_map(struct code *code, int dst, const struct iov_map_def *map);
uint32_t put_call(struct code *code, const char *helper);
/* The pair (bad, twin) under the name "rule/what…". */
void judge_code(struct run *run, const struct code *bad, const struct code *twin, const char *code, int64_t at,
		const char *rule, const char *what, ...) __attribute__((format(printf, 7, 8)));
/* Whether the verifier takes it, for generators that look for a twin. */
bool code_accepted(struct run *run, const struct code *code);

/* The live kernel. */
bool kernel_open(void);
bool kernel_can_be_asked(const struct iov_prog *prog);
/* 0, or the errno of the refusal. */
int kernel_load(const struct iov_prog *prog);
const char *kernel_log(const struct iov_prog *prog);
/* Why Linux may judge this pair otherwise; NULL: it has to agree. */
bool kernel_sees_no_key(const struct pair *pair);
const char *kernel_difference(const struct pair *pair, bool bad_loads, bool twin_loads);

#endif
