/* SPDX-License-Identifier: Apache-2.0 */
/* Ports, routes and neighbours in maps of this library: two hashes and a trie. A route's key is its table, its family
 * and its prefix, all of one length in front, so that one trie holds them all. */
#include "runtime/network.h"
#include "runtime/maps/map.h"

#include <errno.h>
#include <string.h>

enum { HASH = 1, LPM_TRIE = 11, MAIN_TABLE = 254, ADDRESS = 16 };

struct route_key {
	uint32_t bits, table;
	uint8_t family, zero[3], address[ADDRESS];
};
enum { BEFORE_ADDRESS = 64 }; /* bits */

struct neighbour_key {
	uint32_t ifindex, family;
	uint8_t address[ADDRESS];
};

struct iov_network {
	struct iov_alloc alloc;
	struct iov_map_def defs[3];
	struct iov_map *ports, *routes, *neighbours;
};

static struct iov_map *table(struct iov_network *n, uint32_t which, struct iov_map_def def)
{
	struct iov_map *map = NULL;
	struct iov_sink sink;

	n->defs[which] = def;
	sink_init(&sink, &n->alloc);
	(void)map_create(&n->defs[which], &(struct iov_map_options){.cpus = 1, .seed = (uintptr_t)n}, &n->alloc, &sink,
			 &map);
	sink_free(&sink);
	return map;
}

struct iov_network *iov_network_new(uint32_t ports, uint32_t routes, uint32_t neighbours,
				    const struct iov_allocator *allocator)
{
	const struct iov_alloc hook = allocator ? (struct iov_alloc){allocator->resize, allocator->ud} : *alloc_libc();
	struct iov_network *n = alloc_zeroed(&hook, 1, sizeof(*n));

	if (!n)
		return NULL;
	n->alloc = hook;
	n->ports = table(n, 0, (struct iov_map_def){.name = "ports", .type = HASH, .key_size = 4,
						    .value_size = sizeof(struct iov_port),
						    .max_entries = ports ? ports : 1});
	n->routes = table(n, 1, (struct iov_map_def){.name = "routes", .type = LPM_TRIE,
						     .key_size = sizeof(struct route_key),
						     .value_size = sizeof(struct iov_route),
						     .max_entries = routes ? routes : 1, .flags = IOV_F_NO_PREALLOC});
	n->neighbours = table(n, 2, (struct iov_map_def){.name = "neighbours", .type = HASH,
							 .key_size = sizeof(struct neighbour_key),
							 .value_size = sizeof(((struct iov_neighbour *)0)->mac),
							 .max_entries = neighbours ? neighbours : 1});
	if (n->ports && n->routes && n->neighbours)
		return n;
	iov_network_free(n);
	return NULL;
}

void iov_network_free(struct iov_network *n)
{
	struct iov_alloc hook;

	if (!n)
		return;
	map_destroy(n->ports);
	map_destroy(n->routes);
	map_destroy(n->neighbours);
	hook = n->alloc;
	alloc_free(&hook, n, sizeof(*n));
}

static bool known_family(uint8_t family) { return family == 4 || family == 6; }
static size_t address_size(uint8_t family) { return family == 4 ? 4 : ADDRESS; }

int iov_network_port(struct iov_network *n, const struct iov_port *port)
{
	return n && port && port->ifindex ? (int)map_write(n->ports, &port->ifindex, port, IOV_ANY) : -EINVAL;
}

int iov_network_route(struct iov_network *n, const struct iov_route *route)
{
	struct route_key key = {0};

	if (!n || !route || !known_family(route->family) || route->bits > address_size(route->family) * 8 ||
	    (route->gateway_family && !known_family(route->gateway_family)))
		return -EINVAL;
	key.bits = BEFORE_ADDRESS + route->bits;
	key.table = route->table ? route->table : MAIN_TABLE;
	key.family = route->family;
	memcpy(key.address, route->prefix, address_size(route->family));
	return (int)map_write(n->routes, &key, route, IOV_ANY);
}

static struct neighbour_key neighbour_key(uint8_t family, uint32_t ifindex, const uint8_t *address)
{
	struct neighbour_key key = {.ifindex = ifindex, .family = family};

	memcpy(key.address, address, address_size(family));
	return key;
}

int iov_network_neighbour(struct iov_network *n, const struct iov_neighbour *neighbour)
{
	struct neighbour_key key;

	if (!n || !neighbour || !known_family(neighbour->family))
		return -EINVAL;
	key = neighbour_key(neighbour->family, neighbour->ifindex, neighbour->address);
	return (int)map_write(n->neighbours, &key, neighbour->mac, IOV_ANY);
}

const struct iov_port *network_port(const struct iov_network *n, uint32_t ifindex)
{
	return n ? n->ports->ops->lookup(n->ports, &ifindex, 0) : NULL;
}

const struct iov_route *network_route(const struct iov_network *n, uint8_t family, uint32_t which,
				      const uint8_t *address, uint32_t out)
{
	struct route_key key = {.bits = BEFORE_ADDRESS + (uint32_t)address_size(family) * 8, .table = which,
				.family = family};
	const struct iov_route *route;

	if (!n)
		return NULL;
	memcpy(key.address, address, address_size(family));
	for (;;) {
		route = n->routes->ops->lookup(n->routes, &key, 0);
		if (!route || !out || route->ifindex == out || route->kind > IOV_ROUTE_LOCAL)
			return route;
		if (!route->bits)
			return NULL;
		key.bits = BEFORE_ADDRESS + route->bits - 1u; /* the next longest */
	}
}

const uint8_t *network_neighbour(const struct iov_network *n, uint8_t family, uint32_t ifindex,
				 const uint8_t *address)
{
	struct neighbour_key key = neighbour_key(family, ifindex, address);

	return n ? n->neighbours->ops->lookup(n->neighbours, &key, 0) : NULL;
}
