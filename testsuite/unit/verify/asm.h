/* SPDX-License-Identifier: Apache-2.0 */
/* Small programs as text, for tests of the verifier. One instruction a line, kernel dialect; `;` starts a comment.
 *   LABEL:                               jump targets: `goto LABEL`, `if r1 == 0 goto LABEL`
 *   .func NAME [global|global:scmn|void] the next function; calls: `call NAME`, its address: `r2 = func NAME`
 *   .map NAME TYPE KEY VALUE MAX [readonly|writeonly|rodata|lock]   then `rN = map NAME`, `rN = value NAME OFFSET`
 *   .inner NAME                          the map before is the template of that map's inner maps
 *   .type NAME                           program type (xdp)
 *   .attach NUMBER                       expected attach type (0)
 *   .license TEXT                        (GPL)
 *   .raw CODE DST SRC OFF IMM            one slot as it is
 *   call bpf_NAME                        a helper, or else a kfunc; its address: `rN = ksym bpf_NAME [weak]`
 *   .exception NAME                      the exception callback
 *   ! INSTRUCTION                        marks it, see corpus.h */
#ifndef IOV_TEST_VERIFY_ASM_H
#define IOV_TEST_VERIFY_ASM_H

#include "asm/isa/platform.h"
#include "asm/isa/prog.h"

/** Everything that the catalogue has, with Linux's limits and rules. */
struct iov_platform *test_platform(struct iov_arena *arena);
/** NULL when the text is wrong; *error says how. */
struct iov_prog *test_assemble(struct iov_arena *arena, const char *text, const char **error);

/** The same; *mark: slot of the instruction that a `!` stands before, or -1. */
struct iov_prog *test_assemble_marked(struct iov_arena *arena, const char *text, const char **error, int64_t *mark);

#endif
