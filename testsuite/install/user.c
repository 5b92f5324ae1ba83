/* SPDX-License-Identifier: Apache-2.0 */
/* A user of the installed library: loads the module argv[1] and runs one packet through its first program. */
#include <iov/iov.h>
#include <stdio.h>
#include <string.h>

/* Names that libiov has inside, too: a user's own must not meet them. */
int btf_find(void);
int arena_alloc(void);
int btf_find(void) { return 7; }
int arena_alloc(void) { return 8; }

int main(int argc, char **argv)
{
	static uint8_t buffer[2048];
	struct iov_packet packet = {.buffer = buffer, .size = sizeof(buffer), .start = 256, .length = 60};
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *module = NULL;
	struct iov_worker *worker;
	char text[8192];
	uint32_t verdict = 99;

	if (argc != 2 || iov_module_open_file(argv[1], NULL, sink, &module) || iov_module_load(module, NULL, sink)) {
		iov_sink_render(sink, IOV_TEXT, text, sizeof(text));
		fputs(text, stderr);
		return 1;
	}
	worker = iov_worker_new(module, 0);
	if (!worker || iov_run(iov_module_program(module, NULL), worker, &packet, &verdict))
		return 2;
	printf("%s\n", iov_verdict_name(iov_module_program(module, NULL), verdict));
	iov_worker_free(worker);
	iov_module_close(module);
	iov_sink_free(sink);
	return btf_find() + arena_alloc() == 15 ? 0 : 3;
}
