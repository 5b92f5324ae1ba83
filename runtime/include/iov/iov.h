/* SPDX-License-Identifier: Apache-2.0 */
/* libiov: load IO modules (eBPF objects), prove them safe, and run them on packets.
 *
 * A whole program: open a module, run one packet, read a counter. (The library's own tests build and run it.)
 *
 *	#include <iov/iov.h>
 *	#include <stdio.h>
 *	#include <string.h>
 *
 *	int main(int argc, char **argv)
 *	{
 *		static uint8_t buffer[2048];
 *		struct iov_packet packet = {.buffer = buffer, .size = sizeof(buffer), .start = 256, .length = 60};
 *		struct iov_sink *sink = iov_sink_new(NULL);
 *		struct iov_module *module = NULL;
 *		uint64_t count = 0;
 *		uint32_t key = 0, verdict = 0;
 *		char text[4096];
 *
 *		if (argc != 2 || iov_module_open_file(argv[1], NULL, sink, &module) ||
 *		    iov_module_load(module, NULL, sink)) {
 *			iov_sink_render(sink, IOV_TEXT, text, sizeof(text));
 *			fputs(text, stderr);
 *			return 1;
 *		}
 *		struct iov_worker *worker = iov_worker_new(module, 0);
 *		if (!worker || iov_run(iov_module_program(module, NULL), worker, &packet, &verdict))
 *			return 1;
 *		iov_map_lookup(iov_module_map(module, "packets"), &key, &count);
 *		printf("verdict %u, %llu packets\n", verdict, (unsigned long long)count);
 *		iov_worker_free(worker);
 *		iov_module_close(module);
 *		iov_sink_free(sink);
 *		return 0;
 *	}
 *
 * Results: functions return enum iov_result, map functions 0 or a negative errno. IOV_R_INPUT always comes with at
 * least one diagnostic in the sink. On any other result than IOV_R_OK and 0, outputs are not to be used, unless said.
 *
 * Strings that a function gives belong to what it was asked about and live as long.
 *
 * NULL: a `_free` or `_close` takes it; functions that return enum iov_result or an errno answer IOV_R_USAGE or -EINVAL
 * to it, where it is not allowed; all others want what they name.
 *
 * Units: sizes, offsets and lengths are bytes, times nanoseconds. Numbers are in the machine's byte order; addresses,
 * and what is said to be, in network order.
 *
 * Ownership: what a `_new` or `_open` gives goes back with its `_free` or `_close`; everything else, programs and maps
 * among it, belongs to the module and lives until it is closed. Nothing keeps a pointer to what a caller passed in,
 * unless said: an allocator's hook, a worker's callbacks with their `ud`, its network, a platform of one's own.
 *
 * Threads: a sink, a platform while it is read, and a module until iov_module_load has returned, belong to one thread
 * at a time. A loaded module may be run by any number of threads at once, each with its own worker and packet; a worker
 * belongs to one thread at a time, with its callbacks, which are called in that thread. Map functions may be called by
 * any thread at any time, on maps that programs are using; a ring buffer has one consumer at a time. Nobody uses a
 * module when it is closed: workers go first. A run takes 512 KiB of its thread's stack at most. The library keeps no
 * global state, starts no threads, prints nothing and never exits; it is safe to use two modules in two threads without
 * any lock. */
#ifndef IOV_IOV_H
#define IOV_IOV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct iov_sink;
struct iov_module;
struct iov_program;
struct iov_worker;
struct iov_map;
struct iov_platform;
struct iov_env;

enum iov_result {
	IOV_R_OK = 0,
	IOV_R_INPUT,  /**< the module, a parameter or the environment is at fault: a diagnostic says how */
	IOV_R_MEMORY, /**< the allocator refused; nothing leaks */
	IOV_R_USAGE,  /**< called out of order, with NULL where that is not allowed, with what is no enumerator */
	IOV_R_BUG,    /**< a check on the library's own state failed */
};

/** Allocator hook: `resize` behaves as realloc; size 0 frees and returns NULL; sizes in bytes. Has to be safe from the
 * threads that use the module. Must outlive what it is given to. NULL instead of a hook means the C library's. */
struct iov_allocator {
	void *(*resize)(void *ud, void *ptr, size_t old, size_t size);
	void *ud;
};

/** The library's version, "0.1.0". */
const char *iov_version(void);

/* --- Diagnostics. ------------------------------------------------------------------------------------------------- */

enum iov_format { IOV_TEXT, IOV_JSON, IOV_SARIF };

/** An empty list of diagnostics; NULL when memory is refused. One sink may serve any number of calls, and outlive the
 * modules that were opened with it. */
struct iov_sink *iov_sink_new(const struct iov_allocator *allocator);
void iov_sink_free(struct iov_sink *sink);
/** Errors so far. Warnings and notes do not count. */
unsigned iov_sink_errors(const struct iov_sink *sink);
/** Write all diagnostics into `buffer` (at most `size` bytes, always NUL-terminated when size > 0). The result is the
 * length of the whole text in bytes without NUL, as snprintf; 0 when memory is refused. */
size_t iov_sink_render(const struct iov_sink *sink, enum iov_format format, char *buffer, size_t size);

/* --- Platforms: what a host offers to modules. -------------------------------------------------------------------- */

/** Read a platform file (iov-platform(5)) from memory: helpers of the host's own with their prototypes, limits, program
 * types. It usually says `inherit: iovrun`, which is what this library has. `name` is used in messages; `text` need not
 * be kept. IOV_R_INPUT: a mistake in it, with its line. *out is NULL unless the result is IOV_R_OK. (libyaml, which
 * does the reading, takes its own memory from malloc.) */
enum iov_result iov_platform_open(const void *text, size_t size, const char *name,
				  const struct iov_allocator *allocator, struct iov_sink *sink,
				  struct iov_platform **out);
/** The same from a file. A relative target_btf in it starts at its folder. */
enum iov_result iov_platform_open_file(const char *path, const struct iov_allocator *allocator, struct iov_sink *sink,
				       struct iov_platform **out);
/** After the modules that were loaded for it. */
void iov_platform_close(struct iov_platform *platform);
/** Its name, as the file says it. */
const char *iov_platform_name(const struct iov_platform *platform);

/* --- Modules. ----------------------------------------------------------------------------------------------------- */

/** Read an eBPF object of `size` bytes, which are copied. `name` is used in messages; NULL: "module". IOV_R_INPUT: it
 * is not one, or a broken one. *out is NULL unless the result is IOV_R_OK. */
enum iov_result iov_module_open(const void *bytes, size_t size, const char *name, const struct iov_allocator *allocator,
				struct iov_sink *sink, struct iov_module **out);
/** The same from a file. */
enum iov_result iov_module_open_file(const char *path, const struct iov_allocator *allocator, struct iov_sink *sink,
				     struct iov_module **out);
/** Free a module with its programs and maps. Its workers have been freed before. */
void iov_module_close(struct iov_module *module);

/** Set a global variable before loading: an integer (0x… and negative too), true, false, an enumerator of its type, a
 * 'c'haracter; text for an array of characters. The last value counts. IOV_R_INPUT: there is no such variable, or the
 * value does not fit. So are values of the kernel's configuration given that the module asks for (`extern …
 * __kconfig`): y, n and m count as there. LINUX_KERNEL_VERSION has one without that: the platform's, 6.12 for iovrun;
 * and LINUX_HAS_BPF_COOKIE and LINUX_HAS_SYSCALL_WRAPPER are 0. */
enum iov_result iov_module_set(struct iov_module *module, const char *name, const char *value, struct iov_sink *sink);
/** Give all that the module asks for of a kernel's configuration: `size` bytes of text as in /boot/config-*, lines of
 * CONFIG_NAME=VALUE. Other lines are passed over. `name` is used in messages and outlives the sink. */
enum iov_result iov_module_set_config(struct iov_module *module, const char *text, size_t size, const char *name,
				      struct iov_sink *sink);
/** As iov_module_set, with the variable's bytes as programs see them, for structs and arrays, too; `size` has to be the
 * variable's. */
enum iov_result iov_module_set_bytes(struct iov_module *module, const char *name, const void *bytes, size_t size,
				     struct iov_sink *sink);
/** Say the type of a program whose section's name does not, before loading: "xdp", "tc", "cgroup_skb/egress", as
 * section names say it, or "sched_cls", as the kernel does. NULL as program: of all whose sections say none. */
enum iov_result iov_module_set_type(struct iov_module *module, const char *program, const char *type,
				    struct iov_sink *sink);
/** Give a map `entries` (a ring buffer: bytes) instead of what the module says, before loading. Modules that leave the
 * size to their host say 0, and are not loaded without this. */
enum iov_result iov_module_set_entries(struct iov_module *module, const char *map, uint32_t entries,
				       struct iov_sink *sink);

/* --- Helpers of the host's own. ----------------------------------------------------------------------------------- */

/** A helper of the host's: five arguments as the program gave them, and its result. The verifier has held them to the
 * prototype in the platform file: pointers to memory are good for the sizes that it says. `env` is the run's. Called on
 * the packet path, by every thread that runs the module: it must not block, and not call iov_run on the same worker.
 * What it returns has to lie in the range that the platform file gives, which the verifier counts on. */
typedef uint64_t (iov_helper_call)(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5,
				   struct iov_env *env);
/** Before loading: `call` is what programs call as helper `name` ("npu_meter", with or without bpf_). The platform that
 * the module is loaded for has to offer a helper of this name, with its prototype; iov_module_load says so when it does
 * not. A helper of this library's own with that name gives way. The name is copied; the last call for a name counts. */
enum iov_result iov_helper_register(struct iov_module *module, const char *name, iov_helper_call *call,
				    struct iov_sink *sink);
/** In a helper, and valid until it returns: what iov_worker_set_data() was given. */
void *iov_env_data(const struct iov_env *env);
/** The worker's slot of per-CPU maps. */
uint32_t iov_env_cpu(const struct iov_env *env);
/** The packet as the program sees it now, and its length. The helper may change the bytes, but not the length. */
void *iov_env_packet(const struct iov_env *env, size_t *length);

/* --- Loading. ----------------------------------------------------------------------------------------------------- */

enum iov_engine_choice {
	IOV_ENGINE_AUTO,        /**< machine code where this CPU has a JIT, else the interpreter */
	IOV_ENGINE_INTERPRETER,
	IOV_ENGINE_MACHINE,     /**< fail where there is no JIT */
	IOV_ENGINE_CHECKING,    /**< slow: checks every access, and the verifier's claims at every instruction. A
				 * violation, which is a bug of this library, makes iov_run return IOV_R_BUG. Maps
				 * and stacks lie between guard pages, taken from the system and not the allocator.
				 * What works on dynptrs, timers, iterators, objects, and kernel functions, is not
				 * done but answered, at random, by its prototype: results are not other engines';
				 * what timers call, it calls at a run's end */
};

/** How to load. All zero is a good choice. */
struct iov_load_options {
	const char *platform;        /**< what the module is verified for: "iovrun", which is this runtime and what NULL
				      * means, another platform's name, or the path of a platform file: with a '/', or
				      * ending in .yaml */
	const struct iov_platform *own_platform; /**< in place of `platform`: what iov_platform_open gave. It has to
				      * outlive the module; any number of modules may share it */
	const char *program;         /**< load this program alone; NULL: all but those whose section begins with '?',
				      * and those of types that the platform does not run, which a warning names */
	enum iov_engine_choice engine;
	uint32_t cpus;               /**< slots of per-CPU maps; 0: 1. Workers name theirs */
	uint64_t seed;               /**< of hash functions and random numbers; 0: from the system */
	uint64_t max_map_bytes;      /**< most bytes for all maps together; 0: 1 GiB */
	uint64_t object_bytes;       /**< bytes for what programs allocate (bpf_obj_new), taken when one does so;
				      * 0: 4 MiB. Where they are used up, programs get NULL */
	uint64_t verify_budget;      /**< instructions that verification may process; 0: the platform's limit */
	const char *target_btf;      /**< types that CO-RE is resolved against: a file of BTF, an ELF file with BTF,
				      * "auto" for the running kernel's; NULL: the platform's, or the module's own */
	/** Machine code against attacks on the machine; both cost speed, neither is needed where modules are trusted.
	 * harden_constants: no constant of a module stands in machine code as it is (JIT spraying). harden_branches:
	 * indirect branches are guarded against misprediction (x86-64: retpolines; arm64: BTI, barriers). */
	bool harden_constants, harden_branches;
};

/** Verify every program, make the maps, bind and compile. `options` may be NULL. Maps that no loaded program uses and
 * that cannot be made (of a type that there is not here, without a size) are left out. Everything that is wrong is in
 * the sink: all programs are looked at, also after a mistake in one. After any result but IOV_R_OK the module can only
 * be closed. No page of machine code is ever writable and executable at once. */
enum iov_result iov_module_load(struct iov_module *module, const struct iov_load_options *options,
				struct iov_sink *sink);

/** A loaded program by function name; NULL as name: the first one. NULL when there is none. Valid until the module is
 * closed. */
struct iov_program *iov_module_program(const struct iov_module *module, const char *name);
/** Programs in the order of the object; NULL past the end. */
struct iov_program *iov_module_program_at(const struct iov_module *module, size_t index);
const char *iov_program_name(const struct iov_program *program);
/** "xdp", "tc", … */
const char *iov_program_type(const struct iov_program *program);
/** Bytes of machine code; 0 when it is interpreted. */
size_t iov_program_code_size(const struct iov_program *program);

/* --- Running. ----------------------------------------------------------------------------------------------------- */

/** A packet in a buffer of the caller's: bytes [start, start + length) of `size`. What lies before is headroom, behind
 * it tailroom; programs may move into both. As in Linux the first 40 bytes of the headroom are given to no program.
 * iov_run changes `start`, `length`, `meta` and the results. */
struct iov_packet {
	uint8_t *buffer;
	size_t size, start, length;  /**< bytes; size: 1 MiB at most */
	size_t meta;                 /**< bytes of XDP metadata before the packet, a multiple of 4 below 256 */
	uint32_t ifindex;            /**< port that it came from; 0 reads as 1, the loopback of Linux */
	uint32_t rx_queue;
	uint32_t mark, priority;     /**< skb program types, in and out */
	uint32_t redirect_port;      /**< out: where a redirecting verdict sends it, 0: nowhere */
	/** Out: the table that it goes through (devmap, devmap_hash: redirect_port is a port; cpumap, xskmap: it is
	 * what the host put there for CPU or queue redirect_key), or NULL; and the flags (8: to every port of it, 16:
	 * but the one that it came from; of bpf_redirect, 1: into the port). */
	struct iov_map *redirect_map;
	uint32_t redirect_key, redirect_flags;
	/** skb program types, in and out: a VLAN tag that is not in the bytes, as network cards hand it over and Linux
	 * keeps it; vlan_proto in network order, 0: none. To send the packet, put it behind the two addresses. */
	uint16_t vlan_proto, vlan_tci;
	uint32_t socket;             /**< skb program types, in and out: the socket that it belongs to, as
				      * iov_sockets_add() numbered it; 0: none */
};

/** A thread's state for running a loaded module's programs; `cpu` is its slot in per-CPU maps, below the module's cpus.
 * Two workers that run at the same time need two slots. NULL when memory is refused, the module is not loaded or cpu is
 * too large. */
struct iov_worker *iov_worker_new(const struct iov_module *module, uint32_t cpu);
void iov_worker_free(struct iov_worker *worker);
/** What bpf_ktime_get_ns and its kin read, in nanoseconds; NULL: the system's CLOCK_MONOTONIC. */
void iov_worker_set_clock(struct iov_worker *worker, uint64_t (*now)(void *ud), void *ud);
/** Call what the module's timers (bpf_timer_start) have to call by now, by the worker's clock, on this thread; how many
 * were called. Nothing else calls them: do it between bursts, on any worker. */
uint64_t iov_worker_run_timers(struct iov_worker *worker);
/** What the host's own helpers get from iov_env_data(). */
void iov_worker_set_data(struct iov_worker *worker, void *data);
/** Gets each line of bpf_trace_printk; NULL: dropped. */
void iov_worker_set_trace(struct iov_worker *worker, void (*trace)(void *ud, const char *line), void *ud);

/** Sends a copy of a packet to a port (bpf_clone_redirect), into it when `ingress`; the bytes are valid during the
 * call. 0 or a negative errno, which the program gets. NULL: there is no port, -EINVAL. */
void iov_worker_set_send(struct iov_worker *worker,
			 int (*send)(void *ud, uint32_t port, bool ingress, const void *bytes, size_t size), void *ud);

/* --- Ports, routes and neighbours. For bpf_fib_lookup, bpf_check_mtu and bpf_clone_redirect. ---------------------- */

struct iov_network;

struct iov_port {
	uint32_t ifindex;       /**< above 0 */
	uint32_t mtu;           /**< bytes of a network packet, without the link header */
	uint8_t mac[6];
	bool forwards;          /**< packets that come in here may be routed */
};

enum iov_route_kind {
	IOV_ROUTE_UNICAST, IOV_ROUTE_LOCAL, IOV_ROUTE_BLACKHOLE, IOV_ROUTE_UNREACHABLE, IOV_ROUTE_PROHIBIT,
};

/** Addresses are in network order; those of IPv4 in the first 4 bytes. */
struct iov_route {
	uint8_t family;         /**< 4 or 6 */
	uint8_t bits;           /**< length of the prefix */
	uint8_t kind;           /**< enum iov_route_kind */
	uint8_t gateway_family; /**< 0: the destination is a neighbour; else 4 or 6 */
	uint8_t prefix[16], gateway[16];
	uint8_t source[16];     /**< preferred source address; zeros: none */
	uint32_t table;         /**< 0: 254, the main one; a lookup asks 255 (local), 254, 253, or the one it names */
	uint32_t ifindex, metric;
	uint32_t mtu;           /**< 0: the port's; else as Linux' `mtu lock` */
};

struct iov_neighbour {
	uint8_t family;         /**< 4 or 6 */
	uint8_t address[16];
	uint32_t ifindex;
	uint8_t mac[6];
};

/** An empty network with room for so many; NULL when memory is refused. */
struct iov_network *iov_network_new(uint32_t ports, uint32_t routes, uint32_t neighbours,
				    const struct iov_allocator *allocator);
void iov_network_free(struct iov_network *network);
/** Add one, or replace the one with the same number, prefix or address: 0, -E2BIG or -ENOSPC when it is full, -EINVAL.
 * Only while no worker uses the network. */
int iov_network_port(struct iov_network *network, const struct iov_port *port);
int iov_network_route(struct iov_network *network, const struct iov_route *route);
int iov_network_neighbour(struct iov_network *network, const struct iov_neighbour *neighbour);
/** What the worker's runs see from now on; it is kept and has to outlive them. Many workers may share one. To change
 * one that is in use, build another and give it to each worker between runs. NULL: no ports. */
void iov_worker_set_network(struct iov_worker *worker, const struct iov_network *network);

/* --- Sockets. For bpf_sk_lookup_tcp and its kin, for what belongs to a packet's socket, and for storage. ---------- */

struct iov_sockets;
struct bpf_tcp_sock; /* <linux/bpf.h> */

/** Addresses are in network order, those of IPv4 in the first 4 bytes; ports in the machine's. */
struct iov_socket {
	uint8_t family;         /**< 4 or 6 */
	uint8_t protocol;       /**< 6: TCP, 17: UDP */
	uint8_t state;          /**< TCP's, Linux' numbers: 1 connected, 6 time-wait, 10 listening, 12 a request */
	uint8_t cgroup_level;   /**< place of its control group in `cgroups`; that of the root is 0 */
	uint8_t local[16], remote[16]; /**< zeros: any */
	uint16_t local_port, remote_port; /**< remote_port 0: it is not connected */
	uint32_t ifindex;       /**< port that it is bound to; 0: none */
	uint32_t mark, priority, uid, classid;
	uint64_t cookie;        /**< its name, above 0: the key of its values in maps of type sk_storage */
	uint64_t cgroups[8];    /**< ids of its control group and of those above, the root's first */
	const struct bpf_tcp_sock *tcp; /**< what bpf_tcp_sock() shows of it, copied; NULL: nothing */
};

/** Room for so many sockets; NULL when memory is refused. */
struct iov_sockets *iov_sockets_new(uint32_t sockets, const struct iov_allocator *allocator);
void iov_sockets_free(struct iov_sockets *sockets);
/** Add one: its number, from 1; -ENOSPC when it is full, -EINVAL. Only while no worker uses the table. */
int iov_sockets_add(struct iov_sockets *sockets, const struct iov_socket *socket);
/** What the worker's runs see from now on; kept, shared and changed as iov_worker_set_network() says. */
void iov_worker_set_sockets(struct iov_worker *worker, const struct iov_sockets *sockets);
/** The control group that programs are attached to: bpf_get_local_storage() gives its values. */
void iov_worker_set_cgroup(struct iov_worker *worker, uint64_t id);

/** IOV_ENGINE_CHECKING: what the last run belied, with program, instruction, register, value and claim; else NULL. It
 * lives as long as the worker. */
const char *iov_worker_violation(const struct iov_worker *worker);

/** Run a program on a packet, of any length, 0 too. *verdict is the program's return value. IOV_R_USAGE: the packet
 * does not lie in its buffer or lacks the 40 bytes of headroom, that is too large, or the worker is another module's;
 * then nothing has run. IOV_R_BUG: IOV_ENGINE_CHECKING only, see iov_worker_violation. Takes no locks but those of
 * maps, and allocates nothing (IOV_ENGINE_CHECKING does). */
enum iov_result iov_run(const struct iov_program *program, struct iov_worker *worker, struct iov_packet *packet,
			uint32_t *verdict);
/** Run a program on `count` packets, one after the other in their order, as so many calls of iov_run would, and faster:
 * what is the same for all is done once, and packets are fetched into the cache ahead. 16 to 64 at a time are enough.
 * verdicts: `count` of them. IOV_R_USAGE: a packet is not as iov_run wants it; then none was run. IOV_R_BUG: the
 * packets from iov_worker_at() on were not run to the end. */
enum iov_result iov_run_burst(const struct iov_program *program, struct iov_worker *worker, struct iov_packet *packets,
			      size_t count, uint32_t *verdicts);
/** The packet's index in the burst that is run, or was run last: for what a program calls back, the clock or the trace.
 * Only in the worker's own thread. */
size_t iov_worker_at(const struct iov_worker *worker);

/** A verdict's name for the program's type ("XDP_PASS", "TC_ACT_SHOT"), or NULL when it has none. */
const char *iov_verdict_name(const struct iov_program *program, uint32_t verdict);

/* --- Maps. Values of per-CPU maps are `cpus` values, each padded to 8 bytes. -------------------------------------- */

struct iov_map_info {
	const char *name, *type;  /**< "conns", "lru_hash" */
	uint32_t key_size;        /**< bytes */
	size_t value_size;        /**< bytes that lookup gives and update takes */
	uint32_t max_entries;
	uint32_t cpus;            /**< values in one entry; 1 unless per-CPU */
};

/** A loaded module's map by name, NULL when there is none; by order, NULL past the end. Valid until the module is
 * closed. Global variables are maps, too: ".data", ".rodata", ".bss". */
struct iov_map *iov_module_map(const struct iov_module *module, const char *name);
struct iov_map *iov_module_map_at(const struct iov_module *module, size_t index);
void iov_map_info(const struct iov_map *map, struct iov_map_info *info);

/** `key` has key_size bytes, `value` value_size. 0 or a negative errno, as bpf(2): -ENOENT no such key, -E2BIG full or
 * index too large, -EEXIST and -ENOENT for flags 1 (key must be new) and 2 (key must exist), -EPERM frozen (.rodata),
 * -EOPNOTSUPP not for this type, -EINVAL other flags, or NULL. Tables: devmaps take the number of a port, cpumaps and
 * xskmaps what the host wants back with the packet, cgroup_arrays the id of a control group. Types without keys (queue,
 * stack, bloom filter) take NULL for one. Flag 4 takes the bpf_spin_lock in the value; without it a copy of an array's
 * value may be torn by who writes it at the same time, as in Linux. */
int iov_map_lookup(struct iov_map *map, const void *key, void *value);
int iov_map_update(struct iov_map *map, const void *key, const void *value, uint64_t flags);
int iov_map_delete(struct iov_map *map, const void *key);
/** Take the next value of a queue or stack; -ENOENT when it is empty. */
int iov_map_pop(struct iov_map *map, void *value);
/** Lookup and delete in one step (hash types; queues and stacks, with a NULL key, as iov_map_pop). */
int iov_map_take(struct iov_map *map, const void *key, void *value);
/** Many elements of an array, hash or LPM type with one call: keys and values lie one after another, values of
 * `value_size` bytes. *count: how many there is room for, or how many to do; then how many were done. The walk begins
 * with *at = 0 and goes on where it was: elements that stay are met once each, whatever other threads put in or take
 * out meanwhile. 0; -ENOENT: the walk is at its end (*count may be above 0), or the key that follows those done is not
 * there; else as the functions for one. `flags`: 0, or 4 to take the lock in each value. */
int iov_map_lookup_batch(struct iov_map *map, uint64_t *at, void *keys, void *values, uint32_t *count, uint64_t flags);
int iov_map_take_batch(struct iov_map *map, uint64_t *at, void *keys, void *values, uint32_t *count, uint64_t flags);
int iov_map_update_batch(struct iov_map *map, const void *keys, const void *values, uint32_t *count, uint64_t flags);
int iov_map_delete_batch(struct iov_map *map, const void *keys, uint32_t *count, uint64_t flags);
/** The values of an array themselves, *size bytes, each padded to 8; NULL for other types, and for .rodata. Valid until
 * the module is closed. Programs may read and write them at the same time: as in a mapping of BPF_F_MMAPABLE memory,
 * atomics are the caller's. */
void *iov_map_data(struct iov_map *map, size_t *size);
/** The key after `key` (NULL, or one that is gone: the first); -ENOENT at the end. */
int iov_map_next_key(struct iov_map *map, const void *key, void *next);
/** Put a program into a program array, for tail calls; NULL empties the slot. -EINVAL when they belong to two modules,
 * or the programs that use the array are of another type. */
int iov_map_set_program(struct iov_map *map, uint32_t index, const struct iov_program *program);
/** Put a map into a map of maps; -EINVAL when they belong to two modules, or it is not like the template. */
int iov_map_set_map(struct iov_map *map, const void *key, struct iov_map *inner);

/** Hand the records of a ring buffer, or of an array of perf events, to `visit` in order until none is left or it
 * returns non-zero; the bytes are valid during the call. The result is the number of records, 0 for maps of another
 * type. */
uint64_t iov_ring_consume(struct iov_map *map, int (*visit)(void *ud, const void *data, size_t size), void *ud);

/** Put a record of `size` bytes into a user ring buffer, for bpf_user_ringbuf_drain: 0, -EAGAIN when it is full,
 * -EINVAL for maps of another type. Any number of threads may. */
int iov_ring_produce(struct iov_map *map, const void *data, size_t size);

#ifdef __cplusplus
}
#endif

#endif
