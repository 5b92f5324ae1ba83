// RUN: iovcc -g -O2 -c %s -o %t.o && iovdump --manifest %t.o | grep -v sha256
// RUN: iovverify --platform=linux-6.12 %t.o | sed "s/[0-9.]* ms/T ms/"; iovrun %t.o; :
// RUN: iovcc -g -O2 -fno-iov-verify -c %s -o %t.2.o && iovdump --manifest %t.2.o
// A type of program that nothing here can judge: iovcc -c warns, and records nothing of it; each lack is said once for all
// programs that it concerns; iovverify rejects it, iovrun runs the rest;
// -fno-iov-verify is the way out.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int judged(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("kprobe/do_exit")
int unjudged(void *ctx)
{
	return 0;
}

SEC("kprobe/do_fork")
int unjudged_too(void *ctx)
{
	return 0;
}

SEC("kretprobe/do_fork")
int unjudged_as_well(void *ctx)
{
	return 0;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| manifest: 2 records
//| judged (xdp): 2 slots, instruction set v1
//|   instructions  at most 2 executed in one run
//|   calls         none
//|   stack         0 bytes over 1 frame
//|   maps          none
//|   accepted      for linux-6.12 by iovcc 0.1.0: 2 instructions followed, 0 states
//| %tmp/out.o: judged (xdp) on linux-6.12: accepted; 2 instructions followed, 0 states, T ms; at most 2 instructions a run, 0 bytes of stack
//| %tmp/out.o: unjudged (kprobe) on linux-6.12: rejected; 0 instructions followed, 0 states, T ms
//| %tmp/out.o: unjudged_too (kprobe) on linux-6.12: rejected; 0 instructions followed, 0 states, T ms
//| %tmp/out.o: unjudged_as_well (kprobe) on linux-6.12: rejected; 0 instructions followed, 0 states, T ms
//| %tmp/out.o: xdp program judged (jit) is verified and loaded
//| manifest: 0 records
//= STDERR
//| unjudged.c:19:2: warning: not supported yet: programs of type kprobe [IOV-V001]
//|    19 |         return 0;
//|       |         ^
//|   at:   unjudged:insn 0
//|   why:  also in unjudged_too, unjudged_as_well
//| unjudged.c:19:2: error: not supported yet: programs of type kprobe [IOV-V001]
//|    19 |         return 0;
//|       |         ^
//|   at:   unjudged:insn 0
//| unjudged.c:25:2: error: not supported yet: programs of type kprobe [IOV-V001]
//|    25 |         return 0;
//|       |         ^
//|   at:   unjudged_too:insn 0
//| unjudged.c:31:2: error: not supported yet: programs of type kprobe [IOV-V001]
//|    31 |         return 0;
//|       |         ^
//|   at:   unjudged_as_well:insn 0
//| iovrun: warning: %tmp/out.o: left out, since iovrun does not run them: `unjudged` (kprobe/do_exit), `unjudged_too` (kprobe/do_fork), `unjudged_as_well` (kretprobe/do_fork) [IOV-R019]
