// RUN: iovcc -g -O2 -fno-iov-verify -c %s -o %t.o
// RUN: iovverify --json --platform=iovrun --platform=linux-6.1 %t.o >%t.json; test $? = 1
// RUN: python3 -c 'import json, sys; [print(d["program"], d["section"], d["type"], d["platform"], d["verdict"], d["instructions"], d["states"], d["nanoseconds"] > 0, (d["worst_case"] or {}).get("instructions"), [(x["code"], x["location"]["line"], sorted({n["kind"] for n in x["notes"]})) for x in d["diagnostics"]]) for d in map(json.loads, open(sys.argv[1]))]' %t.json
// One line for each program and platform, with its diagnostics; standard error does not repeat them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int first_byte(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data;

	return *data;
}

SEC("xdp.frags")
int pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| first_byte xdp xdp iovrun reject 3 0 True None [('IOV-V023', 13, ['hint', 'path', 'why'])]
//| first_byte xdp xdp linux-6.1 reject 3 0 True None [('IOV-V023', 13, ['hint', 'path', 'why'])]
//| pass xdp.frags xdp iovrun accept 2 0 True 2 []
//| pass xdp.frags xdp linux-6.1 accept 2 0 True 2 []
