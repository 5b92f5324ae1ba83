/* C and C++: the skeleton's structs are those of the module, and values go through them both ways. */
#include "types.h"
#include "skel.h"

#include <stdio.h>

#ifdef __cplusplus
#define class class_
#define new new_
#define private private_
#define this this_
#define _Bool bool
#endif
#include <linux/types.h>
#include "shapes.h"

#define SAME(type, member)                                                                                             \
	static_assert(offsetof(type, member) == offsetof(shapes_##type, member) &&                                     \
			      sizeof(((type *)0)->member) == sizeof(((shapes_##type *)0)->member),                     \
		      #type "." #member)
#define SIZE(type) static_assert(sizeof(type) == sizeof(shapes_##type), #type)
#define STRUCT(name)                                                                                                   \
	typedef struct name name##_t;                                                                                  \
	typedef struct shapes_##name shapes_##name##_t;                                                                \
	SIZE(name##_t)
STRUCT(inner);
SAME(inner_t, tag);
SAME(inner_t, count);
STRUCT(plain);
SAME(plain_t, b);
SAME(plain_t, c);
SAME(plain_t, d);
SAME(plain_t, tail);
STRUCT(squeezed);
SAME(squeezed_t, b);
SAME(squeezed_t, in);
SAME(squeezed_t, c);
STRUCT(spread);
SAME(spread_t, b);
SAME(spread_t, c);
STRUCT(nested);
SAME(nested_t, v4);
SAME(nested_t, low);
SAME(nested_t, v6);
SAME(nested_t, rows);
SAME(nested_t, pair);
SAME(nested_t, mode);
SAME(nested_t, label.sign);
SAME(nested_t, where);
SAME(nested_t, set);
SAME(nested_t, grid);
STRUCT(fields);
SAME(fields_t, d);
SAME(fields_t, h);

/* Bit-fields have no offset: write one in each struct, and compare the bytes. */
#define BITS(member, ours, value)                                                                                            \
	do {                                                                                                           \
		fields_t x;                                                                                            \
		shapes_fields_t y;                                                                                     \
		memset((void *)&x, 0, sizeof(x));                                                                      \
		memset((void *)&y, 0, sizeof(y));                                                                      \
		x.member = (value);                                                                                    \
		y.member = (ours);                                                                                     \
		if (memcmp(&x, &y, sizeof(x)))                                                                         \
			printf("bit-field %s is elsewhere\n", #member);                                                \
	} while (0)

static int run(struct shapes *s)
{
	uint32_t verdict = 0;
#ifdef SKEL_LIBIOV
	uint8_t frame[256 + 64] = {0};
	struct iov_worker *w = iov_worker_new(s->module, 0);
	struct iov_packet packet;

	memset(&packet, 0, sizeof(packet));
	packet.buffer = frame;
	packet.size = sizeof(frame);
	packet.start = 256;
	packet.length = 64;
	verdict = iov_run(shapes_program_open(s), w, &packet, &verdict) ? 0 : verdict;
	iov_worker_free(w);
#else
	uint8_t frame[64] = {0};
	LIBBPF_OPTS(bpf_test_run_opts, o, .data_in = frame, .data_size_in = sizeof(frame));

	if (!bpf_prog_test_run_opts(bpf_program__fd(shapes_program_open(s)), &o))
		verdict = o.retval;
#endif
	return (int)verdict;
}

int main(void)
{
	struct shapes *s = shapes_open();
	struct shapes_section_bss bss;
	struct shapes_section_data data;
	shapes_cores_slot slots[1024];
	shapes_cores_key key = 0;
	shapes_plain_key plain;
	shapes_plain_value squeezed, back;
	uint32_t sum = 0;

	BITS(a, 5, 5);
	BITS(b, 0x55, 0x55);
	BITS(c, 0x2aa, 0x2aa);
	BITS(e, 0x155, 0x155);
	BITS(f, 0x155555555, 0x155555555);
	BITS(g, shapes_MODE_ON, MODE_ON);
	memset(&plain, 1, sizeof(plain));
	memset(&squeezed, 2, sizeof(squeezed));
	if (!s || shapes_load(s) || shapes_cpus(shapes_map_cores(s)) > 1024)
		return puts("the module does not load"), 1;
	if (shapes_plain_update(s, &plain, &squeezed, 0) || shapes_plain_lookup(s, &plain, &back) ||
	    memcmp(&squeezed, &back, sizeof(back)))
		return puts("the value is another one"), 1;
	if (run(s) != 2 || run(s) != 2 || shapes_bss_read(s, &bss) || shapes_data_read(s, &data) ||
	    shapes_cores_lookup(s, &key, slots))
		return puts("the program does not run"), 1;
	for (unsigned i = 0; i < shapes_cpus(shapes_map_cores(s)); i++)
		sum += slots[i].value;
	printf("ticks %lld, this %u, cores %u\n", (long long)bss.ticks, data.words.this_, sum);
	shapes_close(s);
	return 0;
}
