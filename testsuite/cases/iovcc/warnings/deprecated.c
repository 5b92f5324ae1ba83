// RUN: iovcc -O2 -fno-iov-verify -DMENDED -Wiov -Werror=iov -c %s -o %t.o
// RUN: iovcc -O2 -fno-iov-verify -Wno-iov-deprecated -c %s -o %t.o
// RUN: iovcc -O2 -fno-iov-verify -c %s -o %t.o
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("kprobe/tcp_sendmsg")
int sent(void *ctx)
{
	long word = 0;

#ifndef MENDED
	bpf_probe_read(&word, sizeof(word), ctx);
#else
	bpf_probe_read_kernel(&word, sizeof(word), ctx);
#endif
	return word == 1;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| deprecated.c:13:2: warning: bpf_probe_read() has been replaced [-Wiov-deprecated] [IOV-W005]
//|    13 |         bpf_probe_read(&word, sizeof(word), ctx);
//|       |         ^~~~~~~~~~~~~~
//|   hint: bpf_probe_read_kernel() or bpf_probe_read_user() says which memory is meant
