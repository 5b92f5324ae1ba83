// RUN: iovcc -g -O2 -c %s -o %t.o 2>&1 | grep -v '^ *|\|^ *[0-9]* |\|at:\|why:\|hint:'
// EXIT: 1
// How paths are told: which way a condition went is said only where the comparison leaves no choice, whichever way round
// the compiler wrote it; conditions joined by && and || have no single branch; nobody wrote those of ?: and of min().
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define BEGIN(ctx)                                             \
	unsigned char *p = (void *)(long)(ctx)->data;          \
	void *end = (void *)(long)(ctx)->data_end;             \
	if ((void *)(p + 8) > end)                             \
		return XDP_PASS

SEC("xdp")
int greater(struct xdp_md *ctx)
{
	BEGIN(ctx);
	if (p[0] > 9)
		return XDP_DROP;
	return p[8];
}

SEC("xdp")
int constant_first(struct xdp_md *ctx)
{
	BEGIN(ctx);
	if (9 < p[0])
		return XDP_DROP;
	return p[8];
}

SEC("xdp")
int at_most(struct xdp_md *ctx)
{
	BEGIN(ctx);
	if (p[0] <= 9)
		return p[8];
	return XDP_DROP;
}

SEC("xdp")
int equal(struct xdp_md *ctx)
{
	BEGIN(ctx);
	if (p[0] == 4) {
		if (p[1] != 5)
			return p[8];
	}
	return XDP_DROP;
}

SEC("xdp")
int negated(struct xdp_md *ctx)
{
	BEGIN(ctx);
	if (!p[0])
		return p[8];
	return XDP_DROP;
}

SEC("xdp")
int plain(struct xdp_md *ctx)
{
	BEGIN(ctx);
	if (p[0])
		return p[8];
	return XDP_DROP;
}

SEC("xdp")
int bit(struct xdp_md *ctx)
{
	BEGIN(ctx);
	if (p[0] & 4)
		return p[8];
	return XDP_DROP;
}

SEC("xdp")
int joined(struct xdp_md *ctx)
{
	BEGIN(ctx);
	if (p[0] == 1 && p[1] == 2)
		return p[8];
	return XDP_DROP;
}

SEC("xdp")
int two_variables(struct xdp_md *ctx)
{
	unsigned int length, most;

	BEGIN(ctx);
	length = p[0];
	most = p[1];
	if (length >= most)
		return XDP_DROP;
	return p[8];
}

SEC("xdp")
int loop(struct xdp_md *ctx)
{
	unsigned int sum = 0;

	BEGIN(ctx);
#pragma clang loop unroll(disable)
	for (int i = 0; i < 3; i++)
		sum += p[i];
	if (sum == 7)
		return p[8];
	return XDP_PASS;
}

SEC("xdp")
int choice(struct xdp_md *ctx)
{
	unsigned int kind;

	BEGIN(ctx);
	kind = p[0] > 3 ? p[1] : 7;
	if (kind == 9)
		return p[8];
	return XDP_DROP;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| path.c:20:9: error: the check against data_end is too short for `p`: 8 bytes are checked, 9 are needed [IOV-V024]
//|   path: 1. path.c:17:2: goes on at line 18
//|         2. path.c:18:6: `p[0] > 9` is false: goes on at line 20
//| path.c:29:9: error: the check against data_end is too short for `p`: 8 bytes are checked, 9 are needed [IOV-V024]
//|   path: 1. path.c:26:2: goes on at line 27
//|         2. path.c:27:6: `9 < p[0]` is false: goes on at line 29
//| path.c:37:10: error: the check against data_end is too short for `p`: 8 bytes are checked, 9 are needed [IOV-V024]
//|   path: 1. path.c:35:2: goes on at line 36
//|         2. path.c:36:6: `p[0] <= 9` is true: goes on at line 37
//| path.c:47:11: error: the check against data_end is too short for `p`: 8 bytes are checked, 9 are needed [IOV-V024]
//|   path: 1. path.c:44:2: goes on at line 45
//|         2. path.c:45:6: `p[0] == 4` is true: goes on at line 46
//|         3. path.c:46:7: `p[1] != 5` is true: goes on at line 47
//| path.c:57:10: error: the check against data_end is too short for `p`: 8 bytes are checked, 9 are needed [IOV-V024]
//|   path: 1. path.c:55:2: goes on at line 56
//|         2. path.c:56:6: `!p[0]` is true: goes on at line 57
//| path.c:66:10: error: the check against data_end is too short for `p`: 8 bytes are checked, 9 are needed [IOV-V024]
//|   path: 1. path.c:64:2: goes on at line 65
//|         2. path.c:65:6: `p[0]` is true: goes on at line 66
//| path.c:75:10: error: the check against data_end is too short for `p`: 8 bytes are checked, 9 are needed [IOV-V024]
//|   path: 1. path.c:73:2: goes on at line 74
//|         2. path.c:74:6: `p[0] & 4` is true: goes on at line 75
//| path.c:84:10: error: the check against data_end is too short for `p`: 8 bytes are checked, 9 are needed [IOV-V024]
//|   path: 1. path.c:82:2: goes on at line 83
//|         2. path.c:83:6: goes on at line 84
//| path.c:98:9: error: the check against data_end is too short for `p`: 8 bytes are checked, 9 are needed [IOV-V024]
//|   path: 1. path.c:93:2: goes on at line 95
//|         2. path.c:96:6: `length >= most` is false: goes on at line 98
//| path.c:111:10: error: the check against data_end is too short for `p`: 8 bytes are checked, 9 are needed [IOV-V024]
//|   path: 1. path.c:106:2: goes on at line 109
//|         2. path.c:110:6: `sum == 7` is true: goes on at line 111
//| path.c:123:10: error: the check against data_end is too short for `p`: 8 bytes are checked, 9 are needed [IOV-V024]
//|   path: 1. path.c:120:2: goes on at line 121
//|         2. path.c:121:9: goes on at line 122
//|         3. path.c:122:6: `kind == 9` is true: goes on at line 123
