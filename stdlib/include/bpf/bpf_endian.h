/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Byte order. Constant arguments give constant expressions, so that `case bpf_htons(ETH_P_IP):` works. Compatible by
 * name with libbpf's header of this name; written anew. */
#ifndef __BPF_ENDIAN__
#define __BPF_ENDIAN__

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define bpf_htons(x)       __builtin_bswap16((unsigned short)(x))
#define bpf_ntohs(x)       __builtin_bswap16((unsigned short)(x))
#define bpf_htonl(x)       __builtin_bswap32((unsigned int)(x))
#define bpf_ntohl(x)       __builtin_bswap32((unsigned int)(x))
#define bpf_cpu_to_be64(x) ((unsigned long long)__builtin_bswap64((unsigned long long)(x)))
#define bpf_be64_to_cpu(x) ((unsigned long long)__builtin_bswap64((unsigned long long)(x)))
#else
#define bpf_htons(x)       ((unsigned short)(x))
#define bpf_ntohs(x)       ((unsigned short)(x))
#define bpf_htonl(x)       ((unsigned int)(x))
#define bpf_ntohl(x)       ((unsigned int)(x))
#define bpf_cpu_to_be64(x) ((unsigned long long)(x))
#define bpf_be64_to_cpu(x) ((unsigned long long)(x))
#endif

#endif
