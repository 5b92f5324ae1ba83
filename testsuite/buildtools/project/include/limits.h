/* SPDX-License-Identifier: Apache-2.0 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* Lines of code that look otherwise once the preprocessor was at them. */
#ifndef FLOOR
#define FLOOR 14
#endif
#define LONG_ENOUGH(ctx) ((ctx)->data_end - (ctx)->data >= /* Ethernet */ FLOOR)
#if __has_include("only-when-asked.h")
#define TAIL 4
#else
#define TAIL 0
#endif

static __always_inline int judge(struct xdp_md *ctx) /* inlined: its lines are in line information too */
{
	return LONG_ENOUGH(ctx) ? XDP_PASS : XDP_DROP;
}
