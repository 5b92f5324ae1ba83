/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/yaml/platform_read.h"
#include "asm/yaml/yaml.h"
#include "testsuite/alloc/alloc.h"

#include <string.h>

static const char good[] =
	"name: x\nlimits: {stack: 512, frames: 0x8}\nlist:\n  - a\n  - 'b c'\n  - {k: v, w: [1, 2]}\n"
	"text: |\n  several\n  lines\nflag: true\n";
static const char bad[] = "name: x\nname: y\nlist: [a, &b c]\n";

static enum iov_status read_text(struct alloc_run *run, const char *text, const struct iov_yaml **root)
{
	return yml_read(text, strlen(text), "test.yaml", &run->arena, &run->sink, root);
}

enum iov_status alloc_yaml_read(struct alloc_run *run)
{
	const struct iov_yaml *root;

	return read_text(run, good, &root);
}

enum iov_status alloc_yaml_refused(struct alloc_run *run)
{
	const struct iov_yaml *root;

	return read_text(run, bad, &root);
}

enum iov_status alloc_yaml_getters(struct alloc_run *run)
{
	static const char *const words[] = {"alpha", "beta", NULL};
	const struct iov_yaml *root;
	enum iov_status status = read_text(run, good, &root);
	uint32_t choice;
	uint64_t number;
	bool flag;

	if (status != IOV_OK)
		return status;
	yml_uint(yml_get(root, "name"), "the number", 0, 10, &run->sink, &number);
	yml_choice(yml_get(root, "name"), "the word", words, &run->sink, &choice);
	yml_bool(yml_get(root, "name"), "the flag", &run->sink, &flag);
	return IOV_DIAGNOSED;
}

static const struct iov_platform *find_shipped(void *ud, const char *name)
{
	(void)ud;
	return platform_shipped(name);
}

enum iov_status alloc_platform_parse(struct alloc_run *run)
{
	static const char text[] =
		"name: npu\nsummary: s\ninherit: iovrun\nrules: {remove: [subprograms]}\nlimits: {stack: "
		"256}\nhelpers:\n"
		"  add:\n    - name: npu_x\n      id: 0x1001\n"
		"      declaration: \"s64 npu_x(struct xdp_md *ctx, const void *k, u32 n)\"\n      program_types: "
		"[xdp]\n"
		"  remove: [trace_printk]\nprogram_types:\n  - name: xdp\n    context: [data, data_end]\n"
		"  - {name: rx, id: 9001, context_name: md, context_size: 8, fields: [{name: a, offset: 0, size: "
		"4}]}\n";
	static const struct iov_platform_base base = {find_shipped, NULL};
	const struct iov_platform *platform;
	const struct iov_yaml *root;
	enum iov_status status = read_text(run, text, &root);

	return status == IOV_OK ? platform_parse(root, &base, &run->arena, &run->sink, &platform) : status;
}

enum iov_status alloc_platform_open(struct alloc_run *run)
{
	const struct iov_platform *platform;

	return platform_open("linux-6.13", &run->arena, &run->sink, &platform);
}

enum iov_status alloc_platform_print(struct alloc_run *run)
{
	struct iov_buf out = {.alloc = run->alloc};

	platform_print(platform_shipped("linux-6.12"), &out);
	return alloc_buf_status(&out);
}

enum iov_status alloc_platform_digest(struct alloc_run *run)
{
	uint8_t digest[IOV_SHA256_BYTES];

	return platform_digest(platform_shipped("linux-6.12"), run->alloc, digest);
}
