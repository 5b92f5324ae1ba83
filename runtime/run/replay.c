/* SPDX-License-Identifier: Apache-2.0 */
/* A recording through a program, in bursts of packets. Each is copied into a buffer with the headroom and tailroom that
 * Linux gives XDP programs, so that adjust_head and adjust_tail have the same limits. */
#include "runtime/run/run.h"
#include "asm/base/output.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
	HEADROOM = 256,
	LINUX_ROOM = 4096 - 320,
	TAILROOM = 512,
	SHOW_EVERY = 1024,
	DRAIN_EVERY = 64,
	BURST = 32,
	MAX_TRACE = 1 << 20
};

struct player {
	struct run *run;
	struct iov_worker *worker;
	struct iov_packet packets[BURST];
	uint32_t verdicts[BURST];
	uint64_t times[BURST]; /**< what the program reads as time for each packet */
	bool timers;           /**< maps have them: packets come one at a time, and what is due by then goes first */
	struct rec_writer out;
	struct progress progress;
	uint64_t clock_ns;     /**< time of the packet before: time never goes back */
	uint64_t pass_ns;      /**< shift of the recording's times in this pass */
};

uint64_t run_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t recorded_time(void *ud)
{
	const struct player *p = ud;

	return p->times[iov_worker_at(p->worker)];
}

static void trace_line(void *ud, const char *line)
{
	struct run *run = ud;
	size_t len = strlen(line);

	if (!run->first_pass || run->trace.len > MAX_TRACE)
		return;
	buf_puts(&run->trace, line);
	if (!len || line[len - 1] != '\n')
		buf_putc(&run->trace, '\n');
}

static bool named(const struct run *run, uint32_t verdict, const char *word)
{
	const char *name = iov_verdict_name(run->program, verdict), *last = name ? strrchr(name, '_') : NULL;
	char *end;
	unsigned long number = strtoul(word, &end, 0);

	if (end != word && !*end)
		return (uint32_t)number == verdict;
	return name && (!strcasecmp(name, word) || (last && !strcasecmp(last + 1, word)));
}

/* A misspelt verdict would keep nothing, in silence. */
static enum iov_status check_keep(const struct run *run)
{
	const struct iov_option_list *keep = &run->options->keep;

	for (size_t i = 0; i < keep->count; i++) {
		const char *word = keep->items[i];
		bool known = !strcasecmp(word, "all") || named(run, UINT32_MAX, word);
		char *end;

		strtoul(word, &end, 0);
		for (uint32_t verdict = 0; verdict < 32 && !known; verdict++)
			known = named(run, verdict, word);
		if (known || (end != word && !*end))
			continue;
		diag_hint(diag_add(run->sink, DIAG_USAGE, IOV_NOWHERE, "no verdict of %s programs is called `%s`",
				   iov_program_type(run->program), word),
			  "a number is always taken, and `all`");
		return IOV_USAGE;
	}
	return IOV_OK;
}

/* Which verdicts let a packet go on: by --keep, else those that do so in Linux. */
static bool goes_on(const struct run *run, uint32_t verdict)
{
	static const uint32_t xdp = 1 << 2 | 1 << 3 | 1 << 4, tc = 1 << 0 | 1 << 3 | 1 << 7;
	const struct iov_option_list *keep = &run->options->keep;
	const char *type = iov_program_type(run->program);

	for (size_t i = 0; i < keep->count; i++)
		if (!strcasecmp(keep->items[i], "all") || named(run, verdict, keep->items[i]))
			return true;
	if (keep->count)
		return false;
	if (!strcmp(type, "xdp"))
		return verdict < 32 && xdp >> verdict & 1;
	if (!strncmp(type, "sched_", 6) || !strncmp(type, "tc", 2))
		return verdict == UINT32_MAX || (verdict < 32 && tc >> verdict & 1);
	return verdict;
}

static void note(struct run *run, uint32_t verdict, uint64_t bytes)
{
	uint32_t i = 0;

	while (i < run->verdict_count && run->verdicts[i].value != verdict)
		i++;
	if (i == run->verdict_count && i < RUN_VERDICTS)
		run->verdicts[run->verdict_count++].value = verdict;
	i = i < RUN_VERDICTS ? i : RUN_VERDICTS - 1;
	run->verdicts[i].packets++;
	run->verdicts[i].bytes += bytes;
	run->packets++;
	run->bytes += bytes;
}

static void record(struct player *p, uint32_t index, const struct iov_packet *pkt, uint32_t verdict)
{
	struct run *run = p->run;
	const struct rec_frame *frame = &run->frames.at[index];
	const char *name = iov_verdict_name(run->program, verdict);

	if (run->options->verdicts)
		buf_printf(&run->verdict_csv, "%u,%u,%s,%zu,%u\n", index + 1, verdict, name ? name : "", pkt->length,
			   pkt->redirect_port);
	if (run->options->out && goes_on(run, verdict)) {
		uint32_t cut = frame->wire_len - frame->len, len = (uint32_t)pkt->length;

		rec_write_frame(&p->out, &(struct rec_frame){pkt->buffer + pkt->start, len, len + cut, frame->time_ns});
	}
}

static void arrive(struct player *p, const struct rec_frame *frame, uint32_t n)
{
	struct iov_packet *pkt = &p->packets[n];
	size_t room = frame->len + HEADROOM + TAILROOM;

	pkt->size = room > LINUX_ROOM ? room : LINUX_ROOM;
	pkt->start = HEADROOM;
	pkt->length = frame->len;
	pkt->meta = 0;
	pkt->mark = pkt->priority = 0;
	memcpy(pkt->buffer + HEADROOM, frame->data, frame->len);
	if (frame->time_ns + p->pass_ns > p->clock_ns)
		p->clock_ns = frame->time_ns + p->pass_ns;
	p->times[n] = p->clock_ns;
}

static enum iov_status burst(struct player *p, uint32_t from, uint32_t count)
{
	struct run *run = p->run;

	for (uint32_t n = 0; n < count; n++)
		arrive(p, &run->frames.at[from + n], n);
	if (p->timers)
		(void)iov_worker_run_timers(p->worker);
	if (iov_run_burst(run->program, p->worker, p->packets, count, p->verdicts)) {
		if (iov_worker_violation(p->worker))
			diag_add(run->sink, DIAG_CHECKED_VIOLATION, IOV_NOWHERE, "frame %u: %s",
				 from + (uint32_t)iov_worker_at(p->worker), iov_worker_violation(p->worker));
		return IOV_BUG;
	}
	for (uint32_t n = 0; n < count; n++) {
		note(run, p->verdicts[n], run->frames.at[from + n].len);
		if (run->first_pass)
			record(p, from + n, &p->packets[n], p->verdicts[n]);
	}
	return IOV_OK;
}

/* Events that are to be printed come out after their packet. */
static enum iov_status pass(struct player *p, uint64_t number)
{
	const struct rec_frames *f = &p->run->frames;
	uint64_t all = f->count * p->run->options->repeat;
	uint32_t most = p->run->options->events || p->timers ? 1 : BURST, count;
	enum iov_status status = IOV_OK;

	p->run->first_pass = number == 0;
	p->pass_ns = number && f->count ? number * (f->at[f->count - 1].time_ns - f->at[0].time_ns + 1000) : 0;
	for (uint32_t i = 0; !status && i < f->count; i += count) {
		count = f->count - i < most ? f->count - i : most;
		status = burst(p, i, count);
		if (most == 1 || (i + count) % DRAIN_EVERY == 0)
			events_drain(p->run);
		if (i % SHOW_EVERY == 0)
			progress_show(&p->progress, number * f->count + i, all);
	}
	events_drain(p->run);
	return status;
}

static enum iov_status play(struct player *p)
{
	struct run *run = p->run;
	enum iov_status status = IOV_OK;
	uint64_t start;

	progress_start(&p->progress);
	start = run_now();
	for (uint64_t i = 0; !status && i < run->options->repeat; i++)
		status = pass(p, i);
	run->nanoseconds = run_now() - start - run->untimed;
	progress_end(&p->progress);
	return status;
}

static enum iov_status finish(struct player *p, enum iov_status status)
{
	struct run *run = p->run;

	if (status || !run->options->out)
		rec_write_drop(&p->out);
	else
		status = rec_write_end(&p->out, run->options->out, run->sink);
	if (!status && run->options->verdicts)
		status = run->verdict_csv.failed ? IOV_NOMEM :
			 output_write(run->options->verdicts, run->verdict_csv.data, run->verdict_csv.len, run->sink);
	return status;
}

enum iov_status replay(struct run *run)
{
	struct player p = {.run = run, .worker = iov_worker_new(run->module, 0)};
	size_t longest = 0, each;
	uint8_t *buffers;
	enum iov_status status;

	for (uint32_t i = 0; i < run->frames.count; i++)
		longest = run->frames.at[i].len > longest ? run->frames.at[i].len : longest;
	each = longest + LINUX_ROOM + HEADROOM + TAILROOM;
	buffers = arena_alloc(run->arena, BURST * each);
	if (!p.worker || !buffers) {
		iov_worker_free(p.worker);
		return IOV_NOMEM;
	}
	for (uint32_t n = 0; n < BURST; n++) {
		p.packets[n].buffer = buffers + n * each;
		p.packets[n].ifindex = (uint32_t)run->options->port;
	}
	for (uint32_t i = 0; i < run->module->map_count; i++)
		p.timers |= run->module->maps[i]->timers != NULL;
	if (run->options->clock == RUN_CLOCK_PCAP)
		iov_worker_set_clock(p.worker, recorded_time, &p);
	iov_worker_set_trace(p.worker, trace_line, run);
	buf_puts(&run->verdict_csv, "packet,verdict,name,length,port\n");
	rec_write_start(&p.out, NULL);
	status = check_keep(run);
	status = finish(&p, status ? status : play(&p));
	iov_worker_free(p.worker);
	return status;
}
