/* SPDX-License-Identifier: Apache-2.0 */
/* bpf_trace_printk, bpf_trace_vprintk and bpf_snprintf. The format knows %d %i %u %x %X %o %c %p and %% with l, ll, h
 * and hh; %s and other pointer formats are refused, because an argument is a number here and is never followed. */
#include "runtime/helpers.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LINE = 512, MAX_ARGS = 12, SPEC = 16 };

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

/* The text of a format and its `count` arguments; its length, or -EINVAL. Cut at the buffer's end. */
static int64_t format(const char *p, const uint64_t *args, unsigned count, char line[LINE])
{
	char spec[SPEC];
	unsigned used = 0;
	size_t n = 0;

	while (*p && n < LINE - 1) {
		int64_t more;

		if (!isascii((unsigned char)*p) || (!isprint((unsigned char)*p) && !isspace((unsigned char)*p)))
			return -EINVAL;
		if (*p != '%' || p[1] == '%') {
			line[n++] = *p;
			p += *p == '%' ? 2 : 1;
			continue;
		}
		p++;
		more = used < count ? one(&p, spec, args[used++], line + n, LINE - n) : -EINVAL;
		if (more < 0)
			return more;
		n += (size_t)more;
	}
	line[n] = 0;
	return (int64_t)n;
}

static uint64_t trace(uint64_t fmt, uint64_t size, const uint64_t *args, unsigned count, struct iov_env *env)
{
	const char *text = helper_ptr(fmt);
	char line[LINE];
	int64_t n;

	if (!(uint32_t)size || text[(uint32_t)size - 1])
		return helper_err(-EINVAL);
	n = format(text, args, count, line);
	if (n >= 0 && env->trace)
		env->trace(env->trace_ud, line);
	return helper_err(n);
}

uint64_t helper_trace_printk(uint64_t fmt, uint64_t size, uint64_t a, uint64_t b, uint64_t c, struct iov_env *env)
{
	return trace(fmt, size, (const uint64_t[3]){a, b, c}, 3, env);
}

/* Arguments that lie in memory, 8 bytes each; how many, or -EINVAL. */
static int64_t gather(uint64_t data, uint64_t size, uint64_t args[MAX_ARGS])
{
	uint32_t bytes = (uint32_t)size;

	if (bytes % 8 || bytes > MAX_ARGS * 8 || (bytes && !data))
		return -EINVAL;
	if (bytes)
		memcpy(args, helper_ptr(data), bytes);
	return bytes / 8;
}

uint64_t helper_trace_vprintk(uint64_t fmt, uint64_t size, uint64_t data, uint64_t data_size, uint64_t r5,
			      struct iov_env *env)
{
	uint64_t args[MAX_ARGS];
	int64_t count = gather(data, data_size, args);

	(void)r5;
	return count < 0 ? helper_err(count) : trace(fmt, size, args, (unsigned)count, env);
}

uint64_t helper_snprintf(uint64_t to, uint64_t size, uint64_t fmt, uint64_t data, uint64_t data_size,
			 struct iov_env *env)
{
	uint64_t args[MAX_ARGS];
	int64_t n = gather(data, data_size, args);
	uint32_t room = (uint32_t)size;
	char line[LINE];

	(void)env;
	if (n >= 0)
		n = format(helper_ptr(fmt), args, (unsigned)n, line);
	if (n < 0)
		return helper_err(n);
	if (room) {
		uint32_t len = n < room ? (uint32_t)n : room - 1;

		memcpy(helper_ptr(to), line, len);
		((char *)helper_ptr(to))[len] = 0;
	}
	return (uint64_t)n + 1;
}
