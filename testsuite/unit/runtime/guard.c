/* SPDX-License-Identifier: Apache-2.0 */
/* Guard pages: every byte that was asked for is there, and the ones beyond are a fault. */
#include "runtime/guard.h"
#include "runtime/maps/map.h"
#include "testsuite/unit/runtime/touched.h"

#include <string.h>

Test(guard, ends_are_faults)
{
	static const size_t sizes[] = {1, 15, 16, 512, 4095, 4096, 4097, 100000};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t size = sizes[i], end = (size + GUARD_ALIGN - 1) & ~(size_t)(GUARD_ALIGN - 1);
		uint8_t *p = alloc_resize(guard_alloc(), NULL, 0, size);

		cr_assert(p && (uintptr_t)p % GUARD_ALIGN == 0);
		memset(p, 0xa5, size);
		cr_expect_eq(touched(p + size - 1, true), 0);
		cr_expect_eq(touched(p + end, false), SIGSEGV, "%zu bytes, read behind", size);
		cr_expect_eq(touched(p + end, true), SIGSEGV, "%zu bytes, written behind", size);
		cr_expect_eq(touched(p - 4096, true), SIGSEGV, "%zu bytes, a page before", size);
		p = alloc_resize(guard_alloc(), p, size, size + 5000);
		cr_assert(p && p[0] == 0xa5 && p[size - 1] == 0xa5);
		alloc_free(guard_alloc(), p, size + 5000);
	}
	cr_expect_null(alloc_resize(guard_alloc(), NULL, 0, SIZE_MAX - 100));
}

Test(guard, around_a_map)
{
	static const struct iov_map_def def = {.name = "m", .type = 2, .key_size = 4, .value_size = 64,
					       .max_entries = 10};
	struct iov_map *map;

	cr_assert_eq(map_create(&def, &(struct iov_map_options){.cpus = 1}, guard_alloc(), NULL, &map), IOV_OK);
	cr_expect_eq(touched(map->head.data + 639, true), 0);
	cr_expect_eq(touched(map->head.data + 640, true), SIGSEGV);
	map_destroy(map);
}
