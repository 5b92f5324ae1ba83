// RUN: iovcc -g -O2 -fno-iov-verify -c %s -o %t.o
// RUN: iovverify --json --diagnostics-format=sarif --diagnostics-file=%t.sarif %t.o >/dev/null; test $? = 1
// RUN: python3 -c 'import json, sys; [print(r["ruleId"], r["level"], r["locations"][0]["physicalLocation"]["region"]["startLine"]) for r in json.load(open(sys.argv[1]))["runs"][0]["results"]]' %t.sarif
// RUN: iovverify --json --diagnostics-file=%t.txt %t.o >/dev/null; test $? = 1
// RUN: head -1 %t.txt
// A file of diagnostics has them all, whatever goes to standard output.
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
//| IOV-V023 error 15
//| json-sarif.c:15:9: error: the packet is read through `data` without a check against data_end [IOV-V023]
