// RUN: clang-19 -O2 -g -target bpf -I%top/stdlib/include -c %s -o %t.o
// RUN: iovrun --kconfig kconfig.config --set CONFIG_HZ=300 --in %top/testsuite/traffic/firewall.pcap --no-timing %t.o
// RUN: sed s/=250/=many/ kconfig.config > %t.bad; ! iovrun --kconfig %t.bad %t.o
// RUN: sed 's/12.2/12.2 with more than has room/' kconfig.config > %t.bad; ! iovrun --kconfig %t.bad %t.o
// RUN: grep -v BPF kconfig.config > %t.bad; ! iovrun --kconfig %t.bad %t.o
// RUN: gzip -cn kconfig.config > %t.gz; ! iovrun --kconfig %t.gz %t.o && ! iovrun --kconfig none %t.o
// NEEDS: clang-19
// A file of the kernel's configuration; --set goes before it.
typedef unsigned int u32;
typedef unsigned long long u64;
#define SEC(name) __attribute__((section(name), used))
#define __kconfig __attribute__((section(".kconfig")))
#define __weak __attribute__((weak))

enum libbpf_tristate { TRI_NO = 0, TRI_YES = 1, TRI_MODULE = 2 };

extern u32 CONFIG_HZ __kconfig;
extern _Bool CONFIG_BPF __kconfig;
extern enum libbpf_tristate CONFIG_NET __kconfig;
extern u64 CONFIG_BIG __kconfig;
extern char CONFIG_CC[24] __kconfig;
extern _Bool CONFIG_WEAK __kconfig __weak;
extern _Bool LINUX_HAS_SYSCALL_WRAPPER __kconfig;

SEC("xdp")
int prog(void *ctx)
{
	if (CONFIG_HZ != 300 || !CONFIG_BPF || CONFIG_NET != TRI_MODULE || CONFIG_BIG != 0xdeadbeefcafe || CONFIG_WEAK)
		return 0;
	return CONFIG_CC[0] == 'g' && CONFIG_CC[17] == 0 && !LINUX_HAS_SYSCALL_WRAPPER ? 2 : 1;
}
//= STDOUT
//| %tmp/out.o: xdp program prog (jit), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
//= STDERR
//| %tmp/out.bad:3: error: the value `many` for `CONFIG_HZ` is not a number, true, false or an enumerator of its type [IOV-R014]
//|     3 | CONFIG_HZ=many
//| %tmp/out.bad:8: error: the value `"gcc (Debian) 12.2 with more than has room"` for `CONFIG_CC` does not fit in the array, with the zero behind it [IOV-R014]
//|     8 | CONFIG_CC="gcc (Debian) 12.2 with more than has room"
//| iovrun: error: %tmp/out.o needs the kernel configuration value `CONFIG_BPF` [IOV-R011]
//|   hint: give it before loading: iovrun --set CONFIG_BPF=…, or --kconfig=FILE with a kernel's configuration; or declare it __weak: then it is 0 here
//| iovrun: error: %tmp/out.gz is compressed [IOV-B002]
//|   hint: decompress it: zcat %tmp/out.gz > config
//| iovrun: error: cannot read none: No such file or directory [IOV-B002]
