/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue against the uapi headers of this machine: ids, names, offsets, sizes. What only newer headers have is
 * covered by the live-kernel test (testsuite/diff/helpers). */
#include "asm/isa/catalogue.h"

#include <criterion/criterion.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const struct { uint32_t id; const char *name; } uapi_helpers[] = {
#define EACH(name, id, ...) {id, #name},
#ifdef ___BPF_FUNC_MAPPER
	___BPF_FUNC_MAPPER(EACH)
#else /* headers before 6.2 list the names alone, in order */
#define IN_ORDER(name) {BPF_FUNC_##name, #name}
	__BPF_FUNC_MAPPER(IN_ORDER)
#endif
};

Test(catalogue, helper_ids_and_names_are_those_of_the_uapi_header)
{
	size_t count = sizeof(uapi_helpers) / sizeof(*uapi_helpers);

	cr_assert_geq(count, 200u);
	for (size_t i = 0; i < count; i++) {
		const struct iov_helper *h = catalogue_helper(uapi_helpers[i].id);

		if (!uapi_helpers[i].id)
			continue;
		cr_assert(h, "%s", uapi_helpers[i].name);
		cr_expect_str_eq(h->name, uapi_helpers[i].name);
		cr_expect_eq(h->id, uapi_helpers[i].id);
	}
}

Test(catalogue, helpers_are_dense)
{
	cr_assert_eq(catalogue_helper_count(), 211u);
	for (uint32_t i = 0; i < 211; i++)
		cr_assert_eq(catalogue_helper_at(i)->id, i + 1);
	cr_assert_null(catalogue_helper_at(211));
	cr_assert_null(catalogue_helper(0));
	cr_assert_null(catalogue_helper(212));
	cr_assert_null(catalogue_helper(UINT32_MAX));
}

/* The declaration and the argument kinds are two descriptions of one thing. */
static int declared_parameters(const char *decl)
{
	const char *p = strchr(decl, '(');
	int n = 1;

	if (!strcmp(p, "(void)"))
		return 0;
	for (; *p; p++)
		n += *p == ',';
	return n;
}

static bool is_size(uint8_t arg)
{
	return arg == IOV_ARG_SIZE || arg == IOV_ARG_SIZE_OR_ZERO;
}

static bool is_sized_memory(uint8_t arg)
{
	return arg == IOV_ARG_MEM || arg == IOV_ARG_MEM_OR_NULL || arg == IOV_ARG_MEM_UNINIT || arg == IOV_ARG_MEM_RW ||
	       arg == IOV_ARG_MEM_RW_OR_NULL;
}

static void check_prototype(const struct iov_helper *h)
{
	/* trace_printk is variadic; get_branch_snapshot has an argument that the kernel ignores */
	bool exempt = !strcmp(h->name, "trace_printk") || !strcmp(h->name, "get_branch_snapshot");
	char name[64];
	int args = 0;

	snprintf(name, sizeof(name), "bpf_%s(", h->name);
	cr_expect(strstr(h->decl, name), "%s: %s", h->name, h->decl);
	if (!h->complete)
		return;
	while (args < 5 && h->args[args] != IOV_ARG_NONE)
		args++;
	for (int i = args; i < 5; i++)
		cr_expect_eq(h->args[i], IOV_ARG_NONE, "%s", h->name);
	cr_expect(exempt || args == declared_parameters(h->decl), "%s: %d arguments, %s", h->name, args, h->decl);
	for (int i = 0; i < 5; i++) {
		cr_expect(!is_sized_memory(h->args[i]) || (i < 4 && is_size(h->args[i + 1])), "%s", h->name);
		cr_expect(!is_size(h->args[i]) || (i > 0 && is_sized_memory(h->args[i - 1])), "%s", h->name);
		cr_expect_eq(h->args[i] == IOV_ARG_MEM_FIXED || h->args[i] == IOV_ARG_MEM_FIXED_UNINIT,
			     h->arg_size[i] != 0);
	}
	cr_expect_eq(!!(h->flags & IOV_HF_RELEASES), h->release_arg != 0, "%s", h->name);
	cr_expect(!h->base_since || h->flags & IOV_HF_BASE, "%s", h->name);
}

Test(catalogue, prototypes_are_consistent)
{
	for (size_t i = 0; i < catalogue_helper_count(); i++)
		check_prototype(catalogue_helper_at(i));
	for (size_t i = 0; catalogue_kfunc_at(i); i++)
		check_prototype(catalogue_kfunc_at(i));
}

Test(catalogue, lookup_by_name)
{
	cr_assert_eq(catalogue_helper_by_name("map_lookup_elem")->id, 1u);
	cr_assert_eq(catalogue_helper_by_name("bpf_ringbuf_reserve")->id, 131u);
	cr_assert_null(catalogue_helper_by_name("bpf_nonsense"));
	cr_assert_null(catalogue_helper_by_name(""));
	cr_assert(catalogue_kfunc_by_name("bpf_xdp_metadata_rx_hash")->complete);
	cr_assert_eq(catalogue_prog_type_by_name("sched_cls")->id, 3u);
	cr_assert_eq(catalogue_map_type_by_name("lru_hash")->id, 9u);
	cr_assert_null(catalogue_prog_type(0));
	cr_assert_null(catalogue_map_type(99));
}

Test(catalogue, program_and_map_types_are_those_of_the_uapi_header)
{
	static const struct { uint32_t id; const char *name;
	} progs[] =
		{
			{BPF_PROG_TYPE_SOCKET_FILTER, "socket_filter"},
			{BPF_PROG_TYPE_SCHED_ACT, "sched_act"},
			{BPF_PROG_TYPE_XDP, "xdp"},
			{BPF_PROG_TYPE_CGROUP_SKB, "cgroup_skb"},
			{BPF_PROG_TYPE_LWT_XMIT, "lwt_xmit"},
			{BPF_PROG_TYPE_SK_SKB, "sk_skb"},
			{BPF_PROG_TYPE_SK_MSG, "sk_msg"},
			{BPF_PROG_TYPE_LWT_SEG6LOCAL, "lwt_seg6local"},
			{BPF_PROG_TYPE_FLOW_DISSECTOR, "flow_dissector"},
			{BPF_PROG_TYPE_CGROUP_SOCKOPT, "cgroup_sockopt"},
			{BPF_PROG_TYPE_SYSCALL, "syscall"},
		},
	  maps[] = {
		  {BPF_MAP_TYPE_HASH, "hash"},
		  {BPF_MAP_TYPE_LRU_PERCPU_HASH, "lru_percpu_hash"},
		  {BPF_MAP_TYPE_LPM_TRIE, "lpm_trie"},
		  {BPF_MAP_TYPE_XSKMAP, "xskmap"},
		  {BPF_MAP_TYPE_STACK, "stack"},
		  {BPF_MAP_TYPE_RINGBUF, "ringbuf"},
		  {BPF_MAP_TYPE_BLOOM_FILTER, "bloom_filter"},
		  {BPF_MAP_TYPE_USER_RINGBUF, "user_ringbuf"},
	  };

	for (size_t i = 0; i < sizeof(progs) / sizeof(*progs); i++)
		cr_expect_str_eq(catalogue_prog_type(progs[i].id)->name, progs[i].name);
	for (size_t i = 0; i < sizeof(maps) / sizeof(*maps); i++)
		cr_expect_str_eq(catalogue_map_type(maps[i].id)->name, maps[i].name);
	for (uint32_t i = 1; i <= 32; i++)
		cr_expect(catalogue_prog_type(i), "%u", i);
	for (uint32_t i = 1; i <= 33; i++)
		cr_expect(catalogue_map_type(i), "%u", i);
}

static void check_field(const char *type, const char *name, size_t off, size_t size)
{
	const struct iov_prog_type *t = catalogue_prog_type_by_name(type);

	for (uint16_t i = 0; i < t->field_count; i++) {
		if (strcmp(t->fields[i].name, name))
			continue;
		cr_expect_eq(t->fields[i].off, off, "%s.%s", t->ctx_name, name);
		cr_expect_eq(t->fields[i].size, size, "%s.%s", t->ctx_name, name);
		return;
	}
	cr_expect(false, "%s.%s is missing", t->ctx_name, name);
}

#define FIELD(type, st, name) check_field(type, #name, offsetof(struct st, name), sizeof(((struct st *)0)->name))
#define SKB(name) FIELD("sched_cls", __sk_buff, name)
#define XDP(name) FIELD("xdp", xdp_md, name)

Test(catalogue, context_fields_lie_where_the_uapi_header_puts_them)
{
	SKB(len), SKB(pkt_type), SKB(mark), SKB(queue_mapping), SKB(protocol), SKB(vlan_present), SKB(vlan_tci);
	SKB(vlan_proto), SKB(priority), SKB(ingress_ifindex), SKB(ifindex), SKB(tc_index), SKB(cb), SKB(hash);
	SKB(tc_classid), SKB(data), SKB(data_end), SKB(napi_id), SKB(family), SKB(remote_ip4), SKB(local_ip4);
	SKB(remote_ip6), SKB(local_ip6), SKB(remote_port), SKB(local_port), SKB(data_meta), SKB(flow_keys);
	SKB(tstamp), SKB(wire_len), SKB(gso_segs), SKB(sk), SKB(gso_size), SKB(hwtstamp);
	check_field("sched_cls", "tstamp_type", offsetof(struct __sk_buff, gso_size) + 4, 1); /* a bit field */
	XDP(data), XDP(data_end), XDP(data_meta), XDP(ingress_ifindex), XDP(rx_queue_index), XDP(egress_ifindex);
	cr_expect_eq(catalogue_prog_type_by_name("xdp")->ctx_size, sizeof(struct xdp_md));
	cr_expect_eq(catalogue_prog_type_by_name("lwt_in")->ctx_size, sizeof(struct __sk_buff));
}

static void check_object(enum iov_object_kind kind, const char *name, size_t off, size_t size)
{
	const struct iov_ctx_field *f = catalogue_object_field(catalogue_object(kind), (uint32_t)off);

	cr_expect(f && !strcmp(f->name, name) && f->off == off && f->size == size, "%s", name);
}

#define OBJECT(kind, st, name) check_object(kind, #name, offsetof(struct st, name), sizeof(((struct st *)0)->name))
#define BPF_SOCK(name) OBJECT(IOV_OBJECT_SOCK, bpf_sock, name), OBJECT(IOV_OBJECT_SOCK_COMMON, bpf_sock, name)
#define BPF_TCP(name) OBJECT(IOV_OBJECT_TCP_SOCK, bpf_tcp_sock, name)

Test(catalogue, sockets_are_laid_out_as_in_the_uapi_header)
{
	BPF_SOCK(bound_dev_if), BPF_SOCK(family), BPF_SOCK(type), BPF_SOCK(protocol), BPF_SOCK(mark),
		BPF_SOCK(priority);
	BPF_SOCK(src_ip4), BPF_SOCK(src_ip6), BPF_SOCK(src_port), BPF_SOCK(dst_port), BPF_SOCK(dst_ip4),
		BPF_SOCK(dst_ip6);
	BPF_SOCK(state), BPF_SOCK(rx_queue_mapping);
	BPF_TCP(snd_cwnd), BPF_TCP(srtt_us), BPF_TCP(rtt_min), BPF_TCP(snd_ssthresh), BPF_TCP(rcv_nxt),
		BPF_TCP(snd_nxt);
	BPF_TCP(snd_una), BPF_TCP(mss_cache), BPF_TCP(ecn_flags), BPF_TCP(rate_delivered), BPF_TCP(rate_interval_us);
	BPF_TCP(packets_out), BPF_TCP(retrans_out), BPF_TCP(total_retrans), BPF_TCP(segs_in), BPF_TCP(data_segs_in);
	BPF_TCP(segs_out), BPF_TCP(data_segs_out), BPF_TCP(lost_out), BPF_TCP(sacked_out), BPF_TCP(bytes_received);
	BPF_TCP(bytes_acked), BPF_TCP(dsack_dups), BPF_TCP(delivered), BPF_TCP(delivered_ce), BPF_TCP(icsk_retransmits);
	cr_expect_eq(catalogue_object(IOV_OBJECT_SOCK)->size, sizeof(struct bpf_sock));
	cr_expect_eq(catalogue_object(IOV_OBJECT_TCP_SOCK)->size, sizeof(struct bpf_tcp_sock));
	cr_expect_eq(catalogue_ctx_field(catalogue_prog_type_by_name("flow_dissector"), 144)->aux,
		     sizeof(struct bpf_flow_keys));
	cr_expect(catalogue_object_access(catalogue_object(IOV_OBJECT_SOCK), 16, 4));
	cr_expect(!catalogue_object_access(catalogue_object(IOV_OBJECT_SOCK_COMMON), 16, 4),
		  "mark needs a full socket");
	cr_expect(catalogue_object_access(catalogue_object(IOV_OBJECT_SOCK), 4, 1));
	cr_expect(!catalogue_object_access(catalogue_object(IOV_OBJECT_SOCK), 5, 1), "from the first byte on");
	cr_expect(catalogue_object_access(catalogue_object(IOV_OBJECT_SOCK), 27, 1));
}

Test(catalogue, context_access)
{
	const struct iov_prog_type *tc = catalogue_prog_type_by_name("sched_cls");
	const struct iov_prog_type *xdp = catalogue_prog_type_by_name("xdp");

	cr_expect(catalogue_ctx_access(tc, 0, 0, 4, false));
	cr_expect(catalogue_ctx_access(tc, 0, 2, 2, false));
	cr_expect(catalogue_ctx_access(tc, 0, 3, 1, false));
	cr_expect(!catalogue_ctx_access(tc, 0, 1, 2, false), "unaligned");
	cr_expect(!catalogue_ctx_access(tc, 0, 0, 8, false), "over two fields");
	cr_expect(!catalogue_ctx_access(tc, 0, 0, 4, true), "len is read-only");
	cr_expect(catalogue_ctx_access(tc, 0, 8, 4, true));
	cr_expect(!catalogue_ctx_access(tc, 0, 8, 2, true), "mark is written whole");
	cr_expect(catalogue_ctx_access(tc, 0, 48, 8, true));
	cr_expect(catalogue_ctx_access(tc, 0, 67, 1, true));
	cr_expect(!catalogue_ctx_access(tc, 0, 64, 8, true), "past the end of cb");
	cr_expect(!catalogue_ctx_access(tc, 0, 76, 2, false), "packet pointers are read whole");
	cr_expect(!catalogue_ctx_access(tc, 0, 181, 1, false), "padding");
	cr_expect(!catalogue_ctx_access(tc, 0, 192, 4, false));
	cr_expect(!catalogue_ctx_access(tc, 0, UINT32_MAX - 3, 4, false));
	cr_expect(!catalogue_ctx_access(tc, 0, 0, 0, false));
	cr_expect(!catalogue_ctx_access(xdp, 37, 20, 4, false), "egress_ifindex is for devmap programs");
	cr_expect(catalogue_ctx_access(xdp, 33, 20, 4, false));
	cr_expect_str_eq(catalogue_ctx_field(tc, 50)->name, "cb");
	cr_expect_null(catalogue_ctx_field(tc, 182));
}

Test(catalogue, return_ranges)
{
	int64_t min, max;

	cr_expect(!catalogue_ret_range(catalogue_prog_type_by_name("xdp"), 37, &min, &max));
	cr_expect(catalogue_ret_range(catalogue_prog_type_by_name("cgroup_skb"), 0, &min, &max));
	cr_expect_eq(max, 1);
	cr_expect(catalogue_ret_range(catalogue_prog_type_by_name("cgroup_skb"), 1, &min, &max));
	cr_expect_eq(max, 3);
}

Test(catalogue, sections)
{
	static const struct { const char *section; uint32_t type, attach;
	} known[] = {
		{"xdp", 6, BPF_XDP},
		{"xdp/firewall", 6, BPF_XDP},
		{"?xdp", 6, BPF_XDP},
		{"xdp.frags", 6, BPF_XDP},
		{"xdp/devmap", 6, BPF_XDP_DEVMAP},
		{"xdp.frags/cpumap", 6, BPF_XDP_CPUMAP},
		{"tc", 3, 0},
		{"classifier", 3, 0},
		{"tcx/egress", 3, 47},
		{"action", 4, 0},
		{"socket", 1, 0},
		{"cgroup_skb/egress", 8, BPF_CGROUP_INET_EGRESS},
		{"sk_skb/stream_parser", 14, BPF_SK_SKB_STREAM_PARSER},
		{"sk_skb", 14, 0},
		{"lwt_seg6local", 19, 0},
		{"flow_dissector", 22, BPF_FLOW_DISSECTOR},
		{"kprobe/do_sys_open", 2, 0},
		{"fentry.s/x", 26, BPF_TRACE_FENTRY},
		{"tracepoint/syscalls/sys_enter", 5, 0},
		{"cgroup/connect6", 18, BPF_CGROUP_INET6_CONNECT},
		{"sk_reuseport/migrate", 21, BPF_SK_REUSEPORT_SELECT_OR_MIGRATE},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		const struct iov_section_name *s = catalogue_section(known[i].section);

		cr_assert(s, "%s", known[i].section);
		cr_expect_eq(s->type, known[i].type, "%s", known[i].section);
		cr_expect_eq(s->attach, known[i].attach, "%s", known[i].section);
	}
	cr_expect_null(catalogue_section("xdpfoo"));
	cr_expect_null(catalogue_section(".maps"));
	cr_expect_null(catalogue_section(""));
	cr_expect(catalogue_section("xdp.frags")->frags);
	cr_expect(catalogue_section("lsm.s/file_open")->sleepable);
	cr_expect(catalogue_section("xdp")->exact);
}

Test(catalogue, releases_are_ordered_by_number)
{
	cr_expect_lt(catalogue_release_cmp("6.1", "6.12"), 0);
	cr_expect_gt(catalogue_release_cmp("6.12", "6.2"), 0);
	cr_expect_lt(catalogue_release_cmp("5.19", "6.1"), 0);
	cr_expect_eq(catalogue_release_cmp("6.1", "6.1"), 0);
	cr_expect_lt(catalogue_release_cmp("6.18", NULL), 0);
	cr_expect_gt(catalogue_release_cmp(NULL, "6.18"), 0);
	cr_expect_eq(catalogue_release_cmp(NULL, NULL), 0);
}

static bool allows(const char *type, const char *helper, const char *release)
{
	return catalogue_allows(catalogue_prog_type_by_name(type), catalogue_helper_by_name(helper), release);
}

Test(catalogue, who_may_call_what)
{
	cr_expect(allows("xdp", "xdp_adjust_head", "6.1"));
	cr_expect(!allows("sched_cls", "xdp_adjust_head", NULL));
	cr_expect(allows("sched_cls", "skb_store_bytes", "6.1"));
	cr_expect(!allows("socket_filter", "skb_store_bytes", NULL));
	cr_expect(allows("socket_filter", "map_lookup_elem", "6.1"));
	cr_expect(!allows("xdp", "get_current_pid_tgid", "6.1"));
	cr_expect(allows("xdp", "get_current_pid_tgid", "6.12"));
	cr_expect(!allows("cgroup_skb", "get_netns_cookie", "6.12"));
	cr_expect(allows("cgroup_skb", "get_netns_cookie", "6.18"));
	cr_expect(!allows("xdp", "cgrp_storage_get", "6.1"));
	cr_expect(allows("xdp", "cgrp_storage_get", NULL));
	cr_expect(!allows("xdp", "copy_from_user", NULL), "it sleeps");
}

/* A misspelt name in a list would silently allow nothing. */
Test(catalogue, lists_name_helpers_that_exist)
{
	for (uint32_t i = 1; i <= 32; i++) {
		const char *const *list = catalogue_prog_type(i)->helpers;

		for (; list && *list; list++) {
			char name[64];

			snprintf(name, sizeof(name), "%.*s", (int)strcspn(*list, "@"), *list);
			cr_expect(catalogue_helper_by_name(name) && catalogue_helper_by_name(name)->complete, "%s",
				  *list);
		}
	}
	for (uint32_t i = 1; i <= 33; i++) {
		for (const char *const *list = catalogue_map_type(i)->helpers; *list; list++)
			cr_expect(catalogue_helper_by_name(*list), "%s", *list);
	}
}

Test(catalogue, maps_and_helpers)
{
	const struct iov_map_type *hash = catalogue_map_type(1), *queue = catalogue_map_type_by_name("queue");

	cr_expect(catalogue_map_takes(hash, catalogue_helper_by_name("map_update_elem")));
	cr_expect(!catalogue_map_takes(hash, catalogue_helper_by_name("ringbuf_reserve")));
	cr_expect(catalogue_map_takes(queue, catalogue_helper_by_name("map_pop_elem")));
	cr_expect(!catalogue_map_takes(queue, catalogue_helper_by_name("map_lookup_elem")));
	cr_expect(!queue->has_key && queue->has_value);
	cr_expect(hash->values_direct && !catalogue_map_type_by_name("sockmap")->values_direct);
}

/* Programs of one type may call different helpers, by where they are attached. */
Test(catalogue, attach_types)
{
	const struct iov_prog_type *type = catalogue_prog_type_by_name("cgroup_sock_addr");
	const struct iov_helper *bind = catalogue_helper_by_name("bind"), *set = catalogue_helper_by_name("set_retval");
	enum { BIND4 = 8, CONNECT4 = 10, CONNECT6 = 11, RECVMSG4 = 19 };

	cr_expect(catalogue_allows(type, bind, NULL));
	cr_expect(!catalogue_attach_lacks(type, CONNECT4, bind));
	cr_expect(catalogue_attach_lacks(type, BIND4, bind));
	cr_expect(!catalogue_attach_lacks(type, BIND4, set));
	cr_expect(catalogue_attach_lacks(type, RECVMSG4, set));
	cr_expect(catalogue_ctx_access(type, CONNECT4, 4, 4, true), "user_ip4");
	cr_expect(!catalogue_ctx_access(type, CONNECT6, 4, 4, false), "user_ip4 over IPv6");
	cr_expect(!catalogue_ctx_access(type, 1000, 4, 4, false), "an attach type that there is not");
}
