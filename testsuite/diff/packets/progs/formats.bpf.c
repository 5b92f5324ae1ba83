// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// bpf_snprintf with each kind of number, widths and flags, into buffers that are too small; bpf_trace_printk of strings
// and addresses in maps and where nothing can be read, and with formats that it refuses.
#include "dice.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, char[16]);
} names SEC(".maps");

char name[16] = "eth0";
__u8 ip[16] = {192, 0, 2, 7, 0xfe, 0x80, 1, 0, 0, 5};
char text[128], bad[8];
const char strings[] = "%s at %pI4 or %pi4.", widths[] = "%10s|%pI6 %pi6|";

#define FORMATS(X)                                                                                                     \
	X("%d %u %x") X("%ld|%lu|%lx") X("%lld,%llu,%llX") X("%5d%-5u|%05x") X("%+d % d %+ld") X("%c%c%%%c")           \
	X("%i %X %5c") X("plain") X("%-12d|%12lld|") X("%0 8d.%-+6i")

static __always_inline void show(long n)
{
	__u64 sum = 0;

	for (int i = 0; i < 128; i++)
		sum = sum * 31 + text[i];
	result(0, n);
	result(1, sum);
}

SEC("xdp")
int formats(struct xdp_md *ctx)
{
	__u64 args[3] = {roll(100000) * 77777ull, -(__u64)roll(100000), roll(1 << 30) * 99999999ull};
	__u32 room = roll(2) ? 128 : roll(1024) & 127, key = roll(3);
	char *found;
	int kind = 0, pick = roll(10);

	dice += ctx->data_end - ctx->data;
#define X(f)                                                                                                           \
	if (kind++ == pick)                                                                                            \
		show(bpf_snprintf(text, room, f, args, sizeof(args)));
	FORMATS(X)
	found = bpf_map_lookup_elem(&names, &key);
	if (!found) {
		name[3] = '0' + key;
		bpf_map_update_elem(&names, &key, name, 0);
		found = name;
	}
	ip[roll(16)] = roll(256);
	/* Only the length can be seen of these. */
	result(5, bpf_trace_printk(strings, sizeof(strings), found, ip, ip + 4));
	result(6, bpf_trace_printk(widths, sizeof(widths), name, ip, ip));
	result(7, bpf_trace_printk(strings, sizeof(strings), 8, 1ull << 60, 0));
	__builtin_memset(bad, 0, sizeof(bad));
	bad[0] = '%';
	bad[1] = 'q';
	switch (roll(8)) {
	case 0: bad[1] = 'o'; break;
	case 1: bad[1] = 'h'; break;
	case 2: bad[1] = '#'; break;
	case 3: bad[1] = 's'; bad[2] = 'x'; break;
	case 4: bad[1] = 'l'; break;
	case 5: bad[1] = 0; break;
	case 6: bad[0] = 7; bad[1] = 0; break;
	}
	result(2, bpf_trace_printk(bad, 8, 5));
	bad[0] = bad[1] = bad[2] = bad[3] = bad[4] = bad[5] = bad[6] = bad[7] = 'x';
	result(3, bpf_trace_printk(bad, 8));
	bad[roll(1024) & 7] = 0;
	result(4, bpf_trace_printk(bad, 8));
	return XDP_PASS;
}
