/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Integers and their names. A part of <vmlinux.h>, which includes it. */
#ifndef __IOV_VMLINUX_BASE_H__
#define __IOV_VMLINUX_BASE_H__

typedef signed char __s8;
typedef unsigned char __u8;
typedef short int __s16;
typedef short unsigned int __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long int __s64;
typedef long long unsigned int __u64;
typedef __s8 s8;
typedef __u8 u8;
typedef __s16 s16;
typedef __u16 u16;
typedef __s32 s32;
typedef __u32 u32;
typedef __s64 s64;
typedef __u64 u64;
typedef _Bool bool;
typedef long unsigned int __kernel_ulong_t;
typedef __kernel_ulong_t __kernel_size_t;
typedef __kernel_size_t size_t;
typedef long int __kernel_long_t;
typedef __kernel_long_t __kernel_ssize_t;
typedef __kernel_ssize_t ssize_t;
typedef int __kernel_pid_t;
typedef __kernel_pid_t pid_t;
typedef unsigned int __kernel_uid32_t;
typedef __kernel_uid32_t uid_t;
typedef unsigned int __kernel_gid32_t;
typedef __kernel_gid32_t gid_t;
typedef u8 uint8_t;
typedef u16 uint16_t;
typedef u32 uint32_t;
typedef u64 uint64_t;
typedef s8 int8_t;
typedef s16 int16_t;
typedef s32 int32_t;
typedef s64 int64_t;
typedef long unsigned int uintptr_t;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u16 __le16;
typedef __u32 __le32;
typedef __u64 __le64;
typedef __u16 __sum16;
typedef __u32 __wsum;
typedef short unsigned int __kernel_sa_family_t;
typedef __kernel_sa_family_t sa_family_t;
typedef s64 ktime_t;
typedef unsigned int sk_buff_data_t;
typedef long long int __kernel_loff_t;
typedef __kernel_loff_t loff_t;
typedef unsigned int fmode_t;
typedef unsigned int gfp_t;
typedef struct pt_regs bpf_user_pt_regs_t;
typedef struct {
	unsigned char op;
	unsigned char bits;
	short unsigned int val;
} code;
typedef u16 u_int16_t;
typedef u8 u_int8_t;

#endif
