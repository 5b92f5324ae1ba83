/* SPDX-License-Identifier: Apache-2.0 */
/* Which target this machine is, and what its CPU has beyond the baseline. */
#include "runtime/jit/jit.h"

#if defined(__x86_64__)

#include "runtime/jit/x64_target.h"

struct jit_setup jit_host(void)
{
	struct jit_setup setup = {.target = &jit_x64};

	__builtin_cpu_init(); /* asked once a process: cpuid leaves a virtual machine, for microseconds */
	if (__builtin_cpu_supports("bmi2"))
		setup.features |= X64_HAS_BMI2;
	return setup;
}

#elif defined(__aarch64__) && defined(__linux__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

#include "runtime/jit/a64_target.h"

#include <asm/hwcap.h>
#include <sys/auxv.h>

struct jit_setup jit_host(void)
{
	struct jit_setup setup = {.target = &jit_a64};

	if (getauxval(AT_HWCAP) & HWCAP_ATOMICS)
		setup.features |= A64_HAS_LSE;
	return setup;
}

#else

struct jit_setup jit_host(void)
{
	return (struct jit_setup){0};
}

#endif
