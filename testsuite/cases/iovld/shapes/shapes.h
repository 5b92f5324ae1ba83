/* Structs that C lays out in every way that it knows; the module's and the host's are compared member by member. */
enum mode { MODE_OFF, MODE_ON = 7 };
union pair {
	__u32 whole;
	__u16 half[2];
};
struct inner {
	__u8 tag;
	__u64 count;
};
struct plain {
	__u8 a;
	__u16 b;
	__u32 c;
	__u64 d;
	__u8 tail;
};
struct squeezed {
	__u8 a;
	__u32 b;
	struct inner in;
	__u64 c;
} __attribute__((packed));
struct spread {
	__u8 a;
	__u32 b __attribute__((aligned(16)));
	__u8 c;
} __attribute__((aligned(64)));
struct nested {
	union {
		__u32 v4;
		struct {
			__u16 high, low;
		};
		__u8 v6[16];
	};
	struct inner rows[3];
	union pair pair;
	enum mode mode;
	struct {
		char name[5];
		__s8 sign;
	} label;
	void *where;
	_Bool set;
	__u8 grid[2][3];
};
struct fields {
	__u32 a : 3;
	__u32 b : 7;
	__u32 : 4;
	__u32 c : 10;
	__u8 d;
	__u16 e : 9;
	__u64 f : 33;
	enum mode g : 4;
	__u32 h;
};
struct words {
	__u32 class, new, private, this;
};
