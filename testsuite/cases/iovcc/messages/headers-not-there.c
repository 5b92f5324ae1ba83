// RUN: iovcc -DOLD -c %s -o %t.o; iovcc -nostdlibinc -c %s -o %t.o
// EXIT: 1
#ifdef OLD
struct bpf_iter_num;
#include <bpf/bpf_helpers.h>
int count(void)
{
	int i, sum = 0;

	bpf_for(i, 0, 9)
		sum += i;
	return sum;
}
#else
#include <linux/bpf.h>
#endif
//= STDERR
//| headers-not-there.c:10:2: error: variable has incomplete type 'struct bpf_iter_num' [IOV-C001]
//|    10 |         bpf_for(i, 0, 9)
//|       |         ^~~~~~~
//| /<iov>/include/bpf/bpf_helpers.h:116:28: note: expanded from macro '___iov_join_'
//|   116 | #define ___iov_join_(a, b) a##b
//|       |                            ^
//| /<iov>/include/bpf/bpf_helpers.h:117:28: note: expanded from macro '___iov_join'
//|   117 | #define ___iov_join(a, b)  ___iov_join_(a, b)
//|       |                            ^
//| /<iov>/include/bpf/bpf_helpers.h:186:29: note: expanded from macro '___iov_unique'
//|   186 | #define ___iov_unique(name) ___iov_join(___iov_join(___, name), __LINE__)
//|       |                             ^
//| /<iov>/include/bpf/bpf_helpers.h:194:27: note: expanded from macro 'bpf_for'
//|   194 |         for (struct bpf_iter_num ___iov_unique(it) __attribute__((aligned(8), cleanup(bpf_iter_num_destroy))),...
//|       |                                  ^
//| headers-not-there.c:4:8: note: forward declaration of 'struct bpf_iter_num'
//|     4 | struct bpf_iter_num;
//|       |        ^~~~~~~~~~~~
//|   hint: vmlinux.h has it, and linux/bpf.h from Linux 6.4 on
//| headers-not-there.c:15:10: error: 'linux/bpf.h' file not found [IOV-C003]
//|    15 | #include <linux/bpf.h>
//|       |          ^~~~~~~~~~~~~
//|   hint: it is one of the kernel's headers for user space (Debian: linux-libc-dev); or include "vmlinux.h", which iovcc has
