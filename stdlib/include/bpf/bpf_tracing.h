/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Programs on functions of the kernel: arguments by name. Compatible by name with the common part of libbpf's header of
 * this name; written anew. Registers of kprobes: define __TARGET_ARCH_x86 or __TARGET_ARCH_arm64, and include vmlinux.h
 * or <asm/ptrace.h> (for x86: <linux/ptrace.h>) first. */
#ifndef __BPF_TRACING_H__
#define __BPF_TRACING_H__

#include <bpf/bpf_helpers.h>

#if defined(__TARGET_ARCH_x86)
#if defined(__KERNEL__) || defined(__VMLINUX_H__)
#define ___reg_1 di
#define ___reg_2 si
#define ___reg_3 dx
#define ___reg_4 cx
#define ___reg_5 r8
#define ___reg_ret sp
#define ___reg_fp bp
#define ___reg_rc ax
#define ___reg_sp sp
#define ___reg_ip ip
#else
#define ___reg_1 rdi
#define ___reg_2 rsi
#define ___reg_3 rdx
#define ___reg_4 rcx
#define ___reg_5 r8
#define ___reg_ret rsp
#define ___reg_fp rbp
#define ___reg_rc rax
#define ___reg_sp rsp
#define ___reg_ip rip
#endif
#define ___regs(x) (x)
#elif defined(__TARGET_ARCH_arm64)
#define ___reg_1 regs[0]
#define ___reg_2 regs[1]
#define ___reg_3 regs[2]
#define ___reg_4 regs[3]
#define ___reg_5 regs[4]
#define ___reg_ret regs[30]
#define ___reg_fp regs[29]
#define ___reg_rc regs[0]
#define ___reg_sp sp
#define ___reg_ip pc
#define ___regs(x) ((const struct user_pt_regs *)(x))
#endif

#ifdef ___regs
#define PT_REGS_PARM1(x) (___regs(x)->___reg_1)
#define PT_REGS_PARM2(x) (___regs(x)->___reg_2)
#define PT_REGS_PARM3(x) (___regs(x)->___reg_3)
#define PT_REGS_PARM4(x) (___regs(x)->___reg_4)
#define PT_REGS_PARM5(x) (___regs(x)->___reg_5)
#define PT_REGS_RET(x)   (___regs(x)->___reg_ret)
#define PT_REGS_FP(x)    (___regs(x)->___reg_fp)
#define PT_REGS_RC(x)    (___regs(x)->___reg_rc)
#define PT_REGS_SP(x)    (___regs(x)->___reg_sp)
#define PT_REGS_IP(x)    (___regs(x)->___reg_ip)
#define PT_REGS_PARM1_CORE(x) BPF_CORE_READ(___regs(x), ___reg_1)
#define PT_REGS_PARM2_CORE(x) BPF_CORE_READ(___regs(x), ___reg_2)
#define PT_REGS_PARM3_CORE(x) BPF_CORE_READ(___regs(x), ___reg_3)
#define PT_REGS_PARM4_CORE(x) BPF_CORE_READ(___regs(x), ___reg_4)
#define PT_REGS_PARM5_CORE(x) BPF_CORE_READ(___regs(x), ___reg_5)
#define PT_REGS_RC_CORE(x)    BPF_CORE_READ(___regs(x), ___reg_rc)
#define PT_REGS_IP_CORE(x)    BPF_CORE_READ(___regs(x), ___reg_ip)
#endif

/* BPF_PROG(name, int a, struct sk_buff *b) { ... }: the arguments are words of the context, in their types. */
#define ___ctx_0()
#define ___ctx_1(a)       , (void *)ctx[0]
#define ___ctx_2(a, ...)  ___ctx_1(_), (void *)ctx[1]
#define ___ctx_3(a, ...)  ___ctx_2(_), (void *)ctx[2]
#define ___ctx_4(a, ...)  ___ctx_3(_), (void *)ctx[3]
#define ___ctx_5(a, ...)  ___ctx_4(_), (void *)ctx[4]
#define ___ctx_6(a, ...)  ___ctx_5(_), (void *)ctx[5]
#define ___ctx_7(a, ...)  ___ctx_6(_), (void *)ctx[6]
#define ___ctx_8(a, ...)  ___ctx_7(_), (void *)ctx[7]
#define ___ctx_9(a, ...)  ___ctx_8(_), (void *)ctx[8]
#define ___ctx_10(a, ...) ___ctx_9(_), (void *)ctx[9]
#define ___ctx_11(a, ...) ___ctx_10(_), (void *)ctx[10]
#define ___ctx_12(a, ...) ___ctx_11(_), (void *)ctx[11]
#define ___ctx_args(args...) ___bpf_join(___ctx_, ___bpf_narg(args))(args)

#define ___reg_args_0()
#define ___reg_args_1(a)      , (void *)PT_REGS_PARM1(ctx)
#define ___reg_args_2(a, ...) ___reg_args_1(_), (void *)PT_REGS_PARM2(ctx)
#define ___reg_args_3(a, ...) ___reg_args_2(_), (void *)PT_REGS_PARM3(ctx)
#define ___reg_args_4(a, ...) ___reg_args_3(_), (void *)PT_REGS_PARM4(ctx)
#define ___reg_args_5(a, ...) ___reg_args_4(_), (void *)PT_REGS_PARM5(ctx)
#define ___reg_args(args...)  ___bpf_join(___reg_args_, ___bpf_narg(args))(args)
#define ___rc_args_0()
#define ___rc_args_1(a)       , (void *)PT_REGS_RC(ctx)
#define ___rc_args(args...)   ___bpf_join(___rc_args_, ___bpf_narg(args))(args)

/* `name` is the program, which calls the body with its context and the arguments. */
#define ___bpf_program(name, context, passed, args...) \
	name(context); \
	static __always_inline typeof(name(0)) ____##name(context, ##args); \
	typeof(name(0)) name(context) \
	{ \
		_Pragma("GCC diagnostic push") \
		_Pragma("GCC diagnostic ignored \"-Wint-conversion\"") \
		return ____##name(ctx passed); \
		_Pragma("GCC diagnostic pop") \
	} \
	static __always_inline typeof(name(0)) ____##name(context, ##args)
#define BPF_PROG(name, args...) ___bpf_program(name, unsigned long long *ctx, ___ctx_args(args), ##args)
#define BPF_KPROBE(name, args...) ___bpf_program(name, struct pt_regs *ctx, ___reg_args(args), ##args)
#define BPF_KRETPROBE(name, args...) ___bpf_program(name, struct pt_regs *ctx, ___rc_args(args), ##args)
#define BPF_UPROBE(name, args...) BPF_KPROBE(name, ##args)
#define BPF_URETPROBE(name, args...) BPF_KRETPROBE(name, ##args)

#endif
