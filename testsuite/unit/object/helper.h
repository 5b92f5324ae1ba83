/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the tests of linker/object share: compile a small C source to bytes with clang-19, read it as an object.
 */
#ifndef TEST_OBJECT_HELPER_H
#define TEST_OBJECT_HELPER_H

#include "linker/object/object.h"

#include <criterion/criterion.h>

/* What every source includes. */
extern const char prelude[];

struct fixture {
	struct iov_arena arena;
	struct iov_sink sink;
	uint8_t *bytes;
	size_t len;
	struct iov_object *obj;
	enum iov_status status;
};

/* `flags`: "-O2 -g -mcpu=v3"; big: "-target bpfeb". */
void compile(struct fixture *f, const char *source, const char *flags);
/* compile() and object_read(), which must succeed. */
void load(struct fixture *f, const char *source, const char *flags);
/* object_read() of bytes that the fixture takes over. */
void read_bytes(struct fixture *f, const void *bytes, size_t len);
/* "x.o", but not a compiler's temporary "x.o.tmp". */
bool is_object(const char *name);
/* read_bytes() of a file. */
void read_object(struct fixture *f, const char *dir, const char *name);
void drop(struct fixture *f);
const struct iov_object_prog *find_prog(const struct fixture *f, const char *name, uint32_t *index);
struct iov_prog *make_prog(struct fixture *f, const char *name);
const struct iov_map_def *find_map(const struct fixture *f, const char *name);
/* Code of the first diagnostic, "" when there is none. */
const char *first_code(const struct fixture *f);
const char *first_message(const struct fixture *f);

#endif
