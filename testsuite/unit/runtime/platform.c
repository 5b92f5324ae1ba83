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
					  p->prog_types[i]->fields[f].kind <= IOV_CTX_PACKET_META,
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

/* What Linux 6.12 gives to the networking types and this runtime does not: because there is no kernel to ask (sockets,
 * cgroups, tasks, tracing, routing headers of its own), or because nothing has needed it yet. A helper that is added
 * leaves this list, one that is lost shows up here. */
Test(platform, what_linux_has_and_this_runtime_lacks)
{
	static const uint32_t types[] = {1, 3, 4, 6, 8, 10, 11, 12, 19};
	static const char *const lacking[] = {
#include "testsuite/unit/runtime/lacking.inc"
	};
	const struct iov_platform *own = platform_shipped("iovrun"), *linux_612 = platform_shipped("linux-6.12");
	size_t listed = sizeof(lacking) / sizeof(lacking[0]), found = 0;

	for (uint32_t i = 0; i < linux_612->helper_count; i++) {
		const struct iov_helper *h = linux_612->helpers[i];
		bool wanted = false, known = false;

		for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
			const struct iov_prog_type *type = platform_prog_type(linux_612, types[t]);

			wanted |= type && platform_allows(linux_612, type, h) && h->complete &&
				  !platform_allows(own, platform_prog_type(own, types[t]), h);
		}
		for (size_t k = 0; k < listed; k++)
			known |= !strcmp(lacking[k], h->name);
		found += wanted && known;
		cr_expect(wanted == known, "%s: %s", h->name,
			  wanted ? "lacks, and is not listed" : "is there, and listed");
	}
	cr_expect_eq(found, listed);
}
