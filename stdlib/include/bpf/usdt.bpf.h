/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Programs on static probes of user programs (USDT). Compatible by name with libbpf's header of this name, and with
 * what libbpf's user space fills the two maps with; written anew. Include vmlinux.h or <linux/ptrace.h> first. */
#ifndef __USDT_BPF_H__
#define __USDT_BPF_H__

#include <linux/errno.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* A definition of these before the #include changes how many places of probes there may be, and calls. */
#ifndef BPF_USDT_MAX_SPEC_CNT
#define BPF_USDT_MAX_SPEC_CNT 256
#endif
#ifndef BPF_USDT_MAX_IP_CNT
#define BPF_USDT_MAX_IP_CNT (4 * BPF_USDT_MAX_SPEC_CNT)
#endif
#define BPF_USDT_MAX_ARG_CNT 12

enum __bpf_usdt_arg_type {
	BPF_USDT_ARG_CONST,     /* val_off is the value */
	BPF_USDT_ARG_REG,       /* the register at reg_off in struct pt_regs */
	BPF_USDT_ARG_REG_DEREF, /* memory at that register plus val_off */
};

/* What user space found in the probed program's notes. The layout is libbpf's. */
struct __bpf_usdt_arg_spec {
	__u64 val_off;
	enum __bpf_usdt_arg_type arg_type;
	short reg_off;
	_Bool arg_signed;
	char arg_bitshift; /* 64 less the argument's bits */
};
struct __bpf_usdt_spec {
	struct __bpf_usdt_arg_spec args[BPF_USDT_MAX_ARG_CNT];
	__u64 usdt_cookie;
	short arg_cnt;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BPF_USDT_MAX_SPEC_CNT);
	__type(key, int);
	__type(value, struct __bpf_usdt_spec);
} __bpf_usdt_specs SEC(".maps") __weak;

/* By address, for kernels that give programs no cookie. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, BPF_USDT_MAX_IP_CNT);
	__type(key, long);
	__type(value, __u32);
} __bpf_usdt_ip_to_spec_id SEC(".maps") __weak;

extern const _Bool LINUX_HAS_BPF_COOKIE __kconfig;

static __always_inline struct __bpf_usdt_spec *__bpf_usdt_spec(struct pt_regs *ctx)
{
	int id = -1;

	if (LINUX_HAS_BPF_COOKIE) {
		id = bpf_get_attach_cookie(ctx);
	} else {
		long ip = PT_REGS_IP(ctx);
		int *found = bpf_map_lookup_elem(&__bpf_usdt_ip_to_spec_id, &ip);

		if (found)
			id = *found;
	}
	return bpf_map_lookup_elem(&__bpf_usdt_specs, &id);
}

/* How many arguments the probe has, or an error. */
__weak __hidden int bpf_usdt_arg_cnt(struct pt_regs *ctx)
{
	struct __bpf_usdt_spec *spec = __bpf_usdt_spec(ctx);

	return spec ? spec->arg_cnt : -ESRCH;
}

/* Argument `arg_num`, from 0, as a number of 64 bits. */
__weak __hidden int bpf_usdt_arg(struct pt_regs *ctx, __u64 arg_num, long *res)
{
	struct __bpf_usdt_spec *spec = __bpf_usdt_spec(ctx);
	struct __bpf_usdt_arg_spec *arg;
	unsigned long value = 0;
	int err = 0;

	*res = 0;
	if (!spec)
		return -ESRCH;
	if (arg_num >= BPF_USDT_MAX_ARG_CNT)
		return -ENOENT;
	barrier_var(arg_num);
	if (arg_num >= (__u64)spec->arg_cnt)
		return -ENOENT;
	arg = &spec->args[arg_num];
	switch (arg->arg_type) {
	case BPF_USDT_ARG_CONST:
		value = arg->val_off;
		break;
	case BPF_USDT_ARG_REG:
		err = bpf_probe_read_kernel(&value, sizeof(value), (void *)ctx + arg->reg_off);
		break;
	case BPF_USDT_ARG_REG_DEREF:
		err = bpf_probe_read_kernel(&value, sizeof(value), (void *)ctx + arg->reg_off);
		if (err)
			return err;
		err = bpf_probe_read_user(&value, sizeof(value), (void *)value + arg->val_off);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		value >>= arg->arg_bitshift;
#endif
		break;
	default:
		return -EINVAL;
	}
	if (err)
		return err;
	value <<= arg->arg_bitshift;
	*res = arg->arg_signed ? (long)value >> arg->arg_bitshift : (long)(value >> arg->arg_bitshift);
	return 0;
}

/* The cookie that was given when the probe was attached; 0: none. */
__weak __hidden long bpf_usdt_cookie(struct pt_regs *ctx)
{
	struct __bpf_usdt_spec *spec = __bpf_usdt_spec(ctx);

	return spec ? (long)spec->usdt_cookie : 0;
}

/* BPF_USDT(name, int a, char *b) { ... }: what the probe passes. */
#define ___iov_usdt_args0() ctx
#define ___iov_usdt_args1(x) \
	___iov_usdt_args0(), ({ long _x; bpf_usdt_arg(ctx, 0, &_x); (void *)_x; })
#define ___iov_usdt_args2(x, ...) \
	___iov_usdt_args1(_), ({ long _x; bpf_usdt_arg(ctx, 1, &_x); (void *)_x; })
#define ___iov_usdt_args3(x, ...) \
	___iov_usdt_args2(_), ({ long _x; bpf_usdt_arg(ctx, 2, &_x); (void *)_x; })
#define ___iov_usdt_args4(x, ...) \
	___iov_usdt_args3(_), ({ long _x; bpf_usdt_arg(ctx, 3, &_x); (void *)_x; })
#define ___iov_usdt_args5(x, ...) \
	___iov_usdt_args4(_), ({ long _x; bpf_usdt_arg(ctx, 4, &_x); (void *)_x; })
#define ___iov_usdt_args6(x, ...) \
	___iov_usdt_args5(_), ({ long _x; bpf_usdt_arg(ctx, 5, &_x); (void *)_x; })
#define ___iov_usdt_args7(x, ...) \
	___iov_usdt_args6(_), ({ long _x; bpf_usdt_arg(ctx, 6, &_x); (void *)_x; })
#define ___iov_usdt_args8(x, ...) \
	___iov_usdt_args7(_), ({ long _x; bpf_usdt_arg(ctx, 7, &_x); (void *)_x; })
#define ___iov_usdt_args9(x, ...) \
	___iov_usdt_args8(_), ({ long _x; bpf_usdt_arg(ctx, 8, &_x); (void *)_x; })
#define ___iov_usdt_args10(x, ...) \
	___iov_usdt_args9(_), ({ long _x; bpf_usdt_arg(ctx, 9, &_x); (void *)_x; })
#define ___iov_usdt_args11(x, ...) \
	___iov_usdt_args10(_), ({ long _x; bpf_usdt_arg(ctx, 10, &_x); (void *)_x; })
#define ___iov_usdt_args12(x, ...) \
	___iov_usdt_args11(_), ({ long _x; bpf_usdt_arg(ctx, 11, &_x); (void *)_x; })
#define ___iov_usdt_args(args...) ___iov_join(___iov_usdt_args, ___iov_narg(args))(args)
#define BPF_USDT(name, args...) ___iov_program(name, struct pt_regs *ctx, ___iov_usdt_args(args), ##args)

#endif
