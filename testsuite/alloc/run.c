/* SPDX-License-Identifier: Apache-2.0 */
/* iovrun as a library. What it prints goes to /dev/null, where the harness's children write. */
#include "runtime/run/run.h"
#include "testsuite/alloc/alloc.h"

static const char recording[] = "testsuite/traffic/firewall.pcap";

enum iov_status alloc_rec_read(struct alloc_run *run)
{
	struct rec_frames frames;

	return rec_read(recording, &run->arena, &run->sink, &frames);
}

enum iov_status alloc_rec_write(struct alloc_run *run)
{
	static const uint8_t bytes[60];
	const struct rec_frame frame = {.data = bytes, .len = 60, .wire_len = 60, .time_ns = 1};
	struct rec_writer w;

	rec_write_start(&w, run->alloc);
	for (int i = 0; i < 100; i++)
		rec_write_frame(&w, &frame);
	return rec_write_end(&w, "/dev/null", &run->sink);
}

static enum iov_status tool(struct alloc_run *run, struct run_options *options)
{
	const char *module[] = {run->object_path};
	const struct iov_option_list operands = {module, 1};
	enum iov_status status = run_tool(options, &operands, &run->arena, &run->sink);

	return status == IOV_USAGE ? IOV_DIAGNOSED : status;
}

enum iov_status alloc_run_text(struct alloc_run *run)
{
	return tool(run, &(struct run_options){.in = recording,
					       .out = "/dev/null",
					       .rules = "testsuite/alloc/rules.yaml",
					       .verdicts = "/dev/null",
					       .maps = true,
					       .events = true});
}

enum iov_status alloc_run_json(struct alloc_run *run)
{
	return tool(run, &(struct run_options){.in = recording, .json = true, .maps = true, .events = true});
}
