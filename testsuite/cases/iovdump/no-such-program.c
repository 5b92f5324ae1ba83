// RUN: clang-19 -target bpf -O2 -c %s -o %t.o && iovdump --program nothing %t.o
// EXIT: 1
// NEEDS: clang-19
__attribute__((section("xdp"))) int prog(void *ctx)
{
	return 2;
}
//= STDERR
//| %tmp/out.o: error: no program or function nothing [IOV-O034]
