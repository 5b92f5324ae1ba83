/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the locks of maps: a word that spins and then yields. Held for tens of instructions; never across a call into
 * a program. */
#ifndef IOV_RUNTIME_MAPS_SPIN_H
#define IOV_RUNTIME_MAPS_SPIN_H

#include <sched.h>
#include <stdint.h>

static inline void spin_wait(uint32_t *turns)
{
	if (++*turns % 64 == 0)
		sched_yield();
#if defined(__x86_64__)
	__builtin_ia32_pause();
#endif
}

/** spin.c: take a lock that another thread holds. Apart, so that those who find it free need no registers for it. */
void spin_until(uint32_t *lock);

static inline void spin_lock(uint32_t *lock)
{
	if (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE))
		spin_until(lock);
}

static inline void spin_unlock(uint32_t *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

#endif
