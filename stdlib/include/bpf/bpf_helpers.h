/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* What every module includes: the platform's helpers, sections, map definitions. Compatible by name with libbpf's
 * header of this name, so that sources move between the two; written anew.
 *
 * A map is a variable in section ".maps" whose members say by their types what it is:
 *     struct {
 *             __uint(type, BPF_MAP_TYPE_HASH);
 *             __uint(max_entries, 1024);
 *             __type(key, __u32);
 *             __type(value, struct counters);
 *     } flows SEC(".maps"); */
#ifndef __BPF_HELPERS__
#define __BPF_HELPERS__

#include <bpf/bpf_helper_defs.h>

#ifndef NULL
#define NULL ((void *)0)
#endif
#ifndef offsetof
#define offsetof(TYPE, MEMBER) __builtin_offsetof(TYPE, MEMBER)
#endif
#ifndef container_of
#define container_of(ptr, type, member) ({ \
	void *___member = (void *)(ptr); \
	(type *)(___member - offsetof(type, member)); })
#endif
#ifndef KERNEL_VERSION
#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
#endif

/* Members of a map definition. */
#define __uint(name, val)  int (*name)[val]
#define __ulong(name, val) enum { ___map_const(name, __COUNTER__) = val } name
#define __type(name, val)  __typeof__(val) *name
#define __array(name, val) __typeof__(val) *name[]
#define ___map_const(name, n)  ___map_const_(name, n)
#define ___map_const_(name, n) ___map_##name##_##n

/* Sections and linkage. The attribute "used" is not for extern declarations, which need no warning about it. */
#define SEC(name) \
	_Pragma("GCC diagnostic push") \
	_Pragma("GCC diagnostic ignored \"-Wignored-attributes\"") \
	__attribute__((section(name), used)) \
	_Pragma("GCC diagnostic pop")

#undef __always_inline
#define __always_inline __inline__ __attribute__((always_inline))
#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif
#ifndef __weak
#define __weak __attribute__((weak))
#endif
#define __hidden __attribute__((visibility("hidden")))
/* libbpf has these two from 1.6 on, so that many sources have their own: behind push_macro a macro may be defined anew
 * without a warning. */
#ifndef likely
#define likely(x)   (__builtin_expect(!!(x), 1))
#pragma push_macro("likely")
#endif
#ifndef unlikely
#define unlikely(x) (__builtin_expect(!!(x), 0))
#pragma push_macro("unlikely")
#endif

/* What the loader fills in: kernel configuration values, kernel symbols. */
#define __kconfig __attribute__((section(".kconfig")))
#define __ksym    __attribute__((section(".ksyms")))
enum libbpf_tristate { TRI_NO = 0, TRI_YES = 1, TRI_MODULE = 2 };
enum libbpf_pin_type { LIBBPF_PIN_NONE, LIBBPF_PIN_BY_NAME };
#define bpf_ksym_exists(sym) (!!(sym))

/* Kernel pointers in map values, and what a global function promises about its arguments. */
#define __kptr           __attribute__((btf_type_tag("kptr")))
#define __kptr_untrusted __attribute__((btf_type_tag("kptr_untrusted")))
#define __kptr_ref       __attribute__((btf_type_tag("kptr_ref")))
#define __percpu_kptr    __attribute__((btf_type_tag("percpu_kptr")))
#define __uptr           __attribute__((btf_type_tag("uptr")))
#define __arg_ctx        __attribute__((btf_decl_tag("arg:ctx")))
#define __arg_nonnull    __attribute__((btf_decl_tag("arg:nonnull")))
#define __arg_nullable   __attribute__((btf_decl_tag("arg:nullable")))
#define __arg_trusted    __attribute__((btf_decl_tag("arg:trusted")))
#define __arg_untrusted  __attribute__((btf_decl_tag("arg:untrusted")))
#define __arg_arena      __attribute__((btf_decl_tag("arg:arena")))

/* What the optimiser may not see through. */
#ifndef barrier
#define barrier() __asm__ volatile("" ::: "memory")
#endif
#ifndef barrier_var
#define barrier_var(var) __asm__ volatile("" : "+r"(var))
#endif
#ifndef __bpf_unreachable
#define __bpf_unreachable() __builtin_trap()
#endif

/* A tail call whose slot is a constant: the engines turn it into a plain jump, which they only can when the compiler
 * has not merged it with another. */
static __always_inline void bpf_tail_call_static(void *ctx, const void *map, const unsigned int slot)
{
	if (!__builtin_constant_p(slot))
		__bpf_unreachable();
	__asm__ volatile("r1 = %[context]\n\t"
		     "r2 = %[programs]\n\t"
		     "r3 = %[index]\n\t"
		     "call 12"
		     :
		     : [context] "r"(ctx), [programs] "r"(map), [index] "i"(slot)
		     : "r0", "r1", "r2", "r3", "r4", "r5");
}

/* Number of arguments, 0 to 12, and a macro chosen by it. */
#define ___iov_nth(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, n, ...) n
#define ___iov_narg(...) ___iov_nth(_ __VA_OPT__(,) __VA_ARGS__, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define ___iov_join_(a, b) a##b
#define ___iov_join(a, b)  ___iov_join_(a, b)
/* The two that sources written for libbpf use. Some define them too, and the others by their names there: all else in
 * these headers begins with ___iov_. */
#define ___bpf_concat(a, b) a ## b
#define ___bpf_apply(fn, n) ___bpf_concat(fn, n)

/* (unsigned long long)a, (unsigned long long)b, ... */
#define ___iov_u64_0()
#define ___iov_u64_1(a)       (unsigned long long)(a)
#define ___iov_u64_2(a, ...)  (unsigned long long)(a), ___iov_u64_1(__VA_ARGS__)
#define ___iov_u64_3(a, ...)  (unsigned long long)(a), ___iov_u64_2(__VA_ARGS__)
#define ___iov_u64_4(a, ...)  (unsigned long long)(a), ___iov_u64_3(__VA_ARGS__)
#define ___iov_u64_5(a, ...)  (unsigned long long)(a), ___iov_u64_4(__VA_ARGS__)
#define ___iov_u64_6(a, ...)  (unsigned long long)(a), ___iov_u64_5(__VA_ARGS__)
#define ___iov_u64_7(a, ...)  (unsigned long long)(a), ___iov_u64_6(__VA_ARGS__)
#define ___iov_u64_8(a, ...)  (unsigned long long)(a), ___iov_u64_7(__VA_ARGS__)
#define ___iov_u64_9(a, ...)  (unsigned long long)(a), ___iov_u64_8(__VA_ARGS__)
#define ___iov_u64_10(a, ...) (unsigned long long)(a), ___iov_u64_9(__VA_ARGS__)
#define ___iov_u64_11(a, ...) (unsigned long long)(a), ___iov_u64_10(__VA_ARGS__)
#define ___iov_u64_12(a, ...) (unsigned long long)(a), ___iov_u64_11(__VA_ARGS__)
#define ___iov_u64(...) ___iov_join(___iov_u64_, ___iov_narg(__VA_ARGS__))(__VA_ARGS__)

/* Run `call` with the format in read-only data, and the arguments as an array and its size in bytes. */
#define ___iov_format(call, fmt, args...) ({ \
	static const char ___fmt[] = fmt; \
	_Pragma("GCC diagnostic push") \
	_Pragma("GCC diagnostic ignored \"-Wint-conversion\"") \
	unsigned long long ___args[___iov_narg(args)] = {___iov_u64(args)}; \
	_Pragma("GCC diagnostic pop") \
	call; })

#define BPF_SEQ_PRINTF(seq, fmt, args...) \
	___iov_format(bpf_seq_printf(seq, ___fmt, sizeof(___fmt), ___args, sizeof(___args)), fmt, ##args)
#define BPF_SNPRINTF(out, out_size, fmt, args...) \
	___iov_format(bpf_snprintf(out, out_size, ___fmt, ___args, sizeof(___args)), fmt, ##args)

/* A line to the trace pipe: up to three arguments by the helper that every kernel has, more by the newer one. */
#ifdef BPF_NO_GLOBAL_DATA
#define ___iov_fmt_storage
#else
#define ___iov_fmt_storage static const
#endif
#define __bpf_printk(fmt, ...) ({ \
	___iov_fmt_storage char ____fmt[] = fmt; \
	bpf_trace_printk(____fmt, sizeof(____fmt), ##__VA_ARGS__); })
#define __bpf_vprintk(fmt, args...) \
	___iov_format(bpf_trace_vprintk(___fmt, sizeof(___fmt), ___args, sizeof(___args)), fmt, ##args)
#define ___iov_printk_0  __bpf_printk
#define ___iov_printk_1  __bpf_printk
#define ___iov_printk_2  __bpf_printk
#define ___iov_printk_3  __bpf_printk
#define ___iov_printk_4  __bpf_vprintk
#define ___iov_printk_5  __bpf_vprintk
#define ___iov_printk_6  __bpf_vprintk
#define ___iov_printk_7  __bpf_vprintk
#define ___iov_printk_8  __bpf_vprintk
#define ___iov_printk_9  __bpf_vprintk
#define ___iov_printk_10 __bpf_vprintk
#define ___iov_printk_11 __bpf_vprintk
#define ___iov_printk_12 __bpf_vprintk
#define bpf_printk(fmt, args...) ___iov_join(___iov_printk_, ___iov_narg(args))(fmt, ##args)

/* Loops that the verifier need not walk: bpf_for(i, 0, n), bpf_repeat(n), bpf_for_each(task, p, ...). They need the
 * kernel's open-coded iterators (Linux 6.4) and struct bpf_iter_num from its headers. */
struct bpf_iter_num;
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __weak __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __weak __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __weak __ksym;

#define ___iov_unique(name) ___iov_join(___iov_join(___, name), __LINE__)
#define bpf_for_each(type, cur, args...) \
	for (struct bpf_iter_##type ___iov_unique(it) \
		     __attribute__((aligned(8), cleanup(bpf_iter_##type##_destroy))), \
	     *___iov_unique(first) __attribute__((unused)) = \
		     (bpf_iter_##type##_new(&___iov_unique(it), ##args), (void *)0); \
	     ((cur) = bpf_iter_##type##_next(&___iov_unique(it)));)
#define bpf_for(i, start, end) \
	for (struct bpf_iter_num ___iov_unique(it) __attribute__((aligned(8), cleanup(bpf_iter_num_destroy))), \
	     *___iov_unique(first) __attribute__((unused)) = \
		     (bpf_iter_num_new(&___iov_unique(it), (start), (end)), (void *)0); \
	     ({ \
		     int *___turn = bpf_iter_num_next(&___iov_unique(it)); \
		     ___turn && ((i) = *___turn, (i) >= (start) && (i) < (end)); \
	     });)
#define bpf_repeat(n) \
	for (struct bpf_iter_num ___iov_unique(it) __attribute__((aligned(8), cleanup(bpf_iter_num_destroy))), \
	     *___iov_unique(first) __attribute__((unused)) = \
		     (bpf_iter_num_new(&___iov_unique(it), 0, (n)), (void *)0); \
	     bpf_iter_num_next(&___iov_unique(it));)

#endif
