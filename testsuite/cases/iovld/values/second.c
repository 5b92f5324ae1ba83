#include "jumps.h"

SEC("tc")
int two(struct __sk_buff *skb)
{
	return 0;
}

SEC("tc")
int second(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &jumps, 1);
	return 1;
}
