/* SPDX-License-Identifier: Apache-2.0 */
/* The checked engine's structs of the kernel's. There is no kernel behind them: what is read is made up, member by
 * member as the target's types have them, and a pointer member leads to another struct. */
#include "runtime/checked.h"

#include <string.h>

bool checked_kernel_is(const struct cmachine *m, const char *name, const char *want)
{
	struct iov_types *t = m->image->prog->types;
	const struct iov_type *type, *inner;
	size_t len = name ? strlen(name) : 0;

	if (!name || !strcmp(name, want))
		return name != NULL;
	if (!t || !t->has_target)
		return len > 5 && !strcmp(name + len - 5, "_sock") && !strncmp(want, "sock", 4);
	type = types_named(t, IOV_TYPES_TARGET, name);
	inner = types_named(t, IOV_TYPES_TARGET, want);
	return type && inner && types_has_at(t, type, 0, inner);
}

uint32_t checked_kernel(struct cmachine *m, const char *name)
{
	uint32_t region = checked_region(m, CR_KERNEL, 0, 0);

	m->regions[region].name = name;
	return region;
}

/* The member that the access lies in. */
static bool member(struct cmachine *m, int reg, int64_t off, uint32_t size, struct iov_place *place)
{
	const struct cvalue *p = &checked_top(m)->r[reg];
	const struct cregion *r = &m->regions[p->region];
	struct iov_types *t = m->image->prog->types;
	const char *name = r->kind == CR_MAP ? catalogue_kernel_map(catalogue_map_type(r->def->type)) : r->name;
	const struct iov_type *type = types_named(t, IOV_TYPES_TARGET, name);
	int64_t at = (int64_t)(p->v + (uint64_t)off - r->addr);

	if (!r->live)
		return checked_fail(m, reg, p->v, "points into a kernel object, which is gone");
	if (type && at >= 0 && at <= INT32_MAX && types_member(t, type, (uint32_t)at, size, place))
		return true;
	return checked_fail(m, reg, p->v, "%u bytes at offset %lld are no member of struct %s", size, (long long)at,
			    name ? name : "?");
}

bool checked_kernel_load(struct cmachine *m, int reg, int64_t off, uint32_t size, struct cvalue *out)
{
	const struct iov_type *to = NULL;
	struct iov_place place;

	if (!member(m, reg, off, size, &place))
		return false;
	*out = (struct cvalue){.v = checked_random(m), .init = true};
	if (size < 8)
		out->v &= (1ull << 8 * size) - 1;
	if (place.member->kind == IOV_MEMBER_POINTER && place.member->type && !(place.member->tags & IOV_TAG_USER))
		to = types_find(m->image->prog->types, IOV_TYPES_TARGET, place.member->type);
	if (!to)
		return true;
	if (size != 8 || place.off)
		return checked_fail(m, reg, out->v, "reads a part of the pointer %s", place.member->name);
	out->region = checked_kernel(m, to->name);
	out->v = m->regions[out->region].addr;
	return out->region != 0;
}

bool checked_kernel_store(struct cmachine *m, int reg, int64_t off, uint32_t size)
{
	struct iov_place place;

	if (!member(m, reg, off, size, &place))
		return false;
	return (!strcmp(place.holder->name, "nf_conn") && !strcmp(place.member->name, "mark")) ||
	       checked_fail(m, reg, 0, "writes %s of struct %s, which is the kernel's", place.member->name,
			    place.holder->name);
}
