/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Programs on functions of the kernel: arguments by name. Compatible by name with libbpf's header of this name; written
 * anew. Which registers hold arguments is the machine's: define __TARGET_ARCH_x86, _arm64, _arm, _riscv, _s390,
 * _powerpc, _loongarch or _mips, and include vmlinux.h or the machine's <asm/ptrace.h> first. Without one, only the
 * register macros are missing; BPF_PROG() needs none. */
#ifndef __BPF_TRACING_H__
#define __BPF_TRACING_H__

#include <bpf/bpf_helpers.h>

/* __PT_PARMn_REG: argument n of a function, by the machine's calling convention; _SYSCALL: of a system call, where the
 * kernel's entry code saved it. Sources: the machines' ABI documents, asm/ptrace.h, syscall(2). */
#if defined(__TARGET_ARCH_x86)
#if defined(__KERNEL__) || defined(__VMLINUX_H__)
#define __PT_PARM1_REG di
#define __PT_PARM2_REG si
#define __PT_PARM3_REG dx
#define __PT_PARM4_REG cx
#define __PT_PARM5_REG r8
#define __PT_PARM6_REG r9
#define __PT_PARM1_SYSCALL_REG di
#define __PT_PARM2_SYSCALL_REG si
#define __PT_PARM3_SYSCALL_REG dx
#define __PT_PARM4_SYSCALL_REG r10
#define __PT_PARM5_SYSCALL_REG r8
#define __PT_PARM6_SYSCALL_REG r9
#define __PT_RET_REG sp
#define __PT_FP_REG bp
#define __PT_RC_REG ax
#define __PT_SP_REG sp
#define __PT_IP_REG ip
#else
#define __PT_PARM1_REG rdi
#define __PT_PARM2_REG rsi
#define __PT_PARM3_REG rdx
#define __PT_PARM4_REG rcx
#define __PT_PARM5_REG r8
#define __PT_PARM6_REG r9
#define __PT_PARM1_SYSCALL_REG rdi
#define __PT_PARM2_SYSCALL_REG rsi
#define __PT_PARM3_SYSCALL_REG rdx
#define __PT_PARM4_SYSCALL_REG r10
#define __PT_PARM5_SYSCALL_REG r8
#define __PT_PARM6_SYSCALL_REG r9
#define __PT_RET_REG rsp
#define __PT_FP_REG rbp
#define __PT_RC_REG rax
#define __PT_SP_REG rsp
#define __PT_IP_REG rip
#endif
#elif defined(__TARGET_ARCH_arm64)
#define __PT_REGS_CAST(x) ((const struct user_pt_regs *)(x))
struct pt_regs___arm64 {
	unsigned long orig_x0;
} __attribute__((preserve_access_index));
#define __PT_PARM1_REG regs[0]
#define __PT_PARM2_REG regs[1]
#define __PT_PARM3_REG regs[2]
#define __PT_PARM4_REG regs[3]
#define __PT_PARM5_REG regs[4]
#define __PT_PARM6_REG regs[5]
#define __PT_PARM7_REG regs[6]
#define __PT_PARM8_REG regs[7]
#define __PT_PARM1_SYSCALL_REG orig_x0
#define __PT_PARM2_SYSCALL_REG regs[1]
#define __PT_PARM3_SYSCALL_REG regs[2]
#define __PT_PARM4_SYSCALL_REG regs[3]
#define __PT_PARM5_SYSCALL_REG regs[4]
#define __PT_PARM6_SYSCALL_REG regs[5]
#define PT_REGS_PARM1_SYSCALL(x) (((const struct pt_regs___arm64 *)(x))->orig_x0)
#define PT_REGS_PARM1_CORE_SYSCALL(x) BPF_CORE_READ((const struct pt_regs___arm64 *)(x), orig_x0)
#define __PT_RET_REG regs[30]
#define __PT_FP_REG regs[29]
#define __PT_RC_REG regs[0]
#define __PT_SP_REG sp
#define __PT_IP_REG pc
#elif defined(__TARGET_ARCH_arm)
#define __PT_PARM1_REG uregs[0]
#define __PT_PARM2_REG uregs[1]
#define __PT_PARM3_REG uregs[2]
#define __PT_PARM4_REG uregs[3]
#define __PT_PARM1_SYSCALL_REG uregs[0]
#define __PT_PARM2_SYSCALL_REG uregs[1]
#define __PT_PARM3_SYSCALL_REG uregs[2]
#define __PT_PARM4_SYSCALL_REG uregs[3]
#define __PT_PARM5_SYSCALL_REG uregs[4]
#define __PT_PARM6_SYSCALL_REG uregs[5]
#define __PT_PARM7_SYSCALL_REG uregs[6]
#define __PT_RET_REG uregs[14]
#define __PT_FP_REG uregs[11]
#define __PT_RC_REG uregs[0]
#define __PT_SP_REG uregs[13]
#define __PT_IP_REG uregs[15]
#elif defined(__TARGET_ARCH_riscv)
#define __PT_REGS_CAST(x) ((const struct user_regs_struct *)(x))
#define __PT_PARM1_REG a0
#define __PT_PARM2_REG a1
#define __PT_PARM3_REG a2
#define __PT_PARM4_REG a3
#define __PT_PARM5_REG a4
#define __PT_PARM6_REG a5
#define __PT_PARM7_REG a6
#define __PT_PARM8_REG a7
#define __PT_PARM1_SYSCALL_REG a0
#define __PT_PARM2_SYSCALL_REG a1
#define __PT_PARM3_SYSCALL_REG a2
#define __PT_PARM4_SYSCALL_REG a3
#define __PT_PARM5_SYSCALL_REG a4
#define __PT_PARM6_SYSCALL_REG a5
#define __PT_RET_REG ra
#define __PT_FP_REG s0
#define __PT_RC_REG a0
#define __PT_SP_REG sp
#define __PT_IP_REG pc
#elif defined(__TARGET_ARCH_s390)
#define __PT_REGS_CAST(x) ((const user_pt_regs *)(x))
struct pt_regs___s390 {
	unsigned long orig_gpr2;
} __attribute__((preserve_access_index));
#define __PT_PARM1_REG gprs[2]
#define __PT_PARM2_REG gprs[3]
#define __PT_PARM3_REG gprs[4]
#define __PT_PARM4_REG gprs[5]
#define __PT_PARM5_REG gprs[6]
#define __PT_PARM1_SYSCALL_REG orig_gpr2
#define __PT_PARM2_SYSCALL_REG gprs[3]
#define __PT_PARM3_SYSCALL_REG gprs[4]
#define __PT_PARM4_SYSCALL_REG gprs[5]
#define __PT_PARM5_SYSCALL_REG gprs[6]
#define __PT_PARM6_SYSCALL_REG gprs[7]
#define PT_REGS_PARM1_SYSCALL(x) (((const struct pt_regs___s390 *)(x))->orig_gpr2)
#define PT_REGS_PARM1_CORE_SYSCALL(x) BPF_CORE_READ((const struct pt_regs___s390 *)(x), orig_gpr2)
#define __PT_RET_REG gprs[14]
#define __PT_FP_REG gprs[11]
#define __PT_RC_REG gprs[2]
#define __PT_SP_REG gprs[15]
#define __PT_IP_REG psw.addr
#elif defined(__TARGET_ARCH_powerpc)
#define __PT_PARM1_REG gpr[3]
#define __PT_PARM2_REG gpr[4]
#define __PT_PARM3_REG gpr[5]
#define __PT_PARM4_REG gpr[6]
#define __PT_PARM5_REG gpr[7]
#define __PT_PARM6_REG gpr[8]
#define __PT_PARM7_REG gpr[9]
#define __PT_PARM8_REG gpr[10]
#define __PT_PARM1_SYSCALL_REG orig_gpr3
#define __PT_PARM2_SYSCALL_REG gpr[4]
#define __PT_PARM3_SYSCALL_REG gpr[5]
#define __PT_PARM4_SYSCALL_REG gpr[6]
#define __PT_PARM5_SYSCALL_REG gpr[7]
#define __PT_PARM6_SYSCALL_REG gpr[8]
#define __PT_RET_REG link
#define __PT_FP_REG gpr[31]
#define __PT_RC_REG gpr[3]
#define __PT_SP_REG gpr[1]
#define __PT_IP_REG nip
#elif defined(__TARGET_ARCH_loongarch)
#define __PT_REGS_CAST(x) ((const struct user_pt_regs *)(x))
#define __PT_PARM1_REG regs[4]
#define __PT_PARM2_REG regs[5]
#define __PT_PARM3_REG regs[6]
#define __PT_PARM4_REG regs[7]
#define __PT_PARM5_REG regs[8]
#define __PT_PARM6_REG regs[9]
#define __PT_PARM7_REG regs[10]
#define __PT_PARM8_REG regs[11]
#define __PT_PARM1_SYSCALL_REG regs[4]
#define __PT_PARM2_SYSCALL_REG regs[5]
#define __PT_PARM3_SYSCALL_REG regs[6]
#define __PT_PARM4_SYSCALL_REG regs[7]
#define __PT_PARM5_SYSCALL_REG regs[8]
#define __PT_PARM6_SYSCALL_REG regs[9]
#define __PT_RET_REG regs[1]
#define __PT_FP_REG regs[22]
#define __PT_RC_REG regs[4]
#define __PT_SP_REG regs[3]
#define __PT_IP_REG csr_era
#elif defined(__TARGET_ARCH_mips)
#define __PT_PARM1_REG regs[4]
#define __PT_PARM2_REG regs[5]
#define __PT_PARM3_REG regs[6]
#define __PT_PARM4_REG regs[7]
#define __PT_PARM5_REG regs[8]
#define __PT_PARM6_REG regs[9]
#define __PT_PARM7_REG regs[10]
#define __PT_PARM8_REG regs[11]
#define __PT_PARM1_SYSCALL_REG regs[4]
#define __PT_PARM2_SYSCALL_REG regs[5]
#define __PT_PARM3_SYSCALL_REG regs[6]
#define __PT_PARM4_SYSCALL_REG regs[7]
#define __PT_PARM5_SYSCALL_REG regs[8]
#define __PT_PARM6_SYSCALL_REG regs[9]
#define __PT_RET_REG regs[31]
#define __PT_FP_REG regs[30]
#define __PT_RC_REG regs[2]
#define __PT_SP_REG regs[29]
#define __PT_IP_REG cp0_epc
#endif

#ifdef __PT_PARM1_REG
#define bpf_target_defined
#ifndef __PT_REGS_CAST
#define __PT_REGS_CAST(x) (x)
#endif
#define ___pt_reg(x, reg)      (__PT_REGS_CAST(x)->reg)
#define ___pt_reg_core(x, reg) BPF_CORE_READ(__PT_REGS_CAST(x), reg)
#define PT_REGS_PARM1(x) ___pt_reg(x, __PT_PARM1_REG)
#define PT_REGS_PARM1_CORE(x) ___pt_reg_core(x, __PT_PARM1_REG)
#define PT_REGS_PARM2(x) ___pt_reg(x, __PT_PARM2_REG)
#define PT_REGS_PARM2_CORE(x) ___pt_reg_core(x, __PT_PARM2_REG)
#define PT_REGS_PARM3(x) ___pt_reg(x, __PT_PARM3_REG)
#define PT_REGS_PARM3_CORE(x) ___pt_reg_core(x, __PT_PARM3_REG)
#define PT_REGS_PARM4(x) ___pt_reg(x, __PT_PARM4_REG)
#define PT_REGS_PARM4_CORE(x) ___pt_reg_core(x, __PT_PARM4_REG)
#define PT_REGS_PARM5(x) ___pt_reg(x, __PT_PARM5_REG)
#define PT_REGS_PARM5_CORE(x) ___pt_reg_core(x, __PT_PARM5_REG)
#define PT_REGS_PARM6(x) ___pt_reg(x, __PT_PARM6_REG)
#define PT_REGS_PARM6_CORE(x) ___pt_reg_core(x, __PT_PARM6_REG)
#define PT_REGS_PARM7(x) ___pt_reg(x, __PT_PARM7_REG)
#define PT_REGS_PARM7_CORE(x) ___pt_reg_core(x, __PT_PARM7_REG)
#define PT_REGS_PARM8(x) ___pt_reg(x, __PT_PARM8_REG)
#define PT_REGS_PARM8_CORE(x) ___pt_reg_core(x, __PT_PARM8_REG)
#ifndef PT_REGS_PARM1_SYSCALL
#define PT_REGS_PARM1_SYSCALL(x) ___pt_reg(x, __PT_PARM1_SYSCALL_REG)
#define PT_REGS_PARM1_CORE_SYSCALL(x) ___pt_reg_core(x, __PT_PARM1_SYSCALL_REG)
#endif
#define PT_REGS_PARM2_SYSCALL(x) ___pt_reg(x, __PT_PARM2_SYSCALL_REG)
#define PT_REGS_PARM2_CORE_SYSCALL(x) ___pt_reg_core(x, __PT_PARM2_SYSCALL_REG)
#define PT_REGS_PARM3_SYSCALL(x) ___pt_reg(x, __PT_PARM3_SYSCALL_REG)
#define PT_REGS_PARM3_CORE_SYSCALL(x) ___pt_reg_core(x, __PT_PARM3_SYSCALL_REG)
#define PT_REGS_PARM4_SYSCALL(x) ___pt_reg(x, __PT_PARM4_SYSCALL_REG)
#define PT_REGS_PARM4_CORE_SYSCALL(x) ___pt_reg_core(x, __PT_PARM4_SYSCALL_REG)
#define PT_REGS_PARM5_SYSCALL(x) ___pt_reg(x, __PT_PARM5_SYSCALL_REG)
#define PT_REGS_PARM5_CORE_SYSCALL(x) ___pt_reg_core(x, __PT_PARM5_SYSCALL_REG)
#define PT_REGS_PARM6_SYSCALL(x) ___pt_reg(x, __PT_PARM6_SYSCALL_REG)
#define PT_REGS_PARM6_CORE_SYSCALL(x) ___pt_reg_core(x, __PT_PARM6_SYSCALL_REG)
#define PT_REGS_PARM7_SYSCALL(x) ___pt_reg(x, __PT_PARM7_SYSCALL_REG)
#define PT_REGS_PARM7_CORE_SYSCALL(x) ___pt_reg_core(x, __PT_PARM7_SYSCALL_REG)
#define PT_REGS_RET(x) ___pt_reg(x, __PT_RET_REG)
#define PT_REGS_RET_CORE(x) ___pt_reg_core(x, __PT_RET_REG)
#define PT_REGS_FP(x) ___pt_reg(x, __PT_FP_REG)
#define PT_REGS_FP_CORE(x) ___pt_reg_core(x, __PT_FP_REG)
#define PT_REGS_RC(x) ___pt_reg(x, __PT_RC_REG)
#define PT_REGS_RC_CORE(x) ___pt_reg_core(x, __PT_RC_REG)
#define PT_REGS_SP(x) ___pt_reg(x, __PT_SP_REG)
#define PT_REGS_SP_CORE(x) ___pt_reg_core(x, __PT_SP_REG)
#define PT_REGS_IP(x) ___pt_reg(x, __PT_IP_REG)
#define PT_REGS_IP_CORE(x) ___pt_reg_core(x, __PT_IP_REG)

/* Where a probed function returns to: in a register, or on the stack. */
#if defined(__TARGET_ARCH_x86)
#define BPF_KPROBE_READ_RET_IP(ip, ctx) bpf_probe_read_kernel(&(ip), sizeof(ip), (void *)PT_REGS_RET(ctx))
#define BPF_KRETPROBE_READ_RET_IP(ip, ctx) \
	bpf_probe_read_kernel(&(ip), sizeof(ip), (void *)(PT_REGS_FP(ctx) + sizeof(ip)))
#else
#define BPF_KPROBE_READ_RET_IP(ip, ctx)    ({ (ip) = PT_REGS_RET(ctx); })
#define BPF_KRETPROBE_READ_RET_IP(ip, ctx) BPF_KPROBE_READ_RET_IP(ip, ctx)
#endif

/* The registers of a system call, in a probe on the kernel's function for it: they are its argument where the kernel
 * wraps system calls. */
#if defined(__TARGET_ARCH_x86) || defined(__TARGET_ARCH_arm64) || defined(__TARGET_ARCH_s390) || \
	defined(__TARGET_ARCH_riscv)
#define PT_REGS_SYSCALL_REGS(ctx) ((struct pt_regs *)PT_REGS_PARM1(ctx))
#else
#define PT_REGS_SYSCALL_REGS(ctx) ctx
#endif
#endif

/* BPF_PROG(name, int a, struct sk_buff *b) { ... }: the arguments are words of the context, in their types. */
#define ___iov_ctx_cast0() ctx
#define ___iov_ctx_cast1(x) ___iov_ctx_cast0(), (void *)ctx[0]
#define ___iov_ctx_cast2(x, ...) ___iov_ctx_cast1(_), (void *)ctx[1]
#define ___iov_ctx_cast3(x, ...) ___iov_ctx_cast2(_), (void *)ctx[2]
#define ___iov_ctx_cast4(x, ...) ___iov_ctx_cast3(_), (void *)ctx[3]
#define ___iov_ctx_cast5(x, ...) ___iov_ctx_cast4(_), (void *)ctx[4]
#define ___iov_ctx_cast6(x, ...) ___iov_ctx_cast5(_), (void *)ctx[5]
#define ___iov_ctx_cast7(x, ...) ___iov_ctx_cast6(_), (void *)ctx[6]
#define ___iov_ctx_cast8(x, ...) ___iov_ctx_cast7(_), (void *)ctx[7]
#define ___iov_ctx_cast9(x, ...) ___iov_ctx_cast8(_), (void *)ctx[8]
#define ___iov_ctx_cast10(x, ...) ___iov_ctx_cast9(_), (void *)ctx[9]
#define ___iov_ctx_cast11(x, ...) ___iov_ctx_cast10(_), (void *)ctx[10]
#define ___iov_ctx_cast12(x, ...) ___iov_ctx_cast11(_), (void *)ctx[11]
#define ___iov_ctx_cast(args...) ___iov_join(___iov_ctx_cast, ___iov_narg(args))(args)

#define ___iov_kprobe_args0() ctx
#define ___iov_kprobe_args1(x) ___iov_kprobe_args0(), (void *)PT_REGS_PARM1(ctx)
#define ___iov_kprobe_args2(x, ...) ___iov_kprobe_args1(_), (void *)PT_REGS_PARM2(ctx)
#define ___iov_kprobe_args3(x, ...) ___iov_kprobe_args2(_), (void *)PT_REGS_PARM3(ctx)
#define ___iov_kprobe_args4(x, ...) ___iov_kprobe_args3(_), (void *)PT_REGS_PARM4(ctx)
#define ___iov_kprobe_args5(x, ...) ___iov_kprobe_args4(_), (void *)PT_REGS_PARM5(ctx)
#define ___iov_kprobe_args6(x, ...) ___iov_kprobe_args5(_), (void *)PT_REGS_PARM6(ctx)
#define ___iov_kprobe_args7(x, ...) ___iov_kprobe_args6(_), (void *)PT_REGS_PARM7(ctx)
#define ___iov_kprobe_args8(x, ...) ___iov_kprobe_args7(_), (void *)PT_REGS_PARM8(ctx)
#define ___iov_kprobe_args(args...)    ___iov_join(___iov_kprobe_args, ___iov_narg(args))(args)
#define ___iov_kretprobe_args0()       ctx
#define ___iov_kretprobe_args1(x)      ctx, (void *)PT_REGS_RC(ctx)
#define ___iov_kretprobe_args(args...) ___iov_join(___iov_kretprobe_args, ___iov_narg(args))(args)

/* Arguments of a system call, from `regs`: read through CO-RE where they are behind a pointer. */
#define ___iov_syscall_args0() ctx
#define ___iov_syscall_args1(x) ___iov_syscall_args0(), (void *)PT_REGS_PARM1_SYSCALL(regs)
#define ___iov_syscall_args2(x, ...) ___iov_syscall_args1(_), (void *)PT_REGS_PARM2_SYSCALL(regs)
#define ___iov_syscall_args3(x, ...) ___iov_syscall_args2(_), (void *)PT_REGS_PARM3_SYSCALL(regs)
#define ___iov_syscall_args4(x, ...) ___iov_syscall_args3(_), (void *)PT_REGS_PARM4_SYSCALL(regs)
#define ___iov_syscall_args5(x, ...) ___iov_syscall_args4(_), (void *)PT_REGS_PARM5_SYSCALL(regs)
#define ___iov_syscall_args6(x, ...) ___iov_syscall_args5(_), (void *)PT_REGS_PARM6_SYSCALL(regs)
#define ___iov_syscall_args7(x, ...) ___iov_syscall_args6(_), (void *)PT_REGS_PARM7_SYSCALL(regs)
#define ___iov_syscall_args(args...) ___iov_join(___iov_syscall_args, ___iov_narg(args))(args)
#define ___iov_syswrap_args0()       ctx
#define ___iov_syswrap_args1(x) ___iov_syswrap_args0(), (void *)PT_REGS_PARM1_CORE_SYSCALL(regs)
#define ___iov_syswrap_args2(x, ...) ___iov_syswrap_args1(_), (void *)PT_REGS_PARM2_CORE_SYSCALL(regs)
#define ___iov_syswrap_args3(x, ...) ___iov_syswrap_args2(_), (void *)PT_REGS_PARM3_CORE_SYSCALL(regs)
#define ___iov_syswrap_args4(x, ...) ___iov_syswrap_args3(_), (void *)PT_REGS_PARM4_CORE_SYSCALL(regs)
#define ___iov_syswrap_args5(x, ...) ___iov_syswrap_args4(_), (void *)PT_REGS_PARM5_CORE_SYSCALL(regs)
#define ___iov_syswrap_args6(x, ...) ___iov_syswrap_args5(_), (void *)PT_REGS_PARM6_CORE_SYSCALL(regs)
#define ___iov_syswrap_args7(x, ...) ___iov_syswrap_args6(_), (void *)PT_REGS_PARM7_CORE_SYSCALL(regs)
#define ___iov_syswrap_args(args...) ___iov_join(___iov_syswrap_args, ___iov_narg(args))(args)

/* `name` is the program; ____name is the body, which it calls with its context and the arguments. */
#define ___iov_return(call) \
	_Pragma("GCC diagnostic push") \
	_Pragma("GCC diagnostic ignored \"-Wint-conversion\"") \
	return call; \
	_Pragma("GCC diagnostic pop")
#define ___iov_program(name, context, passed, args...) \
	name(context); \
	static __always_inline __typeof__(name(0)) ____##name(context, ##args); \
	__typeof__(name(0)) name(context) \
	{ \
		___iov_return(____##name(passed)) \
	} \
	static __always_inline __typeof__(name(0)) ____##name(context, ##args)
#define BPF_PROG(name, args...) \
	___iov_program(name, unsigned long long *ctx, ___iov_ctx_cast(args), ##args)
#define BPF_KPROBE(name, args...) \
	___iov_program(name, struct pt_regs *ctx, ___iov_kprobe_args(args), ##args)
#define BPF_KRETPROBE(name, args...) \
	___iov_program(name, struct pt_regs *ctx, ___iov_kretprobe_args(args), ##args)
#define BPF_UPROBE(name, args...)    BPF_KPROBE(name, ##args)
#define BPF_URETPROBE(name, args...) BPF_KRETPROBE(name, ##args)

/* A probe on a system call's function, on kernels with and without wrappers. */
#define BPF_KSYSCALL(name, args...) \
	name(struct pt_regs *ctx); \
	extern _Bool LINUX_HAS_SYSCALL_WRAPPER __kconfig; \
	static __always_inline __typeof__(name(0)) ____##name(struct pt_regs *ctx, ##args); \
	__typeof__(name(0)) name(struct pt_regs *ctx) \
	{ \
		struct pt_regs *regs = LINUX_HAS_SYSCALL_WRAPPER ? (struct pt_regs *)PT_REGS_PARM1(ctx) : ctx; \
\
		if (LINUX_HAS_SYSCALL_WRAPPER) { \
			___iov_return(____##name(___iov_syswrap_args(args))) \
		} \
		___iov_return(____##name(___iov_syscall_args(args))) \
	} \
	static __always_inline __typeof__(name(0)) ____##name(struct pt_regs *ctx, ##args)
#define BPF_KPROBE_SYSCALL BPF_KSYSCALL

/* BPF_PROG2(name, struct pair, a, int, b) { ... }: types and names in turn. A structure of up to 16 bytes by value
 * takes as many words of the context as it has. ___iov_pairs_N(step, t1, n1, ...) is step(words before it, t1, n1) and
 * so on. */
#define ___iov_words(t) (sizeof(t) > 8 ? 2 : 1)
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ___iov_word(t, at) ctx[at]
#else
#define ___iov_word(t, at) (sizeof(t) < 8 ? ctx[at] << (64 - 8 * sizeof(t)) : ctx[at])
#endif
#define ___iov_value(at, t, n) , ({ \
	union { \
		unsigned long long words[2]; \
		__typeof__(t) value; \
	} ___u = {.words = {___iov_word(t, at), sizeof(t) > 8 ? ctx[(at) + 1] : 0}}; \
	___u.value; })
#define ___iov_declare(at, t, n) , t n
#define ___iov_nth2(_, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17, _18, _19, _20, _21, \
		    _22, _23, _24, n, ...) n
#define ___iov_narg2(...) \
	___iov_nth2(_, ##__VA_ARGS__, 12, 12, 11, 11, 10, 10, 9, 9, 8, 8, 7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0)
#define ___iov_pairs_0(step, at, args...)
#define ___iov_pairs_1(step, at, t, n) step(at, t, n)
#define ___iov_pairs_2(step, at, t, n, args...) step(at, t, n) ___iov_pairs_1(step, at + ___iov_words(t), args)
#define ___iov_pairs_3(step, at, t, n, args...) step(at, t, n) ___iov_pairs_2(step, at + ___iov_words(t), args)
#define ___iov_pairs_4(step, at, t, n, args...) step(at, t, n) ___iov_pairs_3(step, at + ___iov_words(t), args)
#define ___iov_pairs_5(step, at, t, n, args...) step(at, t, n) ___iov_pairs_4(step, at + ___iov_words(t), args)
#define ___iov_pairs_6(step, at, t, n, args...) step(at, t, n) ___iov_pairs_5(step, at + ___iov_words(t), args)
#define ___iov_pairs_7(step, at, t, n, args...) step(at, t, n) ___iov_pairs_6(step, at + ___iov_words(t), args)
#define ___iov_pairs_8(step, at, t, n, args...) step(at, t, n) ___iov_pairs_7(step, at + ___iov_words(t), args)
#define ___iov_pairs_9(step, at, t, n, args...) step(at, t, n) ___iov_pairs_8(step, at + ___iov_words(t), args)
#define ___iov_pairs_10(step, at, t, n, args...) step(at, t, n) ___iov_pairs_9(step, at + ___iov_words(t), args)
#define ___iov_pairs_11(step, at, t, n, args...) step(at, t, n) ___iov_pairs_10(step, at + ___iov_words(t), args)
#define ___iov_pairs_12(step, at, t, n, args...) step(at, t, n) ___iov_pairs_11(step, at + ___iov_words(t), args)
#define ___iov_pairs(step, args...) ___iov_join(___iov_pairs_, ___iov_narg2(args))(step, 0, ##args)
#define BPF_PROG2(name, args...) \
	name(unsigned long long *ctx); \
	static __always_inline __typeof__(name(0)) \
		____##name(unsigned long long *ctx ___iov_pairs(___iov_declare, ##args)); \
	__typeof__(name(0)) name(unsigned long long *ctx) \
	{ \
		return ____##name(ctx ___iov_pairs(___iov_value, ##args)); \
	} \
	static __always_inline __typeof__(name(0)) \
		____##name(unsigned long long *ctx ___iov_pairs(___iov_declare, ##args))

#endif
