/* SPDX-License-Identifier: Apache-2.0 */
/* Structs of the kernel's: casts, what may be read and written, sockets under their kernel names, exceptions. */
#include "objects.h"

struct sock_common { unsigned short skc_family; } __core;
struct sock { struct sock_common __sk_common; int sk_rcvbuf; } __core;
struct tcp_sock { __u32 snd_cwnd; __u32 rcv_nxt; } __core;
struct net_device { int ifindex; __u32 mtu; } __core;
struct sk_buff { __u32 len; struct net_device *dev; struct sock *sk; __u32 mark; } __core;
struct nf_conn { unsigned long status; __u32 mark; __u32 timeout; } __core;
struct nf_conn___init { struct nf_conn ct; };
struct task_struct { int pid; struct task_struct *real_parent; } __core;
struct cgroup { int level; } __core;
struct tuple { __u32 saddr, daddr; unsigned short sport, dport; };
struct bpf_ct_opts { int netns_id, error; __u8 l4proto, dir, reserved[2]; };

static void *(*const bpf_sk_fullsock)(void *sk) = (void *)95;
static void *(*const bpf_sk_lookup_tcp)(void *ctx, void *tuple, __u32 size, __u64 netns, __u64 flags) = (void *)84;
static long (*const bpf_sk_release)(void *sk) = (void *)86;

struct nf_conn *bpf_skb_ct_lookup(struct __sk_buff *ctx, struct tuple *tuple, __u32 size, struct bpf_ct_opts *opts,
				  __u32 opts_size) __ksym;
struct nf_conn___init *bpf_skb_ct_alloc(struct __sk_buff *ctx, struct tuple *tuple, __u32 size,
					struct bpf_ct_opts *opts, __u32 opts_size) __ksym;
struct nf_conn *bpf_ct_insert_entry(struct nf_conn___init *ct) __ksym;
void bpf_ct_release(struct nf_conn *ct) __ksym;
int bpf_ct_change_status(struct nf_conn *ct, __u32 status) __ksym;
struct task_struct *bpf_task_from_pid(int pid) __ksym;
struct task_struct *bpf_task_acquire(struct task_struct *task) __ksym;
void bpf_task_release(struct task_struct *task) __ksym;
struct cgroup *bpf_cgroup_from_id(__u64 id) __ksym;
struct cgroup *bpf_cgroup_ancestor(struct cgroup *cgroup, int level) __ksym;
void bpf_cgroup_release(struct cgroup *cgroup) __ksym;
long bpf_task_under_cgroup(struct task_struct *task, struct cgroup *cgroup) __ksym;
void bpf_throw(__u64 cookie) __ksym;

#define cast(p, t) ((t *)bpf_rdonly_cast(p, __builtin_btf_type_id(*(t *)0, 1)))

static struct nf_conn *connection(struct __sk_buff *ctx)
{
	struct tuple tuple = {.saddr = 1, .daddr = 2, .sport = 3, .dport = 4};
	struct bpf_ct_opts opts = {.netns_id = -1, .l4proto = 6};

	return bpf_skb_ct_lookup(ctx, &tuple, sizeof(tuple), &opts, sizeof(opts));
}

static struct sock *lookup(struct __sk_buff *ctx)
{
	struct tuple tuple = {.saddr = 1};

	return bpf_sk_lookup_tcp(ctx, &tuple, sizeof(tuple), -1, 0);
}

/* Only the mark of a connection may be written. */
TWIN(connection_mark, IOV-V062,
	struct nf_conn *ct = connection(ctx);
	if (!ct)
		return 0;
	if (bad)
		ct->status = 5;
	else
		ct->mark = 5;
	bpf_ct_release(ct);
)

TWIN(connection_leak, IOV-V050,
	struct nf_conn *ct = connection(ctx);
	if (!ct)
		return 0;
	if (bad && ct->mark == 77)
		return 1;
	bpf_ct_release(ct);
)

TWIN(connection_read_after_release, IOV-V051,
	struct nf_conn *ct = connection(ctx);
	int mark;
	if (!ct)
		return 0;
	if (bad)
		bpf_ct_release(ct);
	mark = *(volatile __u32 *)&ct->mark;
	if (!bad)
		bpf_ct_release(ct);
	return mark;
)

TWIN(context_written, IOV-V062,
	struct sk_buff *skb = bpf_cast_to_kern_ctx(ctx);
	if (bad)
		skb->mark = 5;
	else
		return skb->mark;
)

TWIN(context_of_a_cast, IOV-V043,
	struct sk_buff *skb = bpf_cast_to_kern_ctx(ctx);
	if (bad)
		skb = bpf_cast_to_kern_ctx(skb);
	return skb->len;
)

/* What a cast says is only read, never given to the kernel. */
TWIN(cast_is_given_away, IOV-V063,
	struct task_struct *task = bpf_task_from_pid(1);
	struct task_struct *seen;
	struct task_struct *more;
	if (!task)
		return 0;
	seen = cast(task, struct task_struct);
	if (seen->pid == 2) {
		more = bpf_task_acquire(bad ? seen : task);
		if (more)
			bpf_task_release(more);
	}
	bpf_task_release(task);
)

TWIN(cast_is_written, IOV-V062,
	struct sk_buff *skb = cast(ctx, struct sk_buff);
	if (bad)
		skb->mark = 1;
	else
		return skb->mark;
)

/* Any number of pointers may be followed from a cast: the loads cannot fault. */
TWIN(cast_is_followed, IOV-V062,
	struct sk_buff *skb = cast(ctx, struct sk_buff);
	int index = skb->dev->ifindex;
	if (bad)
		skb->dev->mtu = 1;
	return index;
)

TWIN(kernel_socket_for_its_uapi, IOV-V043,
	struct sock *sk = lookup(ctx);
	struct tcp_sock *tp;
	long id = 0;
	if (!sk)
		return 0;
	tp = bpf_skc_to_tcp_sock(sk);
	if (tp) {
		if (bad)
			id = bpf_sk_fullsock(tp) != NULL;
		else
			id = bpf_skc_to_tcp_sock(tp) != NULL;
	}
	bpf_sk_release(sk);
	return id;
)

TWIN(kernel_socket_not_tested, IOV-V025,
	struct sock *sk = lookup(ctx);
	struct tcp_sock *tp;
	long id = 0;
	if (!sk)
		return 0;
	tp = bpf_skc_to_tcp_sock(sk);
	if (bad || tp)
		id = bpf_skc_to_tcp_sock(tp) != NULL;
	bpf_sk_release(sk);
	return id;
)

/* The kernel's view of a socket dies with the reference that it came from. */
TWIN(kernel_socket_after_release, IOV-V051,
	struct sock *sk = lookup(ctx);
	struct tcp_sock *tp;
	__u32 window = 0;
	if (!sk)
		return 0;
	tp = bpf_skc_to_tcp_sock(sk);
	if (bad)
		bpf_sk_release(sk);
	if (tp)
		window = tp->snd_cwnd;
	if (!bad)
		bpf_sk_release(sk);
	return window;
)

/* Released through the cast: it is the same reference. */
TWIN(kernel_socket_released_twice, IOV-V051,
	struct sock *sk = lookup(ctx);
	struct tcp_sock *tp;
	if (!sk)
		return 0;
	tp = bpf_skc_to_tcp_sock(sk);
	if (!tp) {
		bpf_sk_release(sk);
		return 0;
	}
	bpf_sk_release(tp);
	if (bad)
		bpf_sk_release(sk);
)

TWIN(task_for_a_control_group, IOV-V043,
	struct task_struct *task = bpf_task_from_pid(1);
	struct cgroup *group = bpf_cgroup_from_id(1);
	long under = 0;
	if (task && group)
		under = bad ? bpf_task_under_cgroup((void *)group, (void *)task) : bpf_task_under_cgroup(task, group);
	if (group)
		bpf_cgroup_release(group);
	if (task)
		bpf_task_release(task);
	return under;
)

TWIN(released_as_another, IOV-V043,
	struct task_struct *task = bpf_task_from_pid(1);
	if (!task)
		return 0;
	if (bad)
		bpf_cgroup_release((void *)task);
	else
		bpf_task_release(task);
)

TWIN(ancestor_not_released, IOV-V050,
	struct cgroup *group = bpf_cgroup_from_id(1);
	struct cgroup *above;
	if (!group)
		return 0;
	above = bpf_cgroup_ancestor(group, 1);
	bpf_cgroup_release(group);
	if (!bad && above)
		bpf_cgroup_release(above);
)

TWIN(thrown_with_a_task, IOV-V050,
	struct task_struct *task = bpf_task_from_pid(1);
	if (!task)
		return 0;
	if (task->pid == 9) {
		if (!bad)
			bpf_task_release(task);
		bpf_throw(1);
	}
	bpf_task_release(task);
)

/* A connection that was not inserted yet cannot be looked at as one that was. */
TWIN(new_connection_changed, IOV-V043,
	struct tuple tuple = {.saddr = 1, .daddr = 2, .sport = 3, .dport = 4};
	struct bpf_ct_opts opts = {.netns_id = -1, .l4proto = 6};
	struct nf_conn___init *fresh = bpf_skb_ct_alloc(ctx, &tuple, sizeof(tuple), &opts, sizeof(opts));
	struct nf_conn *ct;
	if (!fresh)
		return 0;
	fresh->ct.mark = 3;
	if (bad)
		bpf_ct_change_status((void *)fresh, 1);
	ct = bpf_ct_insert_entry(fresh);
	if (ct)
		bpf_ct_release(ct);
)

/* Encryption with a context that only RCU keeps. */
struct bpf_crypto_ctx { int refs; };
struct secret { struct bpf_crypto_ctx __kptr *ctx; };
struct {
	__uint(type, 2);
	__type(key, int);
	__type(value, struct secret);
	__uint(max_entries, 1);
} secrets SEC(".maps");
struct bpf_crypto_ctx *whole_crypto;
struct bpf_dynptr { __u64 opaque[2]; } __attribute__((aligned(8)));
char plain_text[16], cipher_text[16];

static long (*const bpf_dynptr_from_mem)(void *data, __u32 size, __u64 flags, struct bpf_dynptr *ptr) = (void *)197;
int bpf_crypto_encrypt(struct bpf_crypto_ctx *ctx, const struct bpf_dynptr *src, const struct bpf_dynptr *dst,
		       const struct bpf_dynptr *siv) __ksym;

TWIN(encryption_after_rcu, IOV-V063,
	struct bpf_dynptr from;
	struct bpf_dynptr to;
	int zero = 0;
	struct secret *secret = bpf_map_lookup_elem(&secrets, &zero);
	struct bpf_crypto_ctx *crypto;
	if (!secret)
		return 0;
	bpf_dynptr_from_mem(plain_text, sizeof(plain_text), 0, &from);
	bpf_dynptr_from_mem(cipher_text, sizeof(cipher_text), 0, &to);
	bpf_rcu_read_lock();
	crypto = secret->ctx;
	if (bad)
		bpf_rcu_read_unlock();
	if (crypto)
		bpf_crypto_encrypt(crypto, &from, &to, NULL);
	if (!bad)
		bpf_rcu_read_unlock();
)

TWIN(encryption_without_context, IOV-V025,
	struct bpf_dynptr from;
	struct bpf_dynptr to;
	int zero = 0;
	struct secret *secret = bpf_map_lookup_elem(&secrets, &zero);
	struct bpf_crypto_ctx *crypto;
	if (!secret)
		return 0;
	bpf_dynptr_from_mem(plain_text, sizeof(plain_text), 0, &from);
	bpf_dynptr_from_mem(cipher_text, sizeof(cipher_text), 0, &to);
	crypto = secret->ctx;
	if (!bad && !crypto)
		return 0;
	bpf_crypto_encrypt(crypto, &from, &to, NULL);
)

/* A map is a struct of the kernel's. */
struct bpf_map { __u32 key_size; __u32 value_size; __u32 max_entries; } __core;
struct bpf_array { struct bpf_map map; __u32 elem_size; } __core;

TWIN(map_written, IOV-V032,
	struct bpf_array *array = (struct bpf_array *)&secrets;
	if (bad)
		array->elem_size = 7;
	return array->map.max_entries + array->elem_size;
)

TWIN(map_between_members, IOV-V062,
	char *map = (char *)&secrets;
	struct bpf_map *plain = (struct bpf_map *)&secrets;
	if (bad)
		return *(volatile __u64 *)(map + __builtin_preserve_field_info(plain->key_size, 0));
	return plain->key_size;
)
