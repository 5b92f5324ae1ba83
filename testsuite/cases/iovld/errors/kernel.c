#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_no_such_function(int x) __ksym;

SEC("xdp") int caller(struct xdp_md *ctx) { return bpf_no_such_function(1); }
char _license[] SEC("license") = "GPL";
