/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel pointers in map values and in objects. */
#include "objects.h"

struct iov_node {
	long key;
	struct bpf_rb_node rb;
	struct bpf_refcount refs;
};
struct iov_plain {
	long key;
	int words[4];
};
struct iov_owner {
	struct iov_node __kptr *inside;
	long key;
};
struct slot {
	struct iov_node __kptr *node;
	struct iov_plain __kptr *plain;
	struct iov_owner __kptr *owner;
	long before;
};
struct {
	__uint(type, 2);
	__type(key, int);
	__type(value, struct slot);
	__uint(max_entries, 4);
} slots SEC(".maps");

/* What is only pointed at has no members in BTF. */
struct iov_node *whole_node;
struct iov_plain *whole_plain;
struct iov_owner *whole_owner;

static struct slot *slot(void)
{
	int zero = 0;

	return bpf_map_lookup_elem(&slots, &zero);
}

TWIN(xchg_leak, IOV-V050,
	struct slot *s = slot();
	struct iov_plain *p;
	if (!s)
		return 0;
	p = bpf_kptr_xchg(&s->plain, NULL);
	if (!p)
		return 0;
	p->key++;
	if (!bad)
		bpf_obj_drop(p);
)

TWIN(xchg_null, IOV-V025,
	struct slot *s = slot();
	struct iov_plain *p;
	if (!s)
		return 0;
	p = bpf_kptr_xchg(&s->plain, NULL);
	if (!bad && !p)
		return 0;
	p->key++;
	bpf_obj_drop(p);
)

TWIN(xchg_gives_away, IOV-V051,
	struct slot *s = slot();
	struct iov_plain *p;
	struct iov_plain *old;
	if (!s)
		return 0;
	p = bpf_obj_new(struct iov_plain);
	if (!p)
		return 0;
	p->key = 1;
	old = bpf_kptr_xchg(&s->plain, p);
	if (bad)
		p->key = 2;
	if (old)
		bpf_obj_drop(old);
)

TWIN(xchg_other_type, IOV-V043,
	struct slot *s = slot();
	struct iov_plain *p;
	void *old;
	if (!s)
		return 0;
	p = bpf_obj_new(struct iov_plain);
	if (!p)
		return 0;
	old = bpf_kptr_xchg(bad ? (void *)&s->node : (void *)&s->plain, p);
	if (old)
		bpf_obj_drop(old);
)

TWIN(xchg_no_field, IOV-V043,
	struct slot *s = slot();
	void *old;
	if (!s)
		return 0;
	old = bpf_kptr_xchg(bad ? (void *)&s->before : (void *)&s->plain, NULL);
	if (old)
		bpf_obj_drop(old);
)

TWIN(plain_store, IOV-V061,
	struct slot *s = slot();
	if (!s)
		return 0;
	if (bad)
		*(volatile __u64 *)&s->plain = 0;
	s->before = 1;
)

TWIN(half_load, IOV-V061,
	struct slot *s = slot();
	if (!s)
		return 0;
	return bad ? *(volatile __u32 *)&s->plain & 1 : s->before & 1;
)

TWIN(load_null, IOV-V025,
	struct slot *s = slot();
	struct iov_plain *p;
	if (!s)
		return 0;
	p = s->plain;
	if (!bad && !p)
		return 0;
	return p->key & 1;
)

TWIN(load_is_not_owned, IOV-V063,
	struct slot *s = slot();
	struct iov_plain *p;
	if (!s)
		return 0;
	p = s->plain;
	if (!p)
		return 0;
	if (bad)
		bpf_obj_drop(p);
	else
		p->key = 1;
)

TWIN(load_and_acquire, IOV-V025,
	struct slot *s = slot();
	struct iov_node *n;
	if (!s)
		return 0;
	n = s->node;
	if (!n)
		return 0;
	n = bpf_refcount_acquire(n);
	if (!bad && !n)
		return 0;
	n->key = 2;
	bpf_obj_drop(n);
)

TWIN(load_after_rcu, IOV-V062,
	struct slot *s = slot();
	struct iov_plain *p;
	if (!s)
		return 0;
	bpf_rcu_read_lock();
	p = s->plain;
	if (!p) {
		bpf_rcu_read_unlock();
		return 0;
	}
	if (!bad)
		p->key = 3;
	bpf_rcu_read_unlock();
	if (bad)
		p->key = 3;
)

TWIN(in_object, IOV-V050,
	struct slot *s = slot();
	struct iov_owner *o;
	struct iov_node *n;
	if (!s)
		return 0;
	o = bpf_kptr_xchg(&s->owner, NULL);
	if (!o)
		return 0;
	n = bpf_kptr_xchg(&o->inside, NULL);
	if (n && !bad)
		bpf_obj_drop(n);
	bpf_obj_drop(o);
)

TWIN(in_object_direct, IOV-V061,
	struct slot *s = slot();
	struct iov_owner *o;
	if (!s)
		return 0;
	o = bpf_kptr_xchg(&s->owner, NULL);
	if (!o)
		return 0;
	if (bad)
		*(volatile __u64 *)&o->inside = 0;
	o->key = 1;
	bpf_obj_drop(o);
)

TWIN(whole_value, IOV-V061,
	struct slot *s = slot();
	struct slot copy = {};
	if (!s)
		return 0;
	if (bad)
		__builtin_memcpy(s, &copy, sizeof(copy));
	else
		s->before = 2;
)
