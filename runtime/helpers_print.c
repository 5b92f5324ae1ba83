/* SPDX-License-Identifier: Apache-2.0 */
/* bpf_trace_printk. The format knows %d %i %u %x %X %o %c %p and %% with l, ll, h and hh; %s and other pointer formats
 * are refused, because an argument is a number here and is never followed. */
#include "runtime/helpers.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LINE = 512, MAX_ARGS = 3, SPEC = 16 };

/* One conversion that starts behind '%': its bytes are copied to `spec` with length ll. -EINVAL when unknown. */
static int64_t one(const char **at, char *spec, uint64_t arg, char *out, size_t room)
{
	const char *p = *at;
	size_t n = 1;
	int longs = 0, halves = 0, written;

	spec[0] = '%';
	while (n < 8 && (strchr("-+ #0", *p) || isdigit((unsigned char)*p)) && *p)
		spec[n++] = *p++;
	for (; *p == 'l' || *p == 'h'; p++)
		*p == 'l' ? longs++ : halves++;
	if (!*p || !strchr("diuxXocp", *p) || longs > 2 || halves > 2)
		return -EINVAL;
	if (*p == 'c' || *p == 'p') {
		written = *p == 'c' ? snprintf(out, room, "%c", (int)(unsigned char)arg) :
				      snprintf(out, room, "%016llx", (unsigned long long)arg);
	} else {
		bool is_signed = *p == 'd' || *p == 'i';
		unsigned bits = longs ? 64 : halves == 2 ? 8 : halves ? 16 : 32;
		uint64_t v = arg << (64 - bits);

		memcpy(spec + n, "ll", 2);
		spec[n + 2] = *p;
		spec[n + 3] = 0;
		v = is_signed ? (uint64_t)((int64_t)v >> (64 - bits)) : v >> (64 - bits);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		written = snprintf(out, room, spec, (unsigned long long)v);
#pragma GCC diagnostic pop
	}
	*at = p + 1;
	return written < (int)room ? written : (int64_t)room - 1;
}

uint64_t helper_trace_printk(uint64_t fmt, uint64_t size, uint64_t a, uint64_t b, uint64_t c, struct iov_env *env)
{
	const char *p = helper_ptr(fmt), *end = p + (uint32_t)size - 1;
	uint64_t args[MAX_ARGS] = {a, b, c};
	unsigned used = 0;
	char line[LINE], spec[SPEC];
	size_t n = 0;

	if (!(uint32_t)size || *end)
		return helper_err(-EINVAL);
	while (*p && n < sizeof(line) - 1) {
		int64_t more;

		if (!isascii((unsigned char)*p) || (!isprint((unsigned char)*p) && !isspace((unsigned char)*p)))
			return helper_err(-EINVAL);
		if (*p != '%' || p[1] == '%') {
			line[n++] = *p;
			p += *p == '%' ? 2 : 1;
			continue;
		}
		p++;
		more = used < MAX_ARGS ? one(&p, spec, args[used++], line + n, sizeof(line) - n) : -EINVAL;
		if (more < 0)
			return helper_err(more);
		n += (size_t)more;
	}
	line[n] = 0;
	if (env->trace)
		env->trace(env->trace_ud, line);
	return n;
}
