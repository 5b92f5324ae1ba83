// RUN: iovcc -O2 -fno-iov-verify -DMENDED -Wiov -Werror=iov -c %s -o %t.o
// RUN: iovcc -O2 -fno-iov-verify -Wno-iov-packets -c %s -o %t.o
// RUN: iovcc -O2 -fno-iov-verify -c %s -o %t.o
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int longer(struct __sk_buff *a, struct __sk_buff *b)
{
#ifndef MENDED
	void *data = (void *)(long)a->data, *end = (void *)(long)b->data_end;
#else
	void *data = (void *)(long)a->data, *end = (void *)(long)a->data_end;
#endif

	if (data + 14 > end)
		return 0;
	return *(char *)data;
}
//= STDERR
//| packets.c:15:6: warning: a pointer into the packet of `a` is compared with one into the packet of `b` [-Wiov-packets] [IOV-W007]
//|    15 |         if (data + 14 > end)
//|       |             ^~~~~~~~~~~~~~~
//|   hint: take data and data_end from the same context
