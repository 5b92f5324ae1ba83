/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Reads and questions about kernel types that the loader adapts to the running kernel (CO-RE). Compatible by name with
 * libbpf's header of this name; written anew. */
#ifndef __BPF_CORE_READ_H__
#define __BPF_CORE_READ_H__

#include <bpf/bpf_helpers.h>

/* The second argument of Clang's builtins: what is asked. The numbers are the compiler's. */
enum bpf_field_info_kind {
	BPF_FIELD_BYTE_OFFSET = 0,
	BPF_FIELD_BYTE_SIZE = 1,
	BPF_FIELD_EXISTS = 2,
	BPF_FIELD_SIGNED = 3,
	BPF_FIELD_LSHIFT_U64 = 4,
	BPF_FIELD_RSHIFT_U64 = 5,
};
enum bpf_type_id_kind { BPF_TYPE_ID_LOCAL = 0, BPF_TYPE_ID_TARGET = 1 };
enum bpf_type_info_kind { BPF_TYPE_EXISTS = 0, BPF_TYPE_SIZE = 1, BPF_TYPE_MATCHES = 2 };
enum bpf_enum_value_kind { BPF_ENUMVAL_EXISTS = 0, BPF_ENUMVAL_VALUE = 1 };

#define __CORE_RELO(src, field, info) __builtin_preserve_field_info((src)->field, BPF_FIELD_##info)

/* A field is written as an expression (p->a.b) or as a type and a path (struct s, a.b). */
#define ___core_field_1(field)       (field)
#define ___core_field_2(type, field) (((__typeof__(type) *)0)->field)
#define ___core_field(args...)       ___iov_join(___core_field_, ___iov_narg(args))(args)
#define bpf_core_field_exists(field...) __builtin_preserve_field_info(___core_field(field), BPF_FIELD_EXISTS)
#define bpf_core_field_size(field...)   __builtin_preserve_field_info(___core_field(field), BPF_FIELD_BYTE_SIZE)
#define bpf_core_field_offset(field...) __builtin_preserve_field_info(___core_field(field), BPF_FIELD_BYTE_OFFSET)

#define ___core_type(type)           (*(__typeof__(type) *)0)
#define bpf_core_type_id_local(type)  __builtin_btf_type_id(___core_type(type), BPF_TYPE_ID_LOCAL)
#define bpf_core_type_id_kernel(type) __builtin_btf_type_id(___core_type(type), BPF_TYPE_ID_TARGET)
#define bpf_core_type_exists(type)    __builtin_preserve_type_info(___core_type(type), BPF_TYPE_EXISTS)
#define bpf_core_type_size(type)      __builtin_preserve_type_info(___core_type(type), BPF_TYPE_SIZE)
#define bpf_core_type_matches(type)   __builtin_preserve_type_info(___core_type(type), BPF_TYPE_MATCHES)
#define bpf_core_enum_value_exists(type, value) \
	__builtin_preserve_enum_value(*(__typeof__(type) *)value, BPF_ENUMVAL_EXISTS)
#define bpf_core_enum_value(type, value) \
	__builtin_preserve_enum_value(*(__typeof__(type) *)value, BPF_ENUMVAL_VALUE)

/* One read through a pointer whose offset the loader adapts. */
#define ___core_access(src) ((const void *)__builtin_preserve_access_index(src))
#define bpf_core_read(dst, sz, src)          bpf_probe_read_kernel(dst, sz, ___core_access(src))
#define bpf_core_read_user(dst, sz, src)     bpf_probe_read_user(dst, sz, ___core_access(src))
#define bpf_core_read_str(dst, sz, src)      bpf_probe_read_kernel_str(dst, sz, ___core_access(src))
#define bpf_core_read_user_str(dst, sz, src) bpf_probe_read_user_str(dst, sz, ___core_access(src))

/* A pointer to memory of the kernel, checked at load time and read at run time without a helper. */
extern void *bpf_rdonly_cast(const void *obj, unsigned int type_id) __weak __ksym;
#define bpf_core_cast(ptr, type) ((__typeof__(type) *)bpf_rdonly_cast((ptr), bpf_core_type_id_kernel(type)))

/* The value of a bit field, from memory that may be read directly, or through the helper. */
#define ___core_bits(p, s, field, load) ({ \
	unsigned long long ___bits = 0; \
	load(p, s, field); \
	___bits <<= __builtin_preserve_field_info((s)->field, BPF_FIELD_LSHIFT_U64); \
	if (__builtin_preserve_field_info((s)->field, BPF_FIELD_SIGNED)) \
		___bits = (unsigned long long)((long long)___bits >> \
					       __builtin_preserve_field_info((s)->field, BPF_FIELD_RSHIFT_U64)); \
	else \
		___bits >>= __builtin_preserve_field_info((s)->field, BPF_FIELD_RSHIFT_U64); \
	___bits; })
#define ___core_bits_place(s, field) \
	((const void *)(s) + __builtin_preserve_field_info((s)->field, BPF_FIELD_BYTE_OFFSET))
#define ___core_bits_direct(p, s, field) \
	switch (__builtin_preserve_field_info((s)->field, BPF_FIELD_BYTE_SIZE)) { \
	case 1: ___bits = *(const unsigned char *)p; break; \
	case 2: ___bits = *(const unsigned short *)p; break; \
	case 4: ___bits = *(const unsigned int *)p; break; \
	case 8: ___bits = *(const unsigned long long *)p; break; \
	}
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ___core_bits_probe(p, s, field) \
	bpf_probe_read_kernel(&___bits, __builtin_preserve_field_info((s)->field, BPF_FIELD_BYTE_SIZE), p)
#else
#define ___core_bits_probe(p, s, field) \
	bpf_probe_read_kernel((void *)&___bits + 8 - __builtin_preserve_field_info((s)->field, BPF_FIELD_BYTE_SIZE), \
			      __builtin_preserve_field_info((s)->field, BPF_FIELD_BYTE_SIZE), p)
#endif
#define BPF_CORE_READ_BITFIELD(s, field) ({ \
	const void *___place = ___core_bits_place(s, field); \
	barrier_var(___place); \
	___core_bits(___place, s, field, ___core_bits_direct); })
#define BPF_CORE_READ_BITFIELD_PROBED(s, field) \
	___core_bits(___core_bits_place(s, field), s, field, ___core_bits_probe)

/* The bits beside the field stay. LSHIFT_U64 brings the field's top bit to bit 63, RSHIFT_U64 then its lowest
 * to 0. The size is a constant once the loader has relocated it. */
#define ___core_bits_store(type, p, value, from, bits) ({ \
	type *___at = (void *)(p); \
	type ___mask = (type)((bits) < 8 * sizeof(type) ? (((type)1 << (bits)) - 1) << (from) : ~(type)0); \
	*___at = (*___at & ~___mask) | ((type)((value) << (from)) & ___mask); })
#define BPF_CORE_WRITE_BITFIELD(s, field, new_val) ({ \
	void *___place = (void *)(s) + __builtin_preserve_field_info((s)->field, BPF_FIELD_BYTE_OFFSET); \
	unsigned int ___size = __builtin_preserve_field_info((s)->field, BPF_FIELD_BYTE_SIZE); \
	unsigned int ___left = __builtin_preserve_field_info((s)->field, BPF_FIELD_LSHIFT_U64); \
	unsigned int ___right = __builtin_preserve_field_info((s)->field, BPF_FIELD_RSHIFT_U64); \
	unsigned int ___width = 64 - ___right; \
	unsigned int ___from = ___right - ___left; \
	unsigned long long ___new = (unsigned long long)(new_val); \
	barrier_var(___place); \
	switch (___size) { \
	case 1: ___core_bits_store(unsigned char, ___place, ___new, ___from, ___width); break; \
	case 2: ___core_bits_store(unsigned short, ___place, ___new, ___from, ___width); break; \
	case 4: ___core_bits_store(unsigned int, ___place, ___new, ___from, ___width); break; \
	case 8: ___core_bits_store(unsigned long long, ___place, ___new, ___from, ___width); break; \
	} })
/* A chain of reads, src->a->b->c: each arrow but the last reads a pointer. ___chain_N(step, last, dst, p, e, a, ...)
 * has N members to go; `p` is the pointer's value, `e` the expression that has its type and is never evaluated. */
#define ___chain_1(step, last, dst, p, e, a) last(dst, sizeof(*(dst)), &((__typeof__(e))(p))->a)
#define ___chain_2(step, last, dst, p, e, a, args...) ({ \
	const void *___p2; \
	step(&___p2, sizeof(___p2), &((__typeof__(e))(p))->a); \
	___chain_1(step, last, dst, ___p2, ((e)->a), args); })
#define ___chain_3(step, last, dst, p, e, a, args...) ({ \
	const void *___p3; \
	step(&___p3, sizeof(___p3), &((__typeof__(e))(p))->a); \
	___chain_2(step, last, dst, ___p3, ((e)->a), args); })
#define ___chain_4(step, last, dst, p, e, a, args...) ({ \
	const void *___p4; \
	step(&___p4, sizeof(___p4), &((__typeof__(e))(p))->a); \
	___chain_3(step, last, dst, ___p4, ((e)->a), args); })
#define ___chain_5(step, last, dst, p, e, a, args...) ({ \
	const void *___p5; \
	step(&___p5, sizeof(___p5), &((__typeof__(e))(p))->a); \
	___chain_4(step, last, dst, ___p5, ((e)->a), args); })
#define ___chain_6(step, last, dst, p, e, a, args...) ({ \
	const void *___p6; \
	step(&___p6, sizeof(___p6), &((__typeof__(e))(p))->a); \
	___chain_5(step, last, dst, ___p6, ((e)->a), args); })
#define ___chain_7(step, last, dst, p, e, a, args...) ({ \
	const void *___p7; \
	step(&___p7, sizeof(___p7), &((__typeof__(e))(p))->a); \
	___chain_6(step, last, dst, ___p7, ((e)->a), args); })
#define ___chain_8(step, last, dst, p, e, a, args...) ({ \
	const void *___p8; \
	step(&___p8, sizeof(___p8), &((__typeof__(e))(p))->a); \
	___chain_7(step, last, dst, ___p8, ((e)->a), args); })
#define ___chain_9(step, last, dst, p, e, a, args...) ({ \
	const void *___p9; \
	step(&___p9, sizeof(___p9), &((__typeof__(e))(p))->a); \
	___chain_8(step, last, dst, ___p9, ((e)->a), args); })
#define ___chain(step, last, dst, src, args...) \
	___iov_join(___chain_, ___iov_narg(args))(step, last, dst, src, (src), args)

/* The type of src->a->b->c. */
#define ___arrow_1(e, a)          ((e)->a)
#define ___arrow_2(e, a, args...) ___arrow_1(((e)->a), args)
#define ___arrow_3(e, a, args...) ___arrow_2(((e)->a), args)
#define ___arrow_4(e, a, args...) ___arrow_3(((e)->a), args)
#define ___arrow_5(e, a, args...) ___arrow_4(((e)->a), args)
#define ___arrow_6(e, a, args...) ___arrow_5(((e)->a), args)
#define ___arrow_7(e, a, args...) ___arrow_6(((e)->a), args)
#define ___arrow_8(e, a, args...) ___arrow_7(((e)->a), args)
#define ___arrow_9(e, a, args...) ___arrow_8(((e)->a), args)
#define ___arrow(src, args...)    ___iov_join(___arrow_, ___iov_narg(args))((src), args)
#define ___read_value(into, src, args...) ({ \
	__typeof__(___arrow(src, args)) ___value; \
	into(&___value, src, args); \
	___value; })

#define BPF_CORE_READ_INTO(dst, src, a, ...) \
	___chain(bpf_core_read, bpf_core_read, dst, src, a __VA_OPT__(,) __VA_ARGS__)
#define BPF_CORE_READ_USER_INTO(dst, src, a, ...) \
	___chain(bpf_core_read_user, bpf_core_read_user, dst, src, a __VA_OPT__(,) __VA_ARGS__)
#define BPF_PROBE_READ_INTO(dst, src, a, ...) \
	___chain(bpf_probe_read_kernel, bpf_probe_read_kernel, dst, src, a __VA_OPT__(,) __VA_ARGS__)
#define BPF_PROBE_READ_USER_INTO(dst, src, a, ...) \
	___chain(bpf_probe_read_user, bpf_probe_read_user, dst, src, a __VA_OPT__(,) __VA_ARGS__)
#define BPF_CORE_READ_STR_INTO(dst, src, a, ...) \
	___chain(bpf_core_read, bpf_core_read_str, dst, src, a __VA_OPT__(,) __VA_ARGS__)
#define BPF_CORE_READ_USER_STR_INTO(dst, src, a, ...) \
	___chain(bpf_core_read_user, bpf_core_read_user_str, dst, src, a __VA_OPT__(,) __VA_ARGS__)
#define BPF_PROBE_READ_STR_INTO(dst, src, a, ...) \
	___chain(bpf_probe_read_kernel, bpf_probe_read_kernel_str, dst, src, a __VA_OPT__(,) __VA_ARGS__)
#define BPF_PROBE_READ_USER_STR_INTO(dst, src, a, ...) \
	___chain(bpf_probe_read_user, bpf_probe_read_user_str, dst, src, a __VA_OPT__(,) __VA_ARGS__)
#define BPF_CORE_READ(src, a, ...)       ___read_value(BPF_CORE_READ_INTO, src, a __VA_OPT__(,) __VA_ARGS__)
#define BPF_CORE_READ_USER(src, a, ...)  ___read_value(BPF_CORE_READ_USER_INTO, src, a __VA_OPT__(,) __VA_ARGS__)
#define BPF_PROBE_READ(src, a, ...)      ___read_value(BPF_PROBE_READ_INTO, src, a __VA_OPT__(,) __VA_ARGS__)
#define BPF_PROBE_READ_USER(src, a, ...) ___read_value(BPF_PROBE_READ_USER_INTO, src, a __VA_OPT__(,) __VA_ARGS__)

#endif
