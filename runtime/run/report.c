/* SPDX-License-Identifier: Apache-2.0 */
/* What a run was: verdicts, speed, events, maps; as text for people, as one JSON document for programs. */
#include "runtime/run/run.h"
#include "asm/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_value(const void *a, const void *b)
{
	const struct run_verdict *x = a, *y = b;

	return x->value < y->value ? -1 : x->value > y->value;
}

static void sorted(const struct run *run, struct run_verdict *v)
{
	memcpy(v, run->verdicts, sizeof(run->verdicts));
	qsort(v, run->verdict_count, sizeof(*v), by_value);
}

static void verdict_name(const struct run *run, uint32_t value, char name[32])
{
	const char *known = iov_verdict_name(run->program, value);

	snprintf(name, 32, known ? "%s" : "%s%u", known ? known : "", value);
}

static const char *engine(const struct run *run)
{
	if (run->program->image->checked)
		return "checked";
	return iov_program_code_size(run->program) ? "jit" : "interp";
}

static double rate(const struct run *run)
{
	return run->nanoseconds ? (double)run->packets * 1e9 / (double)run->nanoseconds : 0;
}

static void text_timing(const struct run *run, struct iov_buf *out)
{
	double per_second = rate(run);

	if (run->options->no_timing || !run->packets)
		return;
	buf_printf(out, "\n%.3f ms, %.1f ns a packet, ", (double)run->nanoseconds / 1e6,
		   (double)run->nanoseconds / (double)run->packets);
	if (per_second >= 1e6)
		buf_printf(out, "%.2f million packets/s\n", per_second / 1e6);
	else
		buf_printf(out, "%.0f packets/s\n", per_second);
}

static void text_verdicts(const struct run *run, struct iov_buf *out)
{
	struct run_verdict v[RUN_VERDICTS];
	char name[32];

	sorted(run, v);
	buf_printf(out, ", %u frames", run->frames.count);
	if (run->frames.cut)
		buf_printf(out, ", %u of them recorded in part", run->frames.cut);
	buf_printf(out, "\n\n%-16s %12s %14s\n", "verdict", "packets", "bytes");
	for (uint32_t i = 0; i < run->verdict_count; i++) {
		verdict_name(run, v[i].value, name);
		buf_printf(out, "%-16s %12llu %14llu\n", name, (unsigned long long)v[i].packets,
			   (unsigned long long)v[i].bytes);
	}
	buf_printf(out, "%-16s %12llu %14llu\n", "total", (unsigned long long)run->packets,
		   (unsigned long long)run->bytes);
	text_timing(run, out);
}

static void text(const struct run *run, struct iov_buf *out)
{
	buf_printf(out, "%s: %s program %s (%s)", run->module->object->name, iov_program_type(run->program),
		   iov_program_name(run->program), engine(run));
	if (run->options->in)
		text_verdicts(run, out);
	else
		buf_puts(out, " is verified and loaded\n");
	if (run->events)
		buf_printf(out, "\nevents: %llu\n", (unsigned long long)run->events);
	buf_put(out, run->event_text.data, run->event_text.len);
	if (run->trace.len) {
		buf_puts(out, "\ntrace:\n");
		buf_put(out, run->trace.data, run->trace.len);
	}
	if (run->options->maps)
		report_maps(run, out);
}

static void json(const struct run *run, struct iov_buf *out)
{
	struct run_verdict v[RUN_VERDICTS];
	char name[32];

	sorted(run, v);
	buf_puts(out, "{\n  \"module\": ");
	text_json(out, run->module->object->name);
	buf_puts(out, ",\n  \"program\": ");
	text_json(out, iov_program_name(run->program));
	buf_printf(out, ",\n  \"type\": \"%s\",\n  \"engine\": \"%s\",\n  \"frames\": %u,\n"
			"  \"packets\": %llu,\n  \"bytes\": %llu,\n  \"verdicts\": [",
		   iov_program_type(run->program), engine(run), run->frames.count,
		   (unsigned long long)run->packets, (unsigned long long)run->bytes);
	for (uint32_t i = 0; i < run->verdict_count; i++) {
		verdict_name(run, v[i].value, name);
		buf_printf(out, "%s\n    {\"verdict\": %u, \"name\": \"%s\", \"packets\": %llu, \"bytes\": %llu}",
			   i ? "," : "", v[i].value, name, (unsigned long long)v[i].packets,
			   (unsigned long long)v[i].bytes);
	}
	buf_printf(out, "\n  ],\n  \"events\": %llu", (unsigned long long)run->events);
	if (!run->options->no_timing)
		buf_printf(out, ",\n  \"nanoseconds\": %llu,\n  \"packets_per_second\": %.0f",
			   (unsigned long long)run->nanoseconds, rate(run));
	if (run->options->events) {
		buf_puts(out, ",\n  \"records\": [");
		buf_put(out, run->event_text.data, run->event_text.len);
		buf_puts(out, "\n  ]");
	}
	if (run->trace.len) {
		struct iov_buf copy = run->trace;

		buf_puts(out, ",\n  \"trace\": ");
		text_json(out, buf_cstr(&copy) ? (const char *)copy.data : "");
	}
	if (run->options->maps)
		report_maps_json(run, out);
	buf_puts(out, "\n}\n");
}

void report(const struct run *run, struct iov_buf *out)
{
	if (run->options->json)
		json(run, out);
	else
		text(run, out);
}
