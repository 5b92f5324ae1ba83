/* A host program over the skeleton: the same source for libbpf and for libiov. */
#include "chain.skel.h"

#include <stdio.h>

static int run(struct chain *s, uint32_t *verdict)
{
#ifdef SKEL_LIBIOV
	uint8_t frame[256 + 64] = {0};
	struct iov_worker *w = iov_worker_new(s->module, 0);
	struct iov_packet packet = {.buffer = frame, .size = sizeof(frame), .start = 256, .length = 64};
	int result = iov_run(chain_program_entry(s), w, &packet, verdict);

	iov_worker_free(w);
	return result;
#else
	uint8_t frame[64] = {0};
	LIBBPF_OPTS(bpf_test_run_opts, o, .data_in = frame, .data_size_in = sizeof(frame));
	int result = bpf_prog_test_run_opts(bpf_program__fd(chain_program_entry(s)), &o);

	*verdict = o.retval;
	return result;
#endif
}

int main(void)
{
	struct chain *s = chain_open();
	chain_hits_key key = 0;
	chain_hits_value hits = 0;
	chain_blocked_value yes = 1;
	uint32_t verdict;

	if (!s || chain_set_factor(s, 0) != -ERANGE || chain_set_factor(s, 7) || chain_set_port(s, 5353) ||
	    chain_load(s))
		return puts("the module does not load"), 1;
	for (int i = 0; i < 3; i++) {
		if (run(s, &verdict) || chain_hits_lookup(s, &key, &hits))
			return puts("the program does not run"), 1;
		printf("verdict %u, hits %llu\n", verdict, (unsigned long long)hits);
	}
	if (chain_blocked_update(s, &key, &yes, 0) || run(s, &verdict))
		return puts("the map cannot be changed"), 1;
	printf("verdict %u when blocked\n", verdict);
	chain_close(s);
	return 0;
}
