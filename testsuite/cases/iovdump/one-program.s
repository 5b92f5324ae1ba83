# RUN: iovas %s -o %t.o
# RUN: iovdump -P -p two %t.o && iovdump --cost -p two %t.o && iovdump -j --cost -p two %t.o && iovdump -j --plain -p alone %t.o && iovdump -j --no-source -p two %t.o && iovdump --cost -p alone %t.o
# EXIT: 1
# What -p chooses, and functions that no program calls in JSON
	.btf
	int two(struct xdp_md *ctx);
	.endbtf
	.program one, type=xdp
	r0 = 2
	exit
	.program two, type=xdp
	r0 = *(u32 *)(r1 + 0)
	exit
	.text
	.func alone, global
	r0 = 7
	exit
	.endfunc
#= STDOUT
#| eBPF object, little-endian, licence not given
#|
#| program two: xdp
#|   section  xdp
#|   size     2 instructions
#| two: nothing is recorded; iovverify --cost computes it
#| {"file": "%tmp/out.o", "license": "", "byte_order": "little",
#| "costs": [
#|   {"program": "two", "worst_case": null}]}
#| {"file": "%tmp/out.o", "license": "", "byte_order": "little",
#| "programs": [],
#| "functions": [
#|   {"name": "alone", "instructions": 2, "listing": [
#|     {"slot": 0, "text": "r0 = 7", "file": "one-program.s", "line": 16, "column": 2, "source": "\tr0 = 7"},
#|     {"slot": 1, "text": "exit", "file": "one-program.s", "line": 17, "column": 2, "source": "\texit"}]}]}
#| {"file": "%tmp/out.o", "license": "", "byte_order": "little",
#| "programs": [
#|   {"name": "two", "section": "xdp", "type": "xdp", "type_id": 6, "attach_type_id": 37, "autoload": true, "instructions": 2, "functions": ["two"], "maps": [], "externs": [], "helpers": [], "listing": [
#|     {"slot": 0, "text": "r0 = *(u32 *)(r1 + 0)", "file": "one-program.s", "line": 12, "column": 2},
#|     {"slot": 1, "text": "exit", "file": "one-program.s", "line": 13, "column": 2}]}],
#| "functions": []}
#= STDERR
#| %tmp/out.o: error: no program alone [IOV-O034]
