// RUN: iovcc -O2 -g -c %s -o %t.o
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --maps --engine=interp
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --maps --engine=jit --cpus=2
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap --no-timing --engine=checked
// Storage of the control group that a program is attached to (here: 0), and of a packet's socket, of which there is none.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct totals {
	__u64 packets, bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
	__type(key, struct bpf_cgroup_storage_key);
	__type(value, struct totals);
} of_group SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE);
	__type(key, __u64);
	__type(value, __u64);
} of_cpu SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} of_socket SEC(".maps");

SEC("cgroup_skb/egress")
int count(struct __sk_buff *ctx)
{
	struct totals *t = bpf_get_local_storage(&of_group, 0);
	__u64 *c = bpf_get_local_storage(&of_cpu, 0), *own;
	struct bpf_sock *sk = ctx->sk;

	t->packets++;
	t->bytes += ctx->len;
	*c += 2;
	if (!sk)
		return 1;
	sk = bpf_sk_fullsock(sk);
	own = sk ? bpf_sk_storage_get(&of_socket, sk, 0, BPF_SK_STORAGE_GET_F_CREATE) : 0;
	return own && ++*own > 3 ? 0 : 1;
}

char LICENSE[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: cgroup_skb program count (interp), 401 frames
//|
//| verdict               packets          bytes
//| 1                         401          64709
//| total                     401          64709
//|
//| map of_group (cgroup_storage, room for 64)
//|   { .cgroup_inode_id = 0, .attach_type = 1 }: { .packets = 401, .bytes = 59117 }
//|
//| map of_cpu (percpu_cgroup_storage, room for 64)
//|   0: 802
//|
//| map of_socket (sk_storage, room for 4096)
//|   empty
//| %tmp/out.o: cgroup_skb program count (jit), 401 frames
//|
//| verdict               packets          bytes
//| 1                         401          64709
//| total                     401          64709
//|
//| map of_group (cgroup_storage, room for 64)
//|   { .cgroup_inode_id = 0, .attach_type = 1 }: { .packets = 401, .bytes = 59117 }
//|
//| map of_cpu (percpu_cgroup_storage, room for 64)
//|   0: [802, 0]
//|
//| map of_socket (sk_storage, room for 4096)
//|   empty
//| %tmp/out.o: cgroup_skb program count (checked), 401 frames
//|
//| verdict               packets          bytes
//| 1                         401          64709
//| total                     401          64709
