// RUN: iovcc -O2 -w -fno-iov-verify -D__TARGET_ARCH_x86 -c %s -o %t.o && iovdump %t.o | grep '^program'
// RUN: for a in arm64 arm riscv s390 powerpc loongarch mips; do iovcc -O2 -w -fno-iov-verify -D__TARGET_ARCH_$a -DREGISTERS=$a -c %s -o %t.o || exit; done
// RUN: iovcc -O2 -w -fno-iov-verify -c -DNO_TARGET %s -o %t.o && iovdump %t.o | grep '^program'
// bpf_tracing.h, usdt.bpf.h and bpf_endian.h by libbpf's names, for each machine; without one BPF_PROG() is left.
#ifdef REGISTERS
typedef unsigned long long __u64;
struct user_pt_regs {
	__u64 regs[31], gprs[16], sp, pc, csr_era;
	struct {
		__u64 addr;
	} psw;
};
typedef struct user_pt_regs user_pt_regs;
struct user_regs_struct {
	__u64 pc, ra, sp, s0, a0, a1, a2, a3, a4, a5, a6, a7;
};
struct pt_regs {
	__u64 regs[32], uregs[18], gpr[32], orig_gpr3, link, nip, cp0_epc;
};
#else
#include <linux/ptrace.h>
#endif
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

struct pair {
	long a, b;
};

long seen;

SEC("fentry/f")
int BPF_PROG2(values, struct pair, p, int, i, char, c)
{
	seen = p.a + p.b + i + c;
	return 0;
}

SEC("raw_tp/x")
int BPF_PROG(two, int a, void *b)
{
	switch (a) {
	case __bpf_constant_htons(ETH_P_IP):
	case __bpf_htons(ETH_P_IPV6):
		return 1;
	}
	seen = (long)b + ___bpf_apply(se, en);
	return 0;
}

#ifndef NO_TARGET
SEC("kprobe/f")
int BPF_KPROBE(registers, int a, void *b, long c, long d)
{
	__u64 ip = 0;

	seen = a + (long)b + c + d + PT_REGS_SP(ctx) + PT_REGS_IP(ctx) + PT_REGS_FP(ctx);
	BPF_KPROBE_READ_RET_IP(ip, ctx);
	seen += ip + PT_REGS_RC_CORE(ctx) + PT_REGS_PARM2_CORE(ctx) + PT_REGS_PARM4_SYSCALL(ctx);
	return 0;
}

SEC("kretprobe/f")
int BPF_KRETPROBE(result, long ret)
{
	seen = ret;
	return 0;
}

SEC("ksyscall/write")
int BPF_KSYSCALL(written, int fd, void *buffer, unsigned long len)
{
	seen = fd + len + (long)buffer;
	return 0;
}

#include <bpf/usdt.bpf.h>

SEC("usdt")
int BPF_USDT(probe, long x, int y)
{
	seen = x + y + bpf_usdt_arg_cnt(ctx) + bpf_usdt_cookie(ctx);
	return 0;
}
#endif

char _license[] SEC("license") = "GPL";
//= STDOUT
//| program values: tracing
//| program two: raw_tracepoint
//| program registers: kprobe
//| program result: kprobe
//| program written: kprobe
//| program probe: kprobe
//| program values: tracing
//| program two: raw_tracepoint
