#include "jumps.h"

SEC("tc")
int one(struct __sk_buff *skb)
{
	return 0;
}

SEC("tc")
int first(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &jumps, 1);
	return 1;
}
