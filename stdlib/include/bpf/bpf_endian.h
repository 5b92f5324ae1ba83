/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Byte order. Constant arguments give constant expressions, so that `case bpf_htons(ETH_P_IP):` works. Compatible by
 * name with libbpf's header of this name; written anew: __bpf_ and __bpf_constant_ are the same here, since the
 * compiler's builtins are constants of constants. */
#ifndef __BPF_ENDIAN__
#define __BPF_ENDIAN__

#define ___iov_swab16(x) __builtin_bswap16((unsigned short)(x))
#define ___iov_swab32(x) __builtin_bswap32((unsigned int)(x))
#define ___iov_swab64(x) ((unsigned long long)__builtin_bswap64((unsigned long long)(x)))

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define bpf_htons(x)       ___iov_swab16(x)
#define bpf_ntohs(x)       ___iov_swab16(x)
#define bpf_htonl(x)       ___iov_swab32(x)
#define bpf_ntohl(x)       ___iov_swab32(x)
#define bpf_cpu_to_be64(x) ___iov_swab64(x)
#define bpf_be64_to_cpu(x) ___iov_swab64(x)
#else
#define bpf_htons(x)       ((unsigned short)(x))
#define bpf_ntohs(x)       ((unsigned short)(x))
#define bpf_htonl(x)       ((unsigned int)(x))
#define bpf_ntohl(x)       ((unsigned int)(x))
#define bpf_cpu_to_be64(x) ((unsigned long long)(x))
#define bpf_be64_to_cpu(x) ((unsigned long long)(x))
#endif

/* libbpf's inner names, which the kernel's selftests use. No macros: sources have macros of their own by these
 * names. */
static __inline__ __attribute__((always_inline)) unsigned short ___bpf_swab16(unsigned short x)
{
	return ___iov_swab16(x);
}

static __inline__ __attribute__((always_inline)) unsigned int ___bpf_swab32(unsigned int x)
{
	return ___iov_swab32(x);
}

static __inline__ __attribute__((always_inline)) unsigned long long ___bpf_swab64(unsigned long long x)
{
	return ___iov_swab64(x);
}

#define __bpf_htons(x)              bpf_htons(x)
#define __bpf_constant_htons(x)     bpf_htons(x)
#define __bpf_ntohs(x)              bpf_ntohs(x)
#define __bpf_constant_ntohs(x)     bpf_ntohs(x)
#define __bpf_htonl(x)              bpf_htonl(x)
#define __bpf_constant_htonl(x)     bpf_htonl(x)
#define __bpf_ntohl(x)              bpf_ntohl(x)
#define __bpf_constant_ntohl(x)     bpf_ntohl(x)
#define __bpf_cpu_to_be64(x)        bpf_cpu_to_be64(x)
#define __bpf_constant_cpu_to_be64(x)bpf_cpu_to_be64(x)
#define __bpf_be64_to_cpu(x)        bpf_be64_to_cpu(x)
#define __bpf_constant_be64_to_cpu(x)bpf_be64_to_cpu(x)

#endif
