// RUN: iovcc -O2 -g -c %s -o %t.o
// RUN: python3 -c "import ctypes, os, sys; os._exit(97) if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) else os.execvp('iovrun', ['iovrun', '--engine=jit', sys.argv[1]])" %t.o; test $? = 1
// RUN: iovrun --engine=jit --no-timing %t.o >%t.log
// A system that lets no memory become executable (prctl PR_SET_MDWE): there is the interpreter.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return XDP_PASS;
}
//= STDERR
//| iovrun: error: the system refuses to make memory executable [IOV-R091]
//|   hint: run it in the interpreter: --engine=interp
