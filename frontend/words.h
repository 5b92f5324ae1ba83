/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: C text taken apart into identifiers and punctuation, and sets of identifiers: as much of C as finding the types
 * that a source can reach takes. */
#ifndef IOV_FRONTEND_WORDS_H
#define IOV_FRONTEND_WORDS_H

#include "asm/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A piece of C text. `start` is the first byte, kind 'a' an identifier or keyword, '0' a number or literal, 0 the end,
 * '#' a whole directive at the start of a line, else the character itself. Comments and white space are skipped. */
struct c_word {
	const char *start;
	uint32_t len, line;
	char kind;
};

struct c_reader {
	const char *at, *end;
	uint32_t line;   /**< of `at`, from 1 */
	bool line_start; /**< nothing but space before it on its line */
};

void c_reader_init(struct c_reader *r, const char *text, size_t len);
struct c_word c_next(struct c_reader *r);
bool c_is(const struct c_word *w, const char *text);
/** struct, union or enum. */
bool c_before_tag(const struct c_word *w);

/** One identifier of a set, with what its user keeps about it. */
struct word_entry {
	const char *text; /**< NULL: free; points into the text it was found in */
	uint32_t len, hash;
	uint32_t a, b;
	uint8_t flags;
};

struct word_set {
	struct word_entry *slots;
	size_t room, count;
	struct iov_arena *arena;
	bool failed; /**< memory ran out: entries are missing */
};

/** The entry of an identifier, made when there is none. Valid until the next call. NULL: no memory. */
struct word_entry *words_add(struct word_set *s, const char *text, uint32_t len);
/** Or NULL. */
struct word_entry *words_find(const struct word_set *s, const char *text, uint32_t len);

#endif
