/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* A host with a helper of its own: a meter that lets each source address send 1,000 bytes. It is C and C++:
 *
 *	cc router.c -o router $(pkg-config --cflags --libs iov)
 *	./router acme.yaml police.o
 *
 * prints what becomes of twelve packets. */
#include <iov/iov.h>

#include <stdio.h>
#include <string.h>

enum { SOURCES = 4, RATE = 1000, ROOM = 2048, HEADROOM = 256, ETH_HEADER = 14, PACKETS = 12 };

struct meter {
	uint32_t source[SOURCES], bytes[SOURCES];
};

/* As acme.yaml declares it: the key is good for key_size bytes, for the verifier has seen to that. */
static uint64_t acme_meter(uint64_t key, uint64_t key_size, uint64_t bytes, uint64_t r4, uint64_t r5,
			   struct iov_env *env)
{
	struct meter *m = (struct meter *)iov_env_data(env);
	uint32_t source = 0;

	(void)r4, (void)r5;
	memcpy(&source, (const void *)(uintptr_t)key, key_size < sizeof(source) ? (size_t)key_size : sizeof(source));
	for (int i = 0; i < SOURCES; i++) {
		if (m->bytes[i] && m->source[i] != source)
			continue;
		m->source[i] = source;
		m->bytes[i] += (uint32_t)bytes;
		return m->bytes[i] > RATE;
	}
	return 1; /* no room: not one more source */
}

static size_t make_packet(uint8_t *at, uint8_t source, uint16_t payload)
{
	uint8_t ip[20] = {0x45, 0, 0, 0, 0, 0, 0, 0, 64, 253, 0, 0, 10, 0, 0, 0, 10, 0, 0, 254};

	memset(at, 0, ETH_HEADER);
	at[12] = 0x08;
	ip[2] = (uint8_t)((payload + sizeof(ip)) >> 8);
	ip[3] = (uint8_t)(payload + sizeof(ip));
	ip[15] = source;
	memcpy(at + ETH_HEADER, ip, sizeof(ip));
	memset(at + ETH_HEADER + sizeof(ip), 0, payload);
	return ETH_HEADER + sizeof(ip) + payload;
}

static int forward(const struct iov_program *police, struct iov_worker *worker)
{
	static uint8_t buffer[ROOM];

	for (int i = 0; i < PACKETS; i++) {
		struct iov_packet packet;
		uint32_t verdict;

		memset(&packet, 0, sizeof(packet));
		packet.buffer = buffer;
		packet.size = sizeof(buffer);
		packet.start = HEADROOM;
		packet.length = make_packet(buffer + HEADROOM, (uint8_t)(i % 3), (uint16_t)(i % 3 * 200 + 100));
		if (iov_run(police, worker, &packet, &verdict))
			return 1;
		printf("10.0.0.%d, %zu bytes: %s\n", i % 3, packet.length, iov_verdict_name(police, verdict));
	}
	return 0;
}

int main(int argc, char **argv)
{
	static char text[8192];
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_platform *acme = NULL;
	struct iov_module *module = NULL;
	struct iov_worker *worker = NULL;
	struct iov_load_options options;
	struct meter meter;
	int failed = 1;

	memset(&options, 0, sizeof(options));
	memset(&meter, 0, sizeof(meter));
	if (argc == 3 && sink && !iov_platform_open_file(argv[1], NULL, sink, &acme) &&
	    !iov_module_open_file(argv[2], NULL, sink, &module)) {
		options.own_platform = acme;
		if (!iov_helper_register(module, "acme_meter", acme_meter, sink) &&
		    !iov_module_load(module, &options, sink))
			worker = iov_worker_new(module, 0);
	}
	if (worker) {
		iov_worker_set_data(worker, &meter);
		failed = forward(iov_module_program(module, "police"), worker);
	} else if (sink) {
		iov_sink_render(sink, IOV_TEXT, text, sizeof(text));
		fputs(text, stderr);
	}
	iov_worker_free(worker);
	iov_module_close(module);
	iov_platform_close(acme);
	iov_sink_free(sink);
	return failed;
}
