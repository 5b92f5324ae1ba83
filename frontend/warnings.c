/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: -Wiov-NAME, -Wno-iov-NAME, -Werror=iov-NAME, -Wno-error=iov-NAME, and -Wiov and -Wno-iov for all of them. Rules
 * report what they find; when a compile has ended, warnings_settle makes it what the command line asked for. */
#include "asm/base/text.h"
#include "frontend/driver.h"

#include <string.h>

static const struct {
	const char *name;
	enum iov_diag_id id;
	bool on;
} rows[] = {
#define WARNING(id, name, on, help) {name, DIAG_W_##id, on},
#include "frontend/warnings.def"
#undef WARNING
};

static bool is_on(const struct iov_warnings *warnings, int id)
{
	if (warnings->none)
		return false;
	return warnings->level[id] == IOV_WARNING_DEFAULT ? rows[id].on : warnings->level[id] == IOV_WARNING_ON;
}

static const char *nearest(const char *name)
{
	const char *best = NULL;
	unsigned least = 4;

	for (size_t i = 0; i < IOV_WARNING_COUNT; i++) {
		unsigned distance = text_distance(name, rows[i].name, 3);

		if (distance < least) {
			least = distance;
			best = rows[i].name;
		}
	}
	return best;
}

static const char *after(const char *arg, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(arg, prefix, len) ? NULL : arg + len;
}

static void set_one(struct iov_warnings *warnings, size_t i, const char *arg)
{
	if (after(arg, "-Werror=")) {
		warnings->error[i] = 1;
		warnings->level[i] = IOV_WARNING_ON;
	} else if (after(arg, "-Wno-error=")) {
		warnings->error[i] = -1;
	} else {
		warnings->level[i] = after(arg, "-Wno-") ? IOV_WARNING_OFF : IOV_WARNING_ON;
	}
}

enum iov_warnings_option warnings_option(struct iov_warnings *warnings, const char *arg, const char **suggestion)
{
	static const char *const forms[] = {"-Wiov", "-Wno-iov", "-Werror=iov", "-Wno-error=iov"};
	const char *rest = NULL;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]) && !rest; i++)
		rest = after(arg, forms[i]);
	if (!rest || (*rest && *rest != '-'))
		return IOVCC_WARNINGS_NOT_OURS;
	if (!*rest) {
		/* All but those that are off unless they are asked for by name. */
		for (size_t i = 0; i < IOV_WARNING_COUNT; i++)
			if (rows[i].on || after(arg, "-Wno-"))
				set_one(warnings, i, arg);
		return IOVCC_WARNINGS_TAKEN;
	}
	for (size_t i = 0; i < IOV_WARNING_COUNT; i++) {
		if (!strcmp(rest + 1, rows[i].name)) {
			set_one(warnings, i, arg);
			return IOVCC_WARNINGS_TAKEN;
		}
	}
	*suggestion = nearest(rest + 1);
	return IOVCC_WARNINGS_UNKNOWN;
}

static int row_of(enum iov_diag_id id)
{
	for (int i = 0; i < IOV_WARNING_COUNT; i++)
		if (rows[i].id == id)
			return i;
	return -1;
}

/* As Clang says at the end of its warnings which option they belong to. */
static void add_name(struct iov_diag *d, const char *name)
{
	const char *message = arena_printf(&d->sink->arena, "%s [-Wiov-%s]", d->message, name);

	if (message)
		d->message = message;
}

bool warnings_alone(const struct iov_sink *sink)
{
	for (const struct iov_diag *d = sink->first; d; d = d->next)
		if (row_of(d->id) < 0)
			return false;
	return true;
}

static bool stands_at(const struct iov_diag *a, const struct iov_diag *b)
{
	return a->span.line == b->span.line && a->span.file && b->span.file && !strcmp(a->span.file, b->span.file);
}

/* What an error on the same line says already, or, of addresses in data, the warning that names the variable. */
static bool is_said(const struct iov_sink *sink, const struct iov_diag *d, int row)
{
	bool address = d->id == DIAG_DATA_POINTER;

	if (!address && (row < 0 || !sink->errors))
		return false;
	for (const struct iov_diag *other = sink->first; other; other = other->next)
		if (address ? other->id == DIAG_W_DATA_ADDRESS
			    : other->severity >= IOV_ERROR && row_of(other->id) < 0 && stands_at(d, other))
			return true;
	return false;
}

void warnings_settle(const struct iov_warnings *warnings, struct iov_sink *sink)
{
	struct iov_diag **at = &sink->first;

	while (*at) {
		struct iov_diag *d = *at;
		int row = row_of(d->id);

		if ((row >= 0 && !is_on(warnings, row)) || is_said(sink, d, row)) {
			diag_grade(sink, d, IOV_NOTE);
			*at = d->next;
			continue;
		}
		if (row >= 0)
			add_name(d, rows[row].name);
		if (row >= 0 && warnings->error[row] > 0)
			diag_grade(sink, d, IOV_ERROR);
		else if (row >= 0)
			diag_grade(sink, d, IOV_WARNING);
		at = &d->next;
	}
	sink->tail = at;
}
