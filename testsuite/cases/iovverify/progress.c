// RUN: iovcc -O2 -g -mcpu=v3 -fno-iov-verify -c %s -o %t.o
// RUN: iovverify --platform=iovrun --platform=linux-6.12 %t.o
// EXIT: 1
// STDOUT: any
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char _license[] SEC("license") = "GPL";

/* Our runtime takes it: each turn moves p towards data_end. Linux follows loops turn by turn, and gives up. */
SEC("xdp")
int checksum(struct xdp_md *ctx)
{
	unsigned char *p = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	unsigned sum = 0;

	while (p + 1 <= end)
		sum += *p++;
	return sum & 1 ? XDP_DROP : XDP_PASS;
}
//= STDERR
//| progress.c:17:2: error: this loop has no bound that can be proved [IOV-V070]
//|    17 |         while (p + 1 <= end)
//|       |         ^
//|   at:   checksum:insn 9
//|   why:  it goes on as long as `p + 1 <= end`, and nothing limits how often that holds
//|         after 8358 turns (188226 instructions) no end is in sight
//|         on platform linux-6.12
//|   hint: add a constant bound: `for (int i = 0; i < 64 && …; i++)`, or use bpf_loop()
