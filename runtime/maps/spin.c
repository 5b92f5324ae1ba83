/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/maps/spin.h"

void spin_until(uint32_t *lock)
{
	uint32_t turns = 0;

	do
		while (__atomic_load_n(lock, __ATOMIC_RELAXED))
			spin_wait(&turns);
	while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE));
}
