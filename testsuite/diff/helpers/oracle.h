/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: asking the live kernel's verifier. One small program at a time: would it load, and if not, what does the log
 * say. Root only. */
#ifndef IOV_DIFF_HELPERS_ORACLE_H
#define IOV_DIFF_HELPERS_ORACLE_H

#include "asm/isa/isa.h"
#include "asm/isa/platform.h"

enum { MAX_INSNS = 256 };

/* A program under construction. Jumps to the end are patched by program_end(). */
struct program {
	struct iov_insn insn[MAX_INSNS];
	uint32_t count;
	uint32_t to_end[16], to_end_count;
	bool proprietary; /* licence that is not GPL-compatible */
};

void emit(struct program *p, enum iov_isa row, int dst, int src, int off, int32_t imm);
void emit_map(struct program *p, int dst, int fd);       /* dst = the map */
void emit_map_value(struct program *p, int dst, int fd); /* dst = address of value 0 */
void emit_call(struct program *p, const char *helper);
void emit_if_zero_end(struct program *p, int reg);
void program_end(struct program *p);                     /* r0 = 0; exit */

/* The expected attach type that a program of this type is loaded with when none is asked for. */
uint32_t oracle_attach(const struct iov_prog_type *type);
/* Whether the kernel loads it (attach 0: oracle_attach); the log is oracle_log() until the next question. */
bool oracle_loads(const struct program *p, const struct iov_prog_type *type, uint32_t attach);
const char *oracle_log(void);
/* Load without CAP_PERFMON: the verifier then refuses stack bytes that were never written. */
void oracle_strict(bool strict);

/* A map of this type that exists for the whole run; -1 when this kernel cannot make one. Keys have 4 bytes and values
 * 8, where the type does not say otherwise. */
int oracle_map(const char *type);
void oracle_new_prog_array(void); /* the next one asked for is fresh */
int oracle_rdonly_map(void); /* frozen, read-only for programs, one value of 64 zero bytes */
int oracle_field_map(void);  /* array, value { struct bpf_spin_lock; struct bpf_timer at 8; } of 32 bytes */
/* The platform that describes the running kernel, or NULL. */
const struct iov_platform *oracle_platform(char release[64]);

/* Counting results. */
void result(bool ok, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void pass_rest(const char *what); /* PASS what, when nothing failed since the last call */

void check_allowed(const struct iov_platform *p);
void check_contexts(const struct iov_platform *p);
void check_prototypes(const struct iov_platform *p);

#endif
