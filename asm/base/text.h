/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: text of unknown origin on its way to a terminal or into JSON. File names, symbol names and source lines come
 * from objects that nobody vouches for: control characters, bidirectional overrides and broken UTF-8 never pass. */
#ifndef IOV_BASE_TEXT_H
#define IOV_BASE_TEXT_H

#include "asm/base/buf.h"

/** One code point of UTF-8. */
struct iov_char {
	uint32_t code; /**< the code point, or the byte itself when `valid` is false */
	uint8_t len;   /**< bytes, at least 1 */
	uint8_t width; /**< columns that text_safe() needs for it: 0 (combining), 1, 2 (wide), more when escaped */
	bool valid, printable; /**< printable: shown as it is, not as <U+001B> or <FF> */
};

/** Decode the character at `s`, which has `len` > 0 bytes. Over-long forms and surrogates are not valid. */
struct iov_char text_char(const char *s, size_t len);

/** Append `len` bytes so that a terminal shows them and obeys none: <U+001B> for what must not pass (clang's form),
 * <FF> for bytes that are not UTF-8. Tabs and line ends become spaces. */
void text_safe(struct iov_buf *out, const char *s, size_t len);

/** The same for a text of several lines: line ends pass. */
void text_lines(struct iov_buf *out, const char *s, size_t len);

/** Append a JSON string with its quotes: valid UTF-8 whatever the bytes (U+FFFD for those that are none); NULL
 * becomes null. */
void text_json(struct iov_buf *out, const char *s);

/** Append a relative or absolute file name as a URI reference (percent-encoded). */
void text_uri(struct iov_buf *out, const char *path);

/** Edit distance of two short words, at most `limit` + 1: what a "did you mean" needs. */
unsigned text_distance(const char *a, const char *b, unsigned limit);

#endif
