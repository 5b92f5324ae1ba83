/* SPDX-License-Identifier: Apache-2.0 */
/* Where Linux judges otherwise: each class a predicate on the pair. */
#include "testsuite/diff/rejects/rejects.h"

const char *kernel_difference(const struct pair *p, bool bad_loads, bool twin_loads)
{
	if (bad_loads && p->kernel != KERNEL_TAKES_BAD)
		return NULL;
	if (!twin_loads && p->kernel != KERNEL_REFUSES_TWIN)
		return NULL;
	return p->kernel_class;
}
