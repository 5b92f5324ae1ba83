// RUN: iovcc -g -O2 -c %s -o %t.o --diagnostics-format=sarif --diagnostics-file=%t.sarif; test $? = 1 && python3 -c 'import json, sys; r = json.load(open(sys.argv[1]))["runs"][0]; e = r["results"][0]; print(e["ruleId"], e["locations"][0]["physicalLocation"]["region"], len(e["codeFlows"]), r["tool"]["driver"]["rules"][0]["id"])' %t.sarif
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
//| IOV-V023 {'startLine': 10, 'startColumn': 9, 'snippet': {'text': '\treturn *data;'}} 1 IOV-V023
