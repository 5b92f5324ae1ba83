/* SPDX-License-Identifier: Apache-2.0 */
/* Runs inside a guest kernel: loads each object given and says what the kernel said. Static, with libbpf. */
#include <bpf/libbpf.h>
#include <stdio.h>

static int silent(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

int main(int argc, char **argv)
{
	libbpf_set_print(silent);
	for (int i = 1; i < argc; i++) {
		struct bpf_object *object = bpf_object__open(argv[i]);

		printf("GUEST %s %s\n", argv[i], object && !bpf_object__load(object) ? "accepted" : "refused");
		fflush(stdout);
		bpf_object__close(object);
	}
	return 0;
}
