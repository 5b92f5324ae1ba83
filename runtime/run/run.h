/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: iovrun, as a library: load a module, fill its maps, run a recording through it, report. */
#ifndef IOV_RUNTIME_RUN_RUN_H
#define IOV_RUNTIME_RUN_RUN_H

#include "asm/base/option.h"
#include "runtime/io/recording.h"
#include "runtime/module.h"

enum run_clock { RUN_CLOCK_PCAP, RUN_CLOCK_REAL };

struct run_options {
	const char *in, *out, *program, *platform, *rules, *verdicts, *target_btf, *kconfig, *code;
	struct iov_option_list set, entries, keep, type;
	uint64_t repeat, cpus, seed, port, budget;
	int engine, clock;              /**< enum iov_engine_choice, enum run_clock */
	bool list, maps, events, json, no_timing, conformance, elf, blind, retpoline;
};

extern const struct iov_option run_option_table[];

/** Everything: `operands` is the one module. */
enum iov_status run_tool(void *options, const struct iov_option_list *operands, struct iov_arena *arena,
			 struct iov_sink *sink);

/** --conformance: a program from standard input. */
enum iov_status conformance_run(const struct run_options *options, const struct iov_option_list *operands,
				struct iov_arena *arena, struct iov_sink *sink);

/** What the verifier said of a program leaves it to the checked engine. */
bool unproved_may_run(const struct iov_sink *verdict);
/** The program, which it refused so, for the checked engine. */
enum iov_status unproved_load(const struct iov_prog *prog, const struct iov_load *how, struct iov_arena *arena,
			      struct iov_image **out);

/* --- Inside. ----------------------------------------------------------------------------------------------------- */

enum { RUN_VERDICTS = 16 };

struct run_verdict {
	uint32_t value;
	uint64_t packets, bytes;
};

/** What a run is made of, and what it counted. */
struct run {
	const struct run_options *options;
	struct iov_arena *arena;
	struct iov_sink *sink;
	struct iov_module *module;
	struct iov_program *program;
	struct rec_frames frames;
	struct run_verdict verdicts[RUN_VERDICTS]; /**< by value as they came; the last one sums what is left over */
	uint32_t verdict_count;
	uint64_t packets, bytes, events;
	uint64_t nanoseconds, untimed;             /**< untimed: printing of events, not in nanoseconds */
	bool first_pass;
	struct iov_buf trace, event_text, verdict_csv;
};

/** IOV_HARDEN_* that the options ask for. */
unsigned run_hardening(const struct run_options *options);
/** A libiov result as a status of the tool. */
enum iov_status run_status(enum iov_result result);

/** Parameters and map contents from a YAML file: `parameters` before the module is loaded, `maps` after. */
struct iov_yaml;
enum iov_status rules_read(struct run *run, const struct iov_yaml **root);
enum iov_status rules_parameters(struct run *run, const struct iov_yaml *root);
/** `root` may be NULL. Every entry that is wrong is diagnosed at its place in the file. */
enum iov_status rules_maps(struct iov_module *module, const struct iov_yaml *root, struct iov_arena *arena,
			   struct iov_sink *sink);

/** The bytes of a YAML value in BTF type `type`: `size` bytes, zeroed before. False after a diagnostic. */
struct fill {
	const struct iov_btf *btf;
	bool big_endian;
	struct iov_sink *sink;
};
bool fill_value(const struct fill *f, uint32_t type, const struct iov_yaml *node, uint8_t *to, uint32_t size);

/** The recording through the program, `repeat` times; the first time also into the output file and the verdict list. */
enum iov_status replay(struct run *run);

/** Drain every ring buffer: records are counted and, when asked for, printed. */
void events_drain(struct run *run);

/** A progress bar on a terminal's standard error; nothing elsewhere, and nothing in the first half second. */
struct progress {
	bool on;
	uint64_t start_ns, next_ns;
};
void progress_start(struct progress *p);
void progress_show(struct progress *p, uint64_t done, uint64_t all);
void progress_end(struct progress *p);
uint64_t run_now(void);

/** The machine code of every loaded program, into the file of --code. */
enum iov_status code_write(struct run *run);

/** The report, text or JSON. */
void report(const struct run *run, struct iov_buf *out);
/** What the module holds: programs with their types, maps with their sizes; text or JSON. */
void list_module(const struct run *run, struct iov_buf *out);
/** Contents of maps in their BTF types. */
void report_maps(const struct run *run, struct iov_buf *out);
void report_maps_json(const struct run *run, struct iov_buf *out);

#endif
