/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* A random use of a dynptr of any kind. */
extern int bpf_dynptr_from_skb(struct __sk_buff *s, __u64 flags, struct bpf_dynptr *ptr) __ksym;
extern int bpf_dynptr_from_xdp(struct xdp_md *x, __u64 flags, struct bpf_dynptr *ptr) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *p, __u32 off, void *buffer, __u32 size) __ksym;
extern void *bpf_dynptr_slice_rdwr(const struct bpf_dynptr *p, __u32 off, void *buffer, __u32 size) __ksym;
extern int bpf_dynptr_adjust(const struct bpf_dynptr *p, __u32 start, __u32 end) __ksym;
extern _Bool bpf_dynptr_is_null(const struct bpf_dynptr *p) __ksym;
extern _Bool bpf_dynptr_is_rdonly(const struct bpf_dynptr *p) __ksym;
extern __u32 bpf_dynptr_size(const struct bpf_dynptr *p) __ksym;
extern int bpf_dynptr_clone(const struct bpf_dynptr *p, struct bpf_dynptr *to) __ksym;

static __always_inline void use_dynptr(struct bpf_dynptr *p, __u64 flags)
{
	struct bpf_dynptr other;
	__u8 bytes[40] = {}, buffer[16] = {};
	__u8 *at;

	result(20, bpf_dynptr_is_null(p));
	result(21, bpf_dynptr_is_rdonly(p));
	result(22, bpf_dynptr_size(p));
	result(23, bpf_dynptr_clone(p, &other));
	if (roll(2))
		result(24, bpf_dynptr_adjust(&other, roll(40), roll(90)));
	result(25, bpf_dynptr_size(&other));
	result(26, bpf_dynptr_read(bytes, roll(32), &other, roll(60), flags));
	for (int i = 0; i < 40; i++)
		result(27, bytes[i]);
	bytes[7] = roll(256);
	result(28, bpf_dynptr_write(p, roll(70), bytes, roll(32), flags));
	at = bpf_dynptr_slice(&other, roll(70), buffer, 16);
	result(29, at ? at[0] + at[15] : -1);
	at = bpf_dynptr_slice_rdwr(p, roll(70), buffer, 16);
	if (at)
		at[3] ^= 0x55;
	result(30, at ? at[3] : -1);
	at = bpf_dynptr_data(&other, roll(30), 8);
	result(31, at ? at[0] : -1);
}
