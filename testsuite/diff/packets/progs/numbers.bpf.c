// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// The iterator over numbers, and text that becomes numbers.
#include "dice.h"

struct bpf_iter_num {
	__u64 opaque[1];
} __attribute__((aligned(8)));

SEC("xdp")
int numbers(struct xdp_md *ctx)
{
	static const char letters[33] = "0123456789abcdefxXgZ- +\t000077889";
	int from = roll(50) - 25, to = roll(60) - 25, i;
	unsigned long u = 1;
	__u64 sum = 0;
	long n = 1;
	char text[24];

	dice += ctx->data_end - ctx->data;
	bpf_for(i, from, to)
		sum = sum * 3 + i;
	result(0, sum);
	bpf_for(i, 0x7fffff00, 0x7fffffff)
		sum += i;
	bpf_for(i, -0x7fffffff - 1, 0x7fffffff)
		sum++;
	result(1, sum);
	for (int k = 0; k < 20; k++) {
		for (int j = 0; j < 24; j++)
			text[j] = letters[roll(32)];
		if (roll(2)) {
			text[0] = roll(2) ? '0' : '-';
			text[1] = roll(2) ? 'x' : '0' + roll(10);
		}
		result(2, bpf_strtol(text, roll(16) + 1, roll(4) ? roll(3) * 8 : roll(40), &n));
		result(3, n);
		result(4, bpf_strtoul(text, roll(16) + 1, roll(2) ? 0 : 10, &u));
		result(5, u);
	}
	return XDP_PASS;
}
