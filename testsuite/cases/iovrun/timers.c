// RUN: iovcc -O2 -g --platform=iovrun -c %s -o %t.o
// RUN: for e in interp jit; do iovrun --engine=$e --in %top/testsuite/traffic/firewall.pcap --no-timing --maps %t.o; done
// Timers: each length of frame has one that fires 2 ms after the last frame of that length, then 1 ms later, and then
// gives itself up; a frame of 66 bytes cancels its own, one of 74 bytes replaces its element, which takes the timer along.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct flow {
	__u64 frames;
	struct bpf_timer timer;
	__u64 fired;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 512);
	__type(key, __u32);
	__type(value, struct flow);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct flow);
} all SEC(".maps");

__u64 armed, busy, cancelled, fired, wrong;

static int tick(void *map, __u32 *key, struct flow *flow)
{
	fired++;
	if (bpf_timer_cancel(&flow->timer) != -35) /* its own: -EDEADLK */
		wrong++;
	if (flow->fired++ % 2 == 0)
		bpf_timer_start(&flow->timer, 1000000, 0);
	return 0;
}

SEC("xdp")
int timers(struct xdp_md *ctx)
{
	__u32 length = ctx->data_end - ctx->data, zero = 0;
	struct flow fresh = {}, *flow = bpf_map_lookup_elem(&flows, &length), *any = bpf_map_lookup_elem(&all, &zero);

	if (!flow) {
		bpf_map_update_elem(&flows, &length, &fresh, BPF_NOEXIST);
		flow = bpf_map_lookup_elem(&flows, &length);
	}
	if (!flow || !any)
		return XDP_ABORTED;
	flow->frames++;
	if (bpf_timer_init(&flow->timer, &flows, 1) == -16)
		busy++;
	wrong += bpf_timer_init(&flow->timer, &flows, 99) != -22;
	bpf_timer_set_callback(&flow->timer, tick);
	armed += !bpf_timer_start(&flow->timer, 2000000, 0);
	if (length == 66)
		cancelled += bpf_timer_cancel(&flow->timer);
	if (length == 74)
		bpf_map_update_elem(&flows, &length, &fresh, BPF_EXIST);
	if (!any->frames++) {
		wrong += bpf_timer_start(&any->timer, 1, 0) != -22;
		wrong += bpf_timer_init(&any->timer, &all, 0) != 0;
		wrong += bpf_timer_start(&any->timer, 1, 0) != -22;
		bpf_timer_set_callback(&any->timer, tick);
		wrong += bpf_timer_start(&any->timer, 1, 4) != -22;
		bpf_timer_start(&any->timer, 5000000, 0);
	}
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: xdp program timers (interp), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
//|
//| map flows (hash, room for 512)
//|   62: { .frames = 4, .timer = {}, .fired = 8 }
//|   46: { .frames = 2, .timer = {}, .fired = 2 }
//|   108: { .frames = 1, .timer = {}, .fired = 2 }
//|   124: { .frames = 1, .timer = {}, .fired = 2 }
//|   118: { .frames = 2, .timer = {}, .fired = 4 }
//|   123: { .frames = 1, .timer = {}, .fired = 2 }
//|   110: { .frames = 10, .timer = {}, .fired = 17 }
//|   1166: { .frames = 2, .timer = {}, .fired = 2 }
//|   91: { .frames = 8, .timer = {}, .fired = 14 }
//|   42: { .frames = 14, .timer = {}, .fired = 16 }
//|   90: { .frames = 3, .timer = {}, .fired = 6 }
//|   106: { .frames = 2, .timer = {}, .fired = 2 }
//|   98: { .frames = 8, .timer = {}, .fired = 16 }
//|   55: { .frames = 2, .timer = {}, .fired = 2 }
//|   94: { .frames = 21, .timer = {}, .fired = 18 }
//|   52: { .frames = 2, .timer = {}, .fired = 2 }
//|   121: { .frames = 1, .timer = {}, .fired = 2 }
//|   1410: { .frames = 5, .timer = {}, .fired = 2 }
//|   60: { .frames = 6, .timer = {}, .fired = 8 }
//|   95: { .frames = 1, .timer = {}, .fired = 2 }
//|   466: { .frames = 1, .timer = {}, .fired = 2 }
//|   164: { .frames = 1, .timer = {}, .fired = 2 }
//|   38: { .frames = 2, .timer = {}, .fired = 4 }
//|   132: { .frames = 1, .timer = {}, .fired = 2 }
//|   122: { .frames = 5, .timer = {}, .fired = 2 }
//|   6: { .frames = 1, .timer = {}, .fired = 0 }
//|   70: { .frames = 9, .timer = {}, .fired = 6 }
//|   1414: { .frames = 14, .timer = {}, .fired = 8 }
//|   19: { .frames = 1, .timer = {}, .fired = 2 }
//|   88: { .frames = 1, .timer = {}, .fired = 2 }
//|   41: { .frames = 2, .timer = {}, .fired = 4 }
//|   58: { .frames = 6, .timer = {}, .fired = 8 }
//|   128: { .frames = 1, .timer = {}, .fired = 2 }
//|   116: { .frames = 2, .timer = {}, .fired = 4 }
//|   92: { .frames = 2, .timer = {}, .fired = 4 }
//|   33: { .frames = 1, .timer = {}, .fired = 2 }
//|   734: { .frames = 1, .timer = {}, .fired = 2 }
//|   104: { .frames = 4, .timer = {}, .fired = 8 }
//|   53: { .frames = 2, .timer = {}, .fired = 4 }
//|   80: { .frames = 1, .timer = {}, .fired = 2 }
//|   76: { .frames = 6, .timer = {}, .fired = 12 }
//|   54: { .frames = 18, .timer = {}, .fired = 22 }
//|   56: { .frames = 4, .timer = {}, .fired = 6 }
//|   74: { .frames = 0, .timer = {}, .fired = 0 }
//|   75: { .frames = 1, .timer = {}, .fired = 2 }
//|   13: { .frames = 1, .timer = {}, .fired = 0 }
//|   1: { .frames = 1, .timer = {}, .fired = 1 }
//|   66: { .frames = 59, .timer = {}, .fired = 0 }
//|   1218: { .frames = 1, .timer = {}, .fired = 2 }
//|   666: { .frames = 2, .timer = {}, .fired = 2 }
//|   78: { .frames = 13, .timer = {}, .fired = 12 }
//|   15: { .frames = 1, .timer = {}, .fired = 2 }
//|   978: { .frames = 1, .timer = {}, .fired = 2 }
//|   73: { .frames = 1, .timer = {}, .fired = 2 }
//|   99: { .frames = 1, .timer = {}, .fired = 2 }
//|   134: { .frames = 1, .timer = {}, .fired = 2 }
//|   102: { .frames = 10, .timer = {}, .fired = 6 }
//|   50: { .frames = 3, .timer = {}, .fired = 4 }
//|   126: { .frames = 1, .timer = {}, .fired = 2 }
//|   83: { .frames = 2, .timer = {}, .fired = 2 }
//|   430: { .frames = 1, .timer = {}, .fired = 2 }
//|   34: { .frames = 1, .timer = {}, .fired = 2 }
//|   670: { .frames = 1, .timer = {}, .fired = 2 }
//|   718: { .frames = 2, .timer = {}, .fired = 2 }
//|   48: { .frames = 13, .timer = {}, .fired = 14 }
//|   68: { .frames = 4, .timer = {}, .fired = 4 }
//|   20: { .frames = 1, .timer = {}, .fired = 2 }
//|   49: { .frames = 1, .timer = {}, .fired = 2 }
//|   82: { .frames = 9, .timer = {}, .fired = 6 }
//|   86: { .frames = 33, .timer = {}, .fired = 16 }
//|   16: { .frames = 1, .timer = {}, .fired = 2 }
//|   111: { .frames = 3, .timer = {}, .fired = 6 }
//|   30: { .frames = 1, .timer = {}, .fired = 2 }
//|   84: { .frames = 10, .timer = {}, .fired = 18 }
//|   518: { .frames = 1, .timer = {}, .fired = 2 }
//|
//| map all (array, room for 1)
//|   0: { .frames = 401, .timer = {}, .fired = 2 }
//|
//| map .bss (array, room for 1)
//|   { .busy = 289, .wrong = 0, .armed = 401, .cancelled = 59, .fired = 366 }
//| %tmp/out.o: xdp program timers (jit), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
//|
//| map flows (hash, room for 512)
//|   62: { .frames = 4, .timer = {}, .fired = 8 }
//|   46: { .frames = 2, .timer = {}, .fired = 2 }
//|   108: { .frames = 1, .timer = {}, .fired = 2 }
//|   124: { .frames = 1, .timer = {}, .fired = 2 }
//|   118: { .frames = 2, .timer = {}, .fired = 4 }
//|   123: { .frames = 1, .timer = {}, .fired = 2 }
//|   110: { .frames = 10, .timer = {}, .fired = 17 }
//|   1166: { .frames = 2, .timer = {}, .fired = 2 }
//|   91: { .frames = 8, .timer = {}, .fired = 14 }
//|   42: { .frames = 14, .timer = {}, .fired = 16 }
//|   90: { .frames = 3, .timer = {}, .fired = 6 }
//|   106: { .frames = 2, .timer = {}, .fired = 2 }
//|   98: { .frames = 8, .timer = {}, .fired = 16 }
//|   55: { .frames = 2, .timer = {}, .fired = 2 }
//|   94: { .frames = 21, .timer = {}, .fired = 18 }
//|   52: { .frames = 2, .timer = {}, .fired = 2 }
//|   121: { .frames = 1, .timer = {}, .fired = 2 }
//|   1410: { .frames = 5, .timer = {}, .fired = 2 }
//|   60: { .frames = 6, .timer = {}, .fired = 8 }
//|   95: { .frames = 1, .timer = {}, .fired = 2 }
//|   466: { .frames = 1, .timer = {}, .fired = 2 }
//|   164: { .frames = 1, .timer = {}, .fired = 2 }
//|   38: { .frames = 2, .timer = {}, .fired = 4 }
//|   132: { .frames = 1, .timer = {}, .fired = 2 }
//|   122: { .frames = 5, .timer = {}, .fired = 2 }
//|   6: { .frames = 1, .timer = {}, .fired = 0 }
//|   70: { .frames = 9, .timer = {}, .fired = 6 }
//|   1414: { .frames = 14, .timer = {}, .fired = 8 }
//|   19: { .frames = 1, .timer = {}, .fired = 2 }
//|   88: { .frames = 1, .timer = {}, .fired = 2 }
//|   41: { .frames = 2, .timer = {}, .fired = 4 }
//|   58: { .frames = 6, .timer = {}, .fired = 8 }
//|   128: { .frames = 1, .timer = {}, .fired = 2 }
//|   116: { .frames = 2, .timer = {}, .fired = 4 }
//|   92: { .frames = 2, .timer = {}, .fired = 4 }
//|   33: { .frames = 1, .timer = {}, .fired = 2 }
//|   734: { .frames = 1, .timer = {}, .fired = 2 }
//|   104: { .frames = 4, .timer = {}, .fired = 8 }
//|   53: { .frames = 2, .timer = {}, .fired = 4 }
//|   80: { .frames = 1, .timer = {}, .fired = 2 }
//|   76: { .frames = 6, .timer = {}, .fired = 12 }
//|   54: { .frames = 18, .timer = {}, .fired = 22 }
//|   56: { .frames = 4, .timer = {}, .fired = 6 }
//|   74: { .frames = 0, .timer = {}, .fired = 0 }
//|   75: { .frames = 1, .timer = {}, .fired = 2 }
//|   13: { .frames = 1, .timer = {}, .fired = 0 }
//|   1: { .frames = 1, .timer = {}, .fired = 1 }
//|   66: { .frames = 59, .timer = {}, .fired = 0 }
//|   1218: { .frames = 1, .timer = {}, .fired = 2 }
//|   666: { .frames = 2, .timer = {}, .fired = 2 }
//|   78: { .frames = 13, .timer = {}, .fired = 12 }
//|   15: { .frames = 1, .timer = {}, .fired = 2 }
//|   978: { .frames = 1, .timer = {}, .fired = 2 }
//|   73: { .frames = 1, .timer = {}, .fired = 2 }
//|   99: { .frames = 1, .timer = {}, .fired = 2 }
//|   134: { .frames = 1, .timer = {}, .fired = 2 }
//|   102: { .frames = 10, .timer = {}, .fired = 6 }
//|   50: { .frames = 3, .timer = {}, .fired = 4 }
//|   126: { .frames = 1, .timer = {}, .fired = 2 }
//|   83: { .frames = 2, .timer = {}, .fired = 2 }
//|   430: { .frames = 1, .timer = {}, .fired = 2 }
//|   34: { .frames = 1, .timer = {}, .fired = 2 }
//|   670: { .frames = 1, .timer = {}, .fired = 2 }
//|   718: { .frames = 2, .timer = {}, .fired = 2 }
//|   48: { .frames = 13, .timer = {}, .fired = 14 }
//|   68: { .frames = 4, .timer = {}, .fired = 4 }
//|   20: { .frames = 1, .timer = {}, .fired = 2 }
//|   49: { .frames = 1, .timer = {}, .fired = 2 }
//|   82: { .frames = 9, .timer = {}, .fired = 6 }
//|   86: { .frames = 33, .timer = {}, .fired = 16 }
//|   16: { .frames = 1, .timer = {}, .fired = 2 }
//|   111: { .frames = 3, .timer = {}, .fired = 6 }
//|   30: { .frames = 1, .timer = {}, .fired = 2 }
//|   84: { .frames = 10, .timer = {}, .fired = 18 }
//|   518: { .frames = 1, .timer = {}, .fired = 2 }
//|
//| map all (array, room for 1)
//|   0: { .frames = 401, .timer = {}, .fired = 2 }
//|
//| map .bss (array, room for 1)
//|   { .busy = 289, .wrong = 0, .armed = 401, .cancelled = 59, .fired = 366 }
