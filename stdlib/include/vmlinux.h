/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* The types of the kernel that networking programs use, for programs that have no vmlinux.h of their own: the ABI of
 * BPF and the headers of protocols whole, structures of the kernel with the fields that programs read most. Where a
 * field lies in a kernel does not matter: accesses are relocated (CO-RE), so this header fits any. What is not here, a
 * header made by `iovcc --print-vmlinux -o vmlinux.h` has; beside the source, or with -I, it is found before this one.
 */
#ifndef __VMLINUX_H__
#define __VMLINUX_H__

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
#endif

#include <iov/vmlinux/base.h>
#include <iov/vmlinux/net.h>
#include <iov/vmlinux/const.h>
#include <iov/vmlinux/bpf.h>
#include <iov/vmlinux/kernel.h>

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

#endif
