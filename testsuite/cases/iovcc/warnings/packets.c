// RUN: iovcc -O2 -fno-iov-verify -c %s -o %t.o
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int longer(struct __sk_buff *a, struct __sk_buff *b)
{
	void *data = (void *)(long)a->data, *end = (void *)(long)b->data_end;

	if (data + 14 > end)
		return 0;
	return *(char *)data;
}
//= STDERR
//| packets.c:9:6: warning: a pointer into the packet of `a` is compared with one into the packet of `b` [-Wiov-packets] [IOV-W007]
//|     9 |         if (data + 14 > end)
//|       |             ^~~~~~~~~~~~~~~
//|   hint: take data and data_end from the same context
