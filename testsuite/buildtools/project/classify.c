/* SPDX-License-Identifier: Apache-2.0 */
#include "shared.h"

int classify(int len)
{
	return len > 100 ? 1 : 0;
}
