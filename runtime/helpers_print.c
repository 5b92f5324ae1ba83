/* SPDX-License-Identifier: Apache-2.0 */
/* bpf_trace_printk, bpf_trace_vprintk and bpf_snprintf, with Linux' formats (bpf-helpers(7)): %d %i %u %x %X with l and
 * ll, %c, %p, %px, %s, %pI4 and its kin; a flag of "0+- " and a width.
 *
 * An argument is a number, which the verifier has not looked at: %s and %pI4 follow it only into the packet and the
 * values of the program's maps, its global variables among them. Elsewhere they find what Linux finds where it cannot
 * read: an empty string, an address of zeros. That goes for the stack, too, where the engine's own data lie. */
#include "runtime/packet.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

enum { LINE = 1024, MAX_ARGS = 12, STRING = 512, MOST_WIDTH = 6, FORMAT = 4096 };

/* Text as far as there is room, and its whole length. */
struct text {
	char *to;
	size_t room, n;
};

struct format {
	const struct iov_env *env;
	const char *at;
	char spec[24]; /**< of the C library: flags and width, then what is appended */
	size_t size;
};

/* How many bytes may be read at `at`: of a value, or of the packet. */
static size_t readable(const struct iov_env *env, uint64_t at)
{
	const struct iov_ctx *ctx = env->ctx;

	for (uint32_t i = 0; env->image && i < env->image->map_count; i++) {
		const struct iov_map *m = env->image->maps[i];
		uint64_t room = m && m->ops->room ? m->ops->room(m, at) : 0;

		if (room)
			return room;
	}
	return ctx && at - (uintptr_t)ctx->data < packet_len(ctx) ? packet_len(ctx) - (at - (uintptr_t)ctx->data) : 0;
}

/* An argument behind the flags and the width. */
static void put(struct text *out, struct format *f, const char *kind, ...)
{
	size_t left = out->n < out->room ? out->room - out->n : 0;
	va_list ap;

	strcpy(f->spec + f->size, kind);
	va_start(ap, kind);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	out->n += (size_t)vsnprintf(left ? out->to + out->n : NULL, left, f->spec, ap);
#pragma GCC diagnostic pop
	va_end(ap);
}

static void put_string(struct format *f, uint64_t at, struct text *out)
{
	size_t most = readable(f->env, at);
	char copy[STRING];

	most = most < STRING - 1 ? most : STRING - 1;
	copy[0] = 0;
	if (most)
		memcpy(copy, helper_ptr(at), most);
	copy[most] = 0;
	put(out, f, "s", copy);
}

/* %pI4 1.2.3.4, %pi4 001.002.003.004, %pI6 with colons, %pi6 without. */
static void put_address(struct format *f, char how, bool ip6, uint64_t at, struct text *out)
{
	size_t size = ip6 ? 16 : 4;
	char copy[40], *to = copy;
	uint8_t ip[16] = {0};

	if (readable(f->env, at) >= size)
		memcpy(ip, helper_ptr(at), size);
	for (size_t i = 0; i < size; i++) {
		if (i && (!ip6 || (how == 'I' && i % 2 == 0)))
			*to++ = ip6 ? ':' : '.';
		to += snprintf(to, 4, ip6 ? "%02x" : how == 'I' ? "%u" : "%03u", ip[i]);
	}
	*to = 0;
	put(out, f, "s", copy);
}

/* An integer's length and kind; false when it is none of Linux'. */
static bool put_number(struct format *f, uint64_t arg, struct text *out)
{
	char kind[] = "ll?";
	int longs = 0;

	for (; *f->at == 'l' && longs < 2; f->at++)
		longs++;
	kind[2] = *f->at++;
	if (!kind[2] || !strchr("diuxX", kind[2]))
		return false;
	if (!longs)
		arg = kind[2] == 'd' || kind[2] == 'i' ? (uint64_t)(int32_t)arg : (uint32_t)arg;
	put(out, f, kind, (unsigned long long)arg);
	return true;
}

static bool ends(char c) { return !c || isspace((unsigned char)c) || ispunct((unsigned char)c); }

/* What follows %p; false: nothing that Linux knows. */
static bool put_pointer(struct format *f, uint64_t arg, struct text *out)
{
	char how = *f->at;

	if ((how == 'i' || how == 'I') && (f->at[1] == '4' || f->at[1] == '6')) {
		f->at += 2;
		put_address(f, how, f->at[-1] == '6', arg, out);
		return true;
	}
	if ((how == 'k' || how == 'u') && f->at[1] == 's' && ends(f->at[2])) {
		f->at += 2;
		put_string(f, arg, out);
		return true;
	}
	if (!ends(how) && !strchr("KxsSB", how))
		return false;
	f->at += isalpha((unsigned char)how) != 0;
	memcpy(f->spec, "%016", 4);
	f->size = 4;
	put(out, f, "llx", (unsigned long long)arg);
	return true;
}

/* One conversion, from behind its '%'; false: it is none. */
static bool convert(struct format *f, uint64_t arg, struct text *out)
{
	size_t flags, width;

	flags = strspn(f->at, "0+- ");
	width = f->at[flags] != '0' ? strspn(f->at + flags, "0123456789") : 0;
	if (flags > MOST_WIDTH || width > MOST_WIDTH)
		return false;
	f->spec[0] = '%';
	memcpy(f->spec + 1, f->at, flags + width);
	f->size = 1 + flags + width;
	f->at += flags + width;
	switch (*f->at) {
	case 'p':
		f->at++;
		return put_pointer(f, arg, out);
	case 's':
		if (!ends(*++f->at))
			return false;
		put_string(f, arg, out);
		return true;
	case 'c':
		f->at++;
		put(out, f, "c", (int)(unsigned char)arg);
		return true;
	default:
		return put_number(f, arg, out);
	}
}

/* The text of a format and its `count` arguments: its length, or -EINVAL; nothing is written then but by `out`. */
static int64_t format(const struct iov_env *env, const char *text, const uint64_t *args, unsigned count,
		      struct text *out)
{
	struct format f = {.env = env, .at = text};
	unsigned used = 0;

	while (*f.at) {
		unsigned char c = (unsigned char)*f.at++;

		if (!isascii(c) || (!isprint(c) && !isspace(c)))
			return -EINVAL;
		if (c == '%' && *f.at != '%') {
			if (used == count || !convert(&f, args[used++], out))
				return -EINVAL;
			continue;
		}
		f.at += c == '%';
		if (out->n < out->room)
			out->to[out->n] = (char)c;
		out->n++;
	}
	if (out->room)
		out->to[out->n < out->room ? out->n : out->room - 1] = 0;
	return (int64_t)out->n;
}

/* The format is copied, for it may lie in a map, where another thread changes it while it is read; that of
 * bpf_snprintf lies where nobody writes. */
static uint64_t trace(uint64_t fmt, uint64_t size, const uint64_t *args, unsigned count, struct iov_env *env)
{
	char line[LINE], text[FORMAT];
	int64_t n;

	size = (uint32_t)size < FORMAT ? (uint32_t)size : FORMAT;
	memcpy(text, helper_ptr(fmt), size);
	if (!memchr(text, 0, size))
		return helper_err(-EINVAL);
	n = format(env, text, args, count, &(struct text){line, sizeof(line), 0});
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
	int64_t n = gather(data, data_size, args), count = n;

	if (n >= 0) /* the buffer is left alone when the format is wrong */
		n = format(env, helper_ptr(fmt), args, (unsigned)count, &(struct text){0});
	if (n < 0)
		return helper_err(n);
	return (uint64_t)format(env, helper_ptr(fmt), args, (unsigned)count,
				&(struct text){helper_ptr(to), (uint32_t)size, 0}) + 1;
}
