/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: one licence and one version out of those of the inputs. Two licences that Linux takes as compatible with the
 * GPL give one that is; a licence that is not goes with nothing but itself. */
#include "linker/internal.h"

/* What "Dual X/GPL" and "GPL with …" leave when parts under different ones are joined: the GPL alone. */
static const char *join(const char *a, const char *b)
{
	bool v2 = !strcmp(a, "GPL v2") || !strcmp(b, "GPL v2");

	return v2 ? "GPL v2" : "GPL";
}

static void cannot_join(struct linker *l, const struct iov_object *first, const struct iov_object *in)
{
	struct iov_diag *d =
		LINK_DIAG(l, LINK_LICENSE, span_of(in->name), "its licence \"%s\" cannot go together with \"%s\"",
			  in->license, first->license);

	diag_why(d, span_of(first->name), "%s is under \"%s\"", first->name, first->license);
	diag_hint(d, "link files of one licence, or of licences that are compatible with the GPL (\"GPL\", \"GPL v2\", "
		     "\"Dual BSD/GPL\", \"Dual MIT/GPL\", \"Dual MPL/GPL\", \"GPL and additional rights\")");
}

/* The version of the kernel that kernels before 5.0 wanted to be told: the first one stands for all. */
static void version_take(struct linker *l)
{
	l->version_input = NONE;
	for (uint32_t i = 0; i < l->input_count && !l->version; i++) {
		l->version = object_section(l->inputs[i].obj, "version");
		if (l->version)
			l->version_input = i;
	}
}

enum iov_status license_merge(struct linker *l)
{
	const struct iov_object *first = NULL;

	l->license = "";
	for (uint32_t i = 0; i < l->input_count; i++) {
		const struct iov_object *in = l->inputs[i].obj;

		if (!*in->license)
			continue;
		if (!first) {
			first = in;
			l->license = in->license;
		} else if (strcmp(in->license, l->license)) {
			if (prog_license_is_gpl(in->license) && prog_license_is_gpl(l->license))
				l->license = join(l->license, in->license);
			else
				cannot_join(l, first, in);
		}
	}
	/* Joined licences are in nobody's words. */
	l->license_input = NONE;
	for (uint32_t i = 0; i < l->input_count && l->license_input == NONE; i++)
		if (*l->license && !strcmp(l->inputs[i].obj->license, l->license))
			l->license_input = i;
	version_take(l);
	return IOV_OK;
}
