/* SPDX-License-Identifier: Apache-2.0 */
/* Where Linux judges otherwise: each class a predicate on the pair. */
#include "testsuite/diff/rejects/rejects.h"

#include <string.h>

static bool calls(const struct iov_prog *p, int64_t at, const char *helper)
{
	return at >= 0 && p->insns[at].code == isa_rows[ISA_CALL_HELPER].code && p->insns[at].src == 0 &&
	       p->insns[at].imm == (int32_t)catalogue_helper_by_name(helper)->id;
}

/* Rows of helpers.def say what all of Linux 6.1 to 6.18 take; 6.18 takes a size of 0 here. */
static bool takes_size_zero(const struct pair *p)
{
	return !strcmp(p->code, "IOV-V045") &&
	       (calls(p->bad, p->at, "sk_lookup_tcp") || calls(p->bad, p->at, "sk_lookup_udp") ||
		calls(p->bad, p->at, "skc_lookup_tcp") || calls(p->bad, p->at, "tcp_raw_gen_syncookie_ipv4") ||
		calls(p->bad, p->at, "tcp_raw_gen_syncookie_ipv6"));
}

static const struct {
	const char *name;
	bool (*test)(const struct pair *p);
} takes_bad[] = {
	{"Linux 6.18 takes a size of 0 where 6.1 does not", takes_size_zero},
};

/* An array's value at a constant key within it needs no test; Linux sees the constant only when 4 bytes are stored. */
bool kernel_sees_no_key(const struct pair *p)
{
	if (strcmp(p->code, "IOV-V025"))
		return false;
	for (uint32_t i = 0; i < p->bad->count; i++) {
		if (p->bad->insns[i].code == isa_rows[ISA_ST64].code && p->bad->insns[i].dst == IOV_R10)
			return true;
		i += isa_is_wide(&p->bad->insns[i]);
	}
	return false;
}

const char *kernel_difference(const struct pair *p, bool bad_loads, bool twin_loads)
{
	for (size_t i = 0; i < sizeof(takes_bad) / sizeof(*takes_bad) && bad_loads && twin_loads; i++)
		if (takes_bad[i].test(p))
			return takes_bad[i].name;
	if (bad_loads && p->kernel != KERNEL_TAKES_BAD)
		return NULL;
	if (!twin_loads && p->kernel != KERNEL_REFUSES_TWIN)
		return NULL;
	return p->kernel_class;
}
