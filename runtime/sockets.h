/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the host's sockets, as helpers look them up. Built by the host, then only read. */
#ifndef IOV_RUNTIME_SOCKETS_H
#define IOV_RUNTIME_SOCKETS_H

#include "runtime/include/iov/iov.h"

#include <linux/bpf.h>

/** States of TCP sockets (uapi linux/bpf.h BPF_TCP_*, and request sockets'). */
enum { SOCKET_TIME_WAIT = 6, SOCKET_LISTEN = 10, SOCKET_REQUEST = 12, SOCKET_TCP = 6, SOCKET_UDP = 17 };

/** What a program's socket pointer points at; its first member is what loads read. */
struct sockets_entry {
	struct bpf_sock uapi;
	struct bpf_tcp_sock tcp;
	struct iov_socket given;
	uint32_t next;           /**< of those with the same local port: number + 1, or 0 */
};

/** A packet's flow, as bpf_sk_lookup_*() gets it: from a remote socket to a local one; network order. */
struct sockets_flow {
	uint8_t family, protocol; /**< 4 or 6; SOCKET_TCP, SOCKET_UDP */
	uint8_t remote[16], local[16];
	uint16_t remote_port, local_port;
	uint32_t ifindex;
};

/** The socket that gets the flow: connected, else bound to its address, else to its port alone; or NULL. */
const struct sockets_entry *sockets_find(const struct iov_sockets *s, const struct sockets_flow *flow);
/** Socket `number`, from 1; NULL when there is none. */
const struct sockets_entry *sockets_at(const struct iov_sockets *s, uint32_t number);
/** The number of a socket; 0 for NULL, and for one of another table. */
uint32_t sockets_number(const struct iov_sockets *s, const struct sockets_entry *e);

/** Neither a request nor what is left of a connection. */
static inline bool socket_is_full(const struct sockets_entry *e)
{
	return e->uapi.state != SOCKET_TIME_WAIT && e->uapi.state != SOCKET_REQUEST;
}

#endif
