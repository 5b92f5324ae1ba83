#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_list_node {
	__u64 opaque[3];
};
struct bpf_list_head {
	__u64 opaque[2];
};
struct node_data {
	struct bpf_list_node link;
#ifdef EXTRA
	int extra;
#endif
	int value;
};
#define LIST(name, tag)                                                                                                \
	struct name##_value {                                                                                          \
		struct bpf_spin_lock lock;                                                                             \
		struct bpf_list_head head __attribute__((btf_decl_tag(tag)));                                          \
	};                                                                                                             \
	struct {                                                                                                       \
		__uint(type, BPF_MAP_TYPE_ARRAY);                                                                      \
		__type(key, __u32);                                                                                    \
		__type(value, struct name##_value);                                                                    \
		__uint(max_entries, 1);                                                                                \
	} name SEC(".maps");                                                                                           \
	struct node_data *name##_type
