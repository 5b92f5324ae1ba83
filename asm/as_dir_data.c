/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the directives that make data and padding. */
#include "asm/as_part.h"

#include "asm/base/output.h"

enum { MOST = 1 << 30 };

static void each_value(struct as *s, void (*emit)(struct as *s, const char *at, const struct as_value *v, int arg),
		       int arg)
{
	do {
		struct as_value v;
		const char *start;

		as_blanks(s);
		start = s->p;
		if (!as_expr(s, &v))
			return;
		emit(s, start, &v, arg);
	} while (!s->bad && as_comma(s));
}

static void put_number(struct as *s, const char *at, const struct as_value *v, int bytes)
{
	as_emit_value(s, at, v, (unsigned)bytes);
}

void as_dir_data(struct as *s, int bytes, const char *at)
{
	(void)at;
	if (!as_at_end(s))
		each_value(s, put_number, bytes);
}

static void put_leb(struct as *s, const char *at, const struct as_value *v, int is_signed)
{
	as_emit_leb(s, at, v, is_signed);
}

void as_dir_leb(struct as *s, int is_signed, const char *at)
{
	(void)at;
	each_value(s, put_leb, is_signed);
}

void as_dir_string(struct as *s, int terminated, const char *at)
{
	(void)at;
	if (as_at_end(s))
		return;
	do {
		const char *text;
		size_t len;

		if (!as_string(s, &text, &len))
			return;
		as_emit_data(s, text, len + (terminated != 0));
		as_blanks(s);
	} while (!s->bad && (*s->p == '"' || as_comma(s)));
}

/* A count of bytes or times. */
static bool count(struct as *s, const char *what, int64_t *n)
{
	const char *at;

	as_blanks(s);
	at = s->p;
	if (!as_expr_now(s, n))
		return false;
	if (*n >= 0 && *n <= MOST)
		return true;
	as_error(s, at, 0, DIAG_ASM_RANGE, "%s must be between 0 and 1 GiB", what);
	return false;
}

static bool fill_byte(struct as *s, int64_t *fill)
{
	const char *at;

	as_blanks(s);
	at = s->p;
	if (*at == ',' || as_at_end(s))
		return true;
	if (!as_expr_now(s, fill))
		return false;
	if (*fill >= -128 && *fill <= 255)
		return true;
	as_error(s, at, 0, DIAG_ASM_RANGE, "a byte is between -128 and 255");
	return false;
}

void as_dir_zero(struct as *s, int arg, const char *at)
{
	int64_t n, fill = 0;

	(void)arg, (void)at;
	if (!count(s, "the number of bytes", &n) || (as_comma(s) && !fill_byte(s, &fill)))
		return;
	as_emit_zero(s, (uint64_t)n, (uint8_t)fill);
}

void as_dir_fill(struct as *s, int arg, const char *at)
{
	int64_t n, size = 1, value = 0;

	(void)arg;
	if (!count(s, "the count", &n) || (as_comma(s) && !as_expr_now(s, &size)) ||
	    (as_comma(s) && !as_expr_now(s, &value)))
		return;
	if (size < 0 || size > 8) {
		as_error(s, at, 0, DIAG_ASM_RANGE, "a number has 0 to 8 bytes");
		return;
	}
	if (size && n > MOST / size) {
		as_error(s, at, 0, DIAG_ASM_RANGE, "this fills more than 1 GiB");
		return;
	}
	if (size == 1 || !value) {
		as_emit_zero(s, (uint64_t)(n * size), (uint8_t)value);
		return;
	}
	for (int64_t i = 0; i < n && size && !s->bad; i++)
		as_emit_int(s, (uint64_t)value, (unsigned)size);
}

void as_dir_align(struct as *s, int power, const char *at)
{
	int64_t align, fill = 0, most = 0;

	if (!as_expr_now(s, &align))
		return;
	if (power && align >= 0 && align < 31)
		align = 1 << align;
	else if (power)
		align = -1;
	if (as_comma(s) && !fill_byte(s, &fill))
		return;
	if (as_comma(s) && !count(s, "the most bytes to skip", &most))
		return;
	if (align < 0 || align > 1 << 20 || align & (align - 1)) {
		as_error(s, at, 0, DIAG_ASM_RANGE, "an alignment is a power of two up to 1 MiB");
		return;
	}
	as_align(s, (uint64_t)align, (uint8_t)fill, (uint32_t)most);
}

void as_dir_org(struct as *s, int arg, const char *at)
{
	struct as_section *x = as_section_now(s);
	struct as_value v;
	int64_t n, fill = 0;
	uint32_t base;

	(void)arg;
	if (!x || !as_expr(s, &v) || (as_comma(s) && !fill_byte(s, &fill)))
		return;
	if (as_evaluate(s, &v, false, &n, &base) == AS_SYMBOLIC && as_sym(s, base)->kind == AS_LABEL &&
	    as_sym(s, base)->section == x->elf_index && as_is_fixed(x, 0, as_sym(s, base)->offset))
		n += as_sym(s, base)->offset;
	else if (!as_is_number(&v)) {
		as_error(s, at, 0, DIAG_ASM_SYNTAX, "a place that is known here is needed");
		return;
	}
	if (!as_is_fixed(x, 0, as_flat(x))) {
		as_error(s, at, 0, DIAG_ASM_RANGE, "instructions before this may still change their size");
		return;
	}
	if (n < as_flat(x) || n > MOST) {
		as_error(s, at, 0, DIAG_ASM_RANGE, ".org cannot go backwards");
		return;
	}
	as_emit_zero(s, (uint64_t)n - as_flat(x), (uint8_t)fill);
}

/* A file beside the one that names it, or in an -I folder, into *out; *path: as it was found. */
bool as_read_file(struct as *s, const char *name, const char *at, struct iov_buf *out, const char **path)
{
	const char *from = s->frame->source->name, *slash = strrchr(from, '/');
	struct iov_sink quiet;
	enum iov_status status = IOV_DIAGNOSED;
	struct iov_diag *d;

	if (s->options->no_files) {
		as_error(s, at, 0, DIAG_ASM_FILE, "no files are read here");
		return false;
	}
	for (size_t i = 0; i <= s->options->include_dirs.count && status == IOV_DIAGNOSED; i++) {
		const char *dir = i ? s->options->include_dirs.items[i - 1] : NULL;

		*path = *name == '/' ? name
			: dir        ? arena_printf(s->arena, "%s/%s", dir, name)
			: slash      ? arena_printf(s->arena, "%.*s/%s", (int)(slash - from), from, name)
				     : name;
		if (!*path)
			return as_oom(s);
		sink_init(&quiet, s->alloc);
		status = input_read(*path, 0, out, &quiet);
		sink_free(&quiet);
	}
	if (status == IOV_NOMEM)
		return as_oom(s);
	if (!status)
		return true;
	d = as_error(s, at, 0, DIAG_ASM_FILE, "%s cannot be read", name);
	if (*name != '/')
		diag_hint(d, "it is looked for beside %s; -I FOLDER names more places", from);
	return false;
}

void as_dir_incbin(struct as *s, int arg, const char *at)
{
	const char *name, *path, *name_at;
	int64_t skip = 0, most = -1;
	struct iov_buf bytes;
	size_t len;

	(void)arg, (void)at;
	as_blanks(s);
	name_at = s->p;
	if (!as_string(s, &name, &len) || (as_comma(s) && !count(s, "the number of bytes", &skip)) ||
	    (as_comma(s) && !count(s, "the number of bytes", &most)))
		return;
	buf_init(&bytes, s->alloc);
	if (as_read_file(s, name, name_at, &bytes, &path)) {
		if ((uint64_t)skip > bytes.len || (most >= 0 && (uint64_t)most > bytes.len - (uint64_t)skip))
			as_error(s, name_at, 0, DIAG_ASM_RANGE, "%s has only %zu bytes", name, bytes.len);
		else
			as_emit_data(s, bytes.data + skip, most < 0 ? bytes.len - (size_t)skip : (size_t)most);
	}
	buf_free(&bytes);
}
