/* SPDX-License-Identifier: Apache-2.0 */
/* What the platform file iovrun promises is what this runtime has. */
#include "runtime/kfuncs.h"

#include <criterion/criterion.h>
#include <string.h>

Test(platform, iovrun_promises_what_the_runtime_has)
{
	const struct iov_platform *p = platform_shipped("iovrun");
	unsigned implemented = 0, kfuncs = 0;

	cr_assert_not_null(p);
	for (uint32_t i = 0; i < p->helper_count; i++)
		cr_expect_not_null(helper_find(p->helpers[i]->id), "%s", p->helpers[i]->name);
	for (uint32_t i = 0; i < p->map_type_count; i++)
		cr_expect_not_null(map_ops(p->map_types[i]->id), "%s", p->map_types[i]->name);
	for (uint32_t i = 0; i < p->kfunc_count; i++)
		cr_expect_not_null(kfunc_find(p->kfuncs[i]->name), "%s", p->kfuncs[i]->name);
	for (size_t i = 0; i < catalogue_kfunc_count(); i++)
		kfuncs += catalogue_kfunc_at(i) && kfunc_find(catalogue_kfunc_at(i)->name);
	cr_expect_eq(kfuncs, p->kfunc_count, "every kernel function is offered");
	for (uint32_t id = 0; id < 256; id++)
		implemented += helper_find(id) != NULL;
	cr_expect_eq(implemented, p->helper_count, "every helper is offered");
	for (uint32_t i = 0; i < p->prog_type_count; i++)
		for (uint16_t f = 0; f < p->prog_types[i]->field_count; f++)
			cr_expect(!p->prog_types[i]->fields[f].readable ||
					  p->prog_types[i]->fields[f].kind <= IOV_CTX_SOCK_OR_NULL,
				  "%s of %s", p->prog_types[i]->fields[f].name, p->prog_types[i]->name);
}

/* struct iov_ctx keeps every scalar at its uapi offset. */
Test(platform, context_fields_lie_at_their_uapi_offsets)
{
	static const struct {
		const char *name;
		size_t off;
	} skb[] = {
#define F(name) {#name, offsetof(struct iov_skb_fields, name)}
		F(len),       F(pkt_type),   F(mark),       F(queue_mapping),   F(protocol),   F(vlan_present),
		F(vlan_tci),  F(vlan_proto), F(priority),   F(ingress_ifindex), F(ifindex),    F(tc_index),
		F(cb),        F(hash),       F(tc_classid), F(napi_id),         F(family),     F(remote_ip4),
		F(local_ip4), F(remote_ip6), F(local_ip6),  F(remote_port),     F(local_port), F(tstamp),
		F(wire_len),  F(gso_segs),   F(gso_size),   F(tstamp_type),     F(hwtstamp),
#undef F
	};
	const struct iov_prog_type *tc = catalogue_prog_type(3);
	unsigned found = 0;

	for (uint16_t f = 0; f < tc->field_count; f++)
		for (size_t i = 0; i < sizeof(skb) / sizeof(skb[0]); i++)
			if (!strcmp(skb[i].name, tc->fields[f].name)) {
				cr_expect_eq(skb[i].off, tc->fields[f].off, "%s", skb[i].name);
				found++;
			}
	cr_expect_gt(found, 20);
	cr_expect_eq(offsetof(struct iov_xdp_fields, egress_ifindex), 20);
}

static bool is_noted(const struct iov_platform_note *notes, uint32_t count, const char *name)
{
	for (uint32_t i = 0; i < count; i++)
		if (!strcmp(notes[i].name, name))
			return true;
	return false;
}

static const uint32_t networking_types[] = {1, 3, 4, 6, 8, 10, 11, 12, 19};
enum { NETWORKING_TYPES = sizeof(networking_types) / sizeof(networking_types[0]) };

/* Some type of ours may call it on Linux 6.12 and not here. */
static bool lacks(const struct iov_platform *own, const struct iov_platform *linux_612, const struct iov_helper *h)
{
	bool lacking = false;

	for (size_t t = 0; t < NETWORKING_TYPES; t++) {
		const struct iov_prog_type *type = platform_prog_type(linux_612, networking_types[t]);

		lacking |= type && platform_allows(linux_612, type, h) && h->complete &&
			   !platform_allows(own, platform_prog_type(own, networking_types[t]), h);
	}
	return lacking;
}

/* All that Linux 6.12 gives to the program types of this runtime is here, or the platform file says why not. (What
 * Linux gives to which type is asked of the live kernel by testsuite/diff/helpers.) */
Test(platform, what_is_not_here_has_a_reason)
{
	const struct iov_platform *own = platform_shipped("iovrun"), *linux_612 = platform_shipped("linux-6.12");
	uint32_t noted = 0, all = 0;

	for (uint32_t i = 0; i < linux_612->helper_count + linux_612->kfunc_count; i++) {
		const struct iov_helper *h = i < linux_612->helper_count
						     ? linux_612->helpers[i]
						     : linux_612->kfuncs[i - linux_612->helper_count];
		bool lacking = h->kfunc ? !platform_kfunc(own, h->name) && lacks(own, linux_612, h)
					: lacks(own, linux_612, h);
		bool has = is_noted(own->lacking, own->lacking_count, h->name);

		all++;
		noted += has;
		cr_expect(lacking == has, "%s: %s", h->name,
			  lacking ? "is lacking without a reason" : "is not lacking");
	}
	for (uint32_t i = 0; i < linux_612->map_type_count; i++) {
		const char *name = linux_612->map_types[i]->name;
		bool has = is_noted(own->lacking, own->lacking_count, name);

		noted += has;
		cr_expect(!platform_map_type(own, linux_612->map_types[i]->id) == has, "map type %s", name);
	}
	cr_expect_eq(noted, own->lacking_count, "reasons for what Linux does not have");
	cr_expect_gt(all, 250);
	for (uint32_t i = 0; i < own->hosted_count; i++) {
		const struct iov_helper *h = catalogue_helper_by_name(own->hosted[i].name);

		cr_expect((h && platform_helper(own, h->id)) || platform_kfunc(own, own->hosted[i].name), "%s",
			  own->hosted[i].name);
	}
}
