// RUN: iovcc -O2 -g -c -DSLOT=1 %s -o %t.o && iovrun %t.o --no-timing >%t.log
// RUN: iovcc -O2 -g -c -DSLOT=7 %s -o %t.o
// RUN: iovrun %t.o; iovcc -O2 -g -c -DSLOT=1 -DOTHER %s -o %t.o && iovrun %t.o
// EXIT: 1
// A slot beyond the end of a program array; one array for programs of two types.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int last(struct xdp_md *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__array(values, int(void *));
} next SEC(".maps") = {.values = {[SLOT] = (void *)&last}};

SEC("xdp")
int last(struct xdp_md *ctx)
{
	return XDP_DROP;
}

SEC("xdp")
int first(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &next, SLOT);
	return XDP_PASS;
}

#ifdef OTHER
SEC("tc")
int other(struct __sk_buff *ctx)
{
	bpf_tail_call(ctx, &next, SLOT);
	return 0;
}
#endif
//= STDERR
//| slots.c:16: error: map `next` cannot hold `last` in slot 7 [IOV-R004]
//|    16 | } next SEC(".maps") = {.values = {[SLOT] = (void *)&last}};
//|   why:  it has 4, from 0 to 3
//| slots.c:16: error: program array `next` is used by programs of several types, by `other` among others [IOV-R004]
//|    16 | } next SEC(".maps") = {.values = {[SLOT] = (void *)&last}};
//|   hint: declare one for each type of program
