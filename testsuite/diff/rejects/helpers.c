/* SPDX-License-Identifier: Apache-2.0 */
#include "testsuite/diff/rejects/rejects.h"
void pairs_of_helpers(struct run *run)
{
	(void)run;
}
