// The program in iov.h's head is built, and runs this module.
// RUN: sed -n 's/^ \*\t*//; /^#include <iov/,/^}/p' %top/runtime/include/iov/iov.h >%t-host.c
// RUN: iovcc -O2 -g -c %s -o %t.o
// RUN: for l in runtime jit verify object platforms isa base; do echo %top/build/lib/libiov-$l.a; done >%t.libs
// RUN: ${CC:-gcc} -Wall -Werror -I%top/runtime/include %t-host.c -o %t-host @%t.libs
// RUN: %t-host %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} packets SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *n = bpf_map_lookup_elem(&packets, &key);

	if (n)
		__sync_fetch_and_add(n, 1);
	return XDP_PASS;
}
//= STDERR
//| %tmp/out-host.c: In function ‘main’:
//| %tmp/out-host.c:20:1: error: expected declaration or statement at end of input
//|    20 | }
//|       | ^
//| %tmp/out-host.c:12:19: error: unused variable ‘verdict’ [-Werror=unused-variable]
//|    12 | uint32_t key = 0, verdict = 0;
//|       |                   ^~~~~~~
//| %tmp/out-host.c:12:10: error: unused variable ‘key’ [-Werror=unused-variable]
//|    12 | uint32_t key = 0, verdict = 0;
//|       |          ^~~
//| %tmp/out-host.c:11:10: error: unused variable ‘count’ [-Werror=unused-variable]
//|    11 | uint64_t count = 0;
//|       |          ^~~~~
//| %tmp/out-host.c:8:19: error: unused variable ‘packet’ [-Werror=unused-variable]
//|     8 | struct iov_packet packet = {.buffer = buffer, .size = sizeof(buffer), .start = 256, .length = 60};
//|       |                   ^~~~~~
//| cc1: all warnings being treated as errors
