// RUN: iovcc -g -O2 -c %s -o %t.o --diagnostics-format=json 2>%t.json; test $? = 1 && python3 -c 'import json, sys; d = json.load(open(sys.argv[1]))["diagnostics"][0]; print(d["code"], d["location"]["line"], sorted({n["kind"] for n in d["notes"]}))' %t.json
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int first_byte(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data;

	return *data;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| IOV-V023 10 ['hint', 'path', 'why']
