#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern const int limit;
extern void weight(void);

SEC("xdp") int reader(struct xdp_md *ctx) { weight(); return limit; }
char _license[] SEC("license") = "GPL";
