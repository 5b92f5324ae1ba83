/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the host's ports, routes and neighbours, as helpers look them up. Built by the host, then only read. */
#ifndef IOV_RUNTIME_NETWORK_H
#define IOV_RUNTIME_NETWORK_H

#include "runtime/include/iov/iov.h"

const struct iov_port *network_port(const struct iov_network *n, uint32_t ifindex);
/** The route with the longest prefix that `address` (4 or 16 bytes by `family`, 4 or 6) has in `table`, or NULL; only
 * those that leave by port `out`, or refuse, unless that is 0. */
const struct iov_route *network_route(const struct iov_network *n, uint8_t family, uint32_t table,
				      const uint8_t *address, uint32_t out);
/** The link address of a neighbour on a port, or NULL. */
const uint8_t *network_neighbour(const struct iov_network *n, uint8_t family, uint32_t ifindex,
				 const uint8_t *address);

#endif
