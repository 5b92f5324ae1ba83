/* What the target has: `flags` has moved, `seen` is gone. */
struct port {
	unsigned long long id;
	unsigned long long name[4];
	unsigned int flags;
};
