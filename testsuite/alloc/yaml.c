/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/yaml/yaml.h"
#include "testsuite/alloc/alloc.h"

#include <string.h>

static const char good[] = "name: x\nlimits: {stack: 512, frames: 0x8}\nlist:\n  - a\n  - 'b c'\n  - {k: v, w: [1, 2]}\n"
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
