/* SPDX-License-Identifier: Apache-2.0 */
#include "testsuite/diff/rejects/rejects.h"
void pairs_of_contexts(struct run *run)
{
	(void)run;
}
