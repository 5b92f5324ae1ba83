/* SPDX-License-Identifier: Apache-2.0 */
/* Dynptrs: helpers and kernel functions (kernel documents: bpf/kfuncs.rst, uapi linux/bpf.h). Packets are one piece of
 * memory here, so a slice always points into the packet and its buffer is left alone. */
#include "runtime/dynptr.h"
#include "runtime/kfuncs.h"

#include <string.h>

#define READONLY 0x80000000u
enum { KIND_SHIFT = 24, MAX_PACKET = 0xffff, MOST_SAMPLES = 128 << 10 };

static struct dynptr *window(uint64_t r) { return helper_ptr(r); }
static uint32_t size_of(const struct dynptr *p) { return p->size & DYNPTR_MOST; }
static enum iov_dynptr kind_of(const struct dynptr *p) { return p->size >> KIND_SHIFT & 0x7f; }
static bool readonly(const struct dynptr *p) { return p->size & READONLY; }
static bool of_packet(const struct dynptr *p) { return kind_of(p) == IOV_DYNPTR_SKB || kind_of(p) == IOV_DYNPTR_XDP; }

void dynptr_init(struct dynptr *p, void *data, enum iov_dynptr kind, uint32_t size, bool is_readonly)
{
	*p = (struct dynptr){.data = data, .size = size | (uint32_t)kind << KIND_SHIFT | (is_readonly ? READONLY : 0)};
}

static uint64_t refuse(struct dynptr *p, int64_t error)
{
	*p = (struct dynptr){0};
	return helper_err(error);
}

static bool inside(const struct dynptr *p, uint64_t off, uint64_t len)
{
	return len <= size_of(p) && off <= size_of(p) - len;
}

void *dynptr_at(const struct dynptr *p, uint64_t off, uint64_t len)
{
	const struct iov_ctx *ctx = p->data;
	uint64_t at = p->offset + off;

	if (!p->data || !inside(p, off, len))
		return NULL;
	if (!of_packet(p))
		return (uint8_t *)p->data + at;
	if (kind_of(p) == IOV_DYNPTR_XDP && (at > MAX_PACKET || len > MAX_PACKET))
		return NULL;
	return at + len <= (uint64_t)(ctx->data_end - ctx->data) ? ctx->data + at : NULL;
}

uint64_t helper_dynptr_from_mem(uint64_t data, uint64_t size, uint64_t flags, uint64_t to, uint64_t r5,
				struct iov_env *env)
{
	(void)r5, (void)env;
	if ((uint32_t)size > DYNPTR_MOST)
		return refuse(window(to), -E2BIG);
	if (flags)
		return refuse(window(to), -EINVAL);
	dynptr_init(window(to), helper_ptr(data), IOV_DYNPTR_LOCAL, (uint32_t)size, false);
	return 0;
}

uint64_t helper_ringbuf_reserve_dynptr(uint64_t map, uint64_t size, uint64_t flags, uint64_t to, uint64_t r5,
				       struct iov_env *env)
{
	void *sample;

	(void)r5, (void)env;
	if (flags)
		return refuse(window(to), -EINVAL);
	if ((uint32_t)size > DYNPTR_MOST)
		return refuse(window(to), -E2BIG);
	sample = ring_reserve(helper_ptr(map), (uint32_t)size, 0);
	if (!sample)
		return refuse(window(to), -EINVAL);
	dynptr_init(window(to), sample, IOV_DYNPTR_RINGBUF, (uint32_t)size, false);
	return 0;
}

static void commit(struct dynptr *p, uint64_t flags, bool discard)
{
	if (p->data)
		ring_commit(p->data, flags, discard);
	*p = (struct dynptr){0};
}

uint64_t helper_ringbuf_submit_dynptr(uint64_t p, uint64_t flags, uint64_t r3, uint64_t r4, uint64_t r5,
				      struct iov_env *env)
{
	IOV_UNUSED(r3, r4, r5, env);
	commit(window(p), flags, false);
	return 0;
}

uint64_t helper_ringbuf_discard_dynptr(uint64_t p, uint64_t flags, uint64_t r3, uint64_t r4, uint64_t r5,
				       struct iov_env *env)
{
	IOV_UNUSED(r3, r4, r5, env);
	commit(window(p), flags, true);
	return 0;
}

/* What reading or writing a packet outside its bytes gives. */
static int64_t outside(const struct dynptr *p, uint64_t off, uint64_t len)
{
	if (kind_of(p) == IOV_DYNPTR_XDP)
		return p->offset + off > MAX_PACKET || len > MAX_PACKET ? -EFAULT : -EINVAL;
	return -EFAULT;
}

static int64_t read_window(const struct dynptr *p, uint64_t off, void *to, uint64_t len)
{
	const void *at;

	if (!inside(p, off, len))
		return -E2BIG;
	at = dynptr_at(p, off, len);
	if (at) {
		memmove(to, at, len);
		return 0;
	}
	if (kind_of(p) == IOV_DYNPTR_SKB)
		memset(to, 0, len);
	return outside(p, off, len);
}

static int64_t write_window(const struct dynptr *p, uint64_t off, const void *from, uint64_t len)
{
	void *at;

	if (!inside(p, off, len))
		return -E2BIG;
	at = dynptr_at(p, off, len);
	if (!at)
		return outside(p, off, len);
	memmove(at, from, len);
	return 0;
}

uint64_t helper_dynptr_read(uint64_t to, uint64_t len, uint64_t p, uint64_t off, uint64_t flags, struct iov_env *env)
{
	(void)env;
	if (!window(p)->data || flags)
		return helper_err(-EINVAL);
	return helper_err(read_window(window(p), (uint32_t)off, helper_ptr(to), (uint32_t)len));
}

uint64_t helper_dynptr_write(uint64_t p, uint64_t off, uint64_t from, uint64_t len, uint64_t flags,
			     struct iov_env *env)
{
	const struct dynptr *w = window(p);

	if (!w->data || readonly(w))
		return helper_err(-EINVAL);
	if (!inside(w, (uint32_t)off, (uint32_t)len))
		return helper_err(-E2BIG);
	if (kind_of(w) == IOV_DYNPTR_SKB)
		return helper_skb_store_bytes((uintptr_t)w->data, w->offset + (uint32_t)off, from, len, flags, env);
	return helper_err(flags ? -EINVAL : write_window(w, (uint32_t)off, helper_ptr(from), (uint32_t)len));
}

uint64_t helper_dynptr_data(uint64_t p, uint64_t off, uint64_t len, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	const struct dynptr *w = window(p);

	(void)r4, (void)r5, (void)env;
	return of_packet(w) || readonly(w) ? 0 : (uintptr_t)dynptr_at(w, (uint32_t)off, (uint32_t)len);
}

struct drain {
	struct iov_env *env;
	uint64_t fn, ctx;
};

static int drain_one(void *ud, const void *data, size_t len)
{
	struct drain *d = ud;
	struct dynptr sample;

	dynptr_init(&sample, (void *)(uintptr_t)data, IOV_DYNPTR_LOCAL, (uint32_t)len, false);
	return env_callback(d->env, d->fn, (uintptr_t)&sample, d->ctx, 0, 0, 0) != 0;
}

uint64_t helper_user_ringbuf_drain(uint64_t map, uint64_t fn, uint64_t ctx, uint64_t flags, uint64_t r5,
				   struct iov_env *env)
{
	enum { NO_WAKEUP = 1, FORCE_WAKEUP = 2 };
	struct drain d = {.env = env, .fn = fn, .ctx = ctx};
	uint64_t samples;

	(void)r5;
	if (flags & ~(uint64_t)(NO_WAKEUP | FORCE_WAKEUP))
		return helper_err(-EINVAL);
	if (!ring_claim(helper_ptr(map)))
		return helper_err(-EBUSY);
	samples = ring_consume(helper_ptr(map), MOST_SAMPLES, drain_one, &d);
	ring_release(helper_ptr(map));
	return samples;
}

/* --- Kernel functions. ------------------------------------------------------------------------------------------- */

uint64_t kfunc_dynptr_from_skb(uint64_t c, uint64_t flags, uint64_t to, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	const struct iov_ctx *ctx = helper_ptr(c);

	(void)r4, (void)r5;
	if (flags)
		return refuse(window(to), -EINVAL);
	dynptr_init(window(to), helper_ptr(c), IOV_DYNPTR_SKB, (uint32_t)(ctx->data_end - ctx->data),
		    !helper_type(env)->packet_write);
	return 0;
}

uint64_t kfunc_dynptr_from_xdp(uint64_t c, uint64_t flags, uint64_t to, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	const struct iov_ctx *ctx = helper_ptr(c);

	(void)r4, (void)r5, (void)env;
	if (flags)
		return refuse(window(to), -EINVAL);
	dynptr_init(window(to), helper_ptr(c), IOV_DYNPTR_XDP, (uint32_t)(ctx->data_end - ctx->data), false);
	return 0;
}

uint64_t kfunc_dynptr_slice(uint64_t p, uint64_t off, uint64_t buffer, uint64_t len, uint64_t r5, struct iov_env *env)
{
	(void)buffer, (void)r5, (void)env;
	return (uintptr_t)dynptr_at(window(p), (uint32_t)off, (uint32_t)len);
}

uint64_t kfunc_dynptr_slice_rdwr(uint64_t p, uint64_t off, uint64_t buffer, uint64_t len, uint64_t r5,
				 struct iov_env *env)
{
	return readonly(window(p)) ? 0 : kfunc_dynptr_slice(p, off, buffer, len, r5, env);
}

uint64_t kfunc_dynptr_adjust(uint64_t p, uint64_t start, uint64_t end, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	struct dynptr *w = window(p);
	uint32_t from = (uint32_t)start, to = (uint32_t)end;

	(void)r4, (void)r5, (void)env;
	if (!w->data || from > to)
		return helper_err(-EINVAL);
	if (to > size_of(w))
		return helper_err(-ERANGE);
	w->offset += from;
	w->size = (w->size & ~(uint32_t)DYNPTR_MOST) | (to - from);
	return 0;
}

uint64_t kfunc_dynptr_is_null(uint64_t p, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r2, r3, r4, r5, env);
	return !window(p)->data;
}

uint64_t kfunc_dynptr_is_rdonly(uint64_t p, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r2, r3, r4, r5, env);
	return window(p)->data && readonly(window(p));
}

uint64_t kfunc_dynptr_size(uint64_t p, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r2, r3, r4, r5, env);
	return window(p)->data ? size_of(window(p)) : (uint32_t)-EINVAL;
}

uint64_t kfunc_dynptr_clone(uint64_t p, uint64_t to, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env)
{
	IOV_UNUSED(r3, r4, r5, env);
	*window(to) = *window(p);
	return window(p)->data ? 0 : helper_err(-EINVAL);
}

uint64_t kfunc_dynptr_copy(uint64_t to, uint64_t to_off, uint64_t from, uint64_t from_off, uint64_t len,
			   struct iov_env *env)
{
	const struct dynptr *w = window(to);
	const void *bytes;

	(void)env;
	if (!inside(w, to_off, len) || !inside(window(from), from_off, len))
		return helper_err(-E2BIG);
	bytes = dynptr_at(window(from), from_off, len);
	if (!w->data || readonly(w) || !window(from)->data)
		return helper_err(-EINVAL);
	return helper_err(bytes ? write_window(w, to_off, bytes, len) : outside(window(from), from_off, len));
}

uint64_t kfunc_dynptr_memset(uint64_t p, uint64_t off, uint64_t len, uint64_t byte, uint64_t r5, struct iov_env *env)
{
	const struct dynptr *w = window(p);
	void *at;

	(void)r5, (void)env;
	if (!w->data || readonly(w))
		return helper_err(-EINVAL);
	if (!inside(w, off, len))
		return helper_err(-E2BIG);
	at = dynptr_at(w, off, len);
	if (at)
		memset(at, (uint8_t)byte, len);
	return helper_err(at ? 0 : outside(w, off, len));
}
