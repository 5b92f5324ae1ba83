/* SPDX-License-Identifier: Apache-2.0 */
/* Objects through the whole of libiov: read, verify, load, run in the interpreter. What the verifier takes is run on
 * packets whose buffers end where the packet does, so that an access that should not have been accepted is caught. The
 * mutator changes instructions as often as bytes, else hardly anything gets past the reader. */
#include <iov/iov.h>

#include <stdlib.h>
#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADROOM = 256, LENGTHS = 4, TEXT_START = 64 };

/* One field of one 8-byte slot. */
static void change_slot(uint8_t *slot, unsigned seed)
{
	static const uint8_t codes[] = {0x07, 0x0f, 0x17, 0x1f, 0x57, 0x67, 0x77, 0xb7, 0xbf, 0xbc, 0x0c, 0xc7, 0xb4,
					0x05, 0x15, 0x1d, 0x25, 0x2d, 0xad, 0xbd, 0x3d, 0xc5, 0xa5, 0x61, 0x69, 0x71,
					0x79, 0x81, 0x63, 0x6b, 0x73, 0x7b, 0x62, 0x7a, 0xdb, 0xc3, 0x85, 0x95, 0x18};
	int16_t step = (int16_t)((seed >> 8) % 17 - 8);
	int16_t off;

	switch (seed % 6) {
	case 0:
		slot[0] = codes[(seed >> 8) % sizeof(codes)];
		break;
	case 1:
		slot[1] = (uint8_t)((slot[1] & 0xf0) | (seed >> 8) % 11);
		break;
	case 2:
		slot[1] = (uint8_t)((slot[1] & 0x0f) | (seed >> 8) % 11 << 4);
		break;
	case 3:
		memcpy(&off, slot + 2, 2);
		off = (int16_t)(off + step);
		memcpy(slot + 2, &off, 2);
		break;
	case 4:
		slot[4 + (seed >> 8) % 4] = (uint8_t)(seed >> 16);
		break;
	case 5:
		slot[4] = (uint8_t)(slot[4] + step);
		break;
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	if (size < TEXT_START + 16 || seed % 4 == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	for (unsigned i = 0; i <= seed % 3; i++, seed = seed * 1103515245 + 12345) {
		size_t slots = (size - TEXT_START) / 8;

		/* Code stands near the start of an object. */
		change_slot(data + TEXT_START + (seed >> 4) % (slots < 200 ? slots : 200) * 8, seed * 2654435761u >> 3);
	}
	return size;
}

static void run_packets(const struct iov_program *program, struct iov_worker *w)
{
	static const size_t lengths[LENGTHS] = {0, 14, 60, 300};

	for (int i = 0; i < LENGTHS; i++) {
		struct iov_packet p = {.size = HEADROOM + lengths[i], .start = HEADROOM, .length = lengths[i]};
		uint32_t verdict;

		p.buffer = malloc(p.size);
		if (!p.buffer)
			abort();
		for (size_t at = 0; at < p.size; at++)
			p.buffer[at] = (uint8_t)(at * 37 + (size_t)i);
		if (iov_run(program, w, &p, &verdict) || p.start + p.length > p.size)
			abort();
		free(p.buffer);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct iov_load_options options = {.engine = IOV_ENGINE_INTERPRETER, .seed = 1, .max_map_bytes = 4 << 20,
						 .verify_budget = 20000};
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *m = NULL;

	if (!iov_module_open(data, size, "fuzz.o", NULL, sink, &m) && !iov_module_load(m, &options, sink)) {
		struct iov_worker *w = iov_worker_new(m, 0);

		for (size_t i = 0; iov_module_program_at(m, i); i++)
			run_packets(iov_module_program_at(m, i), w);
		iov_worker_free(w);
	}
	iov_module_close(m);
	iov_sink_free(sink);
	return 0;
}
