// RUN: clang-19 -target bpf -O2 -c %s -o %t.o
// RUN: iovdump -j %t.o %s %t.o | python3 -c 'import json, sys; print([o["byte_order"] for o in json.load(sys.stdin)])'
// EXIT: 1
// NEEDS: clang-19
__attribute__((section("xdp"))) int prog(void *ctx)
{
	return 2;
}
//= STDOUT
//| ['little', 'little']
//= STDERR
//| several.c: error: this is not an ELF file [IOV-O001]
//|   hint: a source is compiled first: iovcc -g -O2 -c FILE.c -o FILE.o, iovas FILE.s -o FILE.o
