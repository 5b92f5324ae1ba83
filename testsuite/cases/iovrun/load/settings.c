// RUN: clang-19 -O2 -g -target bpf -I%top/stdlib/include -c %s -o %t.o
// RUN: iovrun %t.o; iovrun --set CONFIG_HZ=many %t.o; for e in interp jit; do iovrun --engine=$e --set CONFIG_HZ=250 --set CONFIG_BPF=y --set CONFIG_NET=m --set CONFIG_LETTER=m --in %top/testsuite/traffic/firewall.pcap --no-timing --maps %t.o; done
// NEEDS: clang-19
// The kernel's configuration, as libbpf would give it: what the module asks for is set like a parameter.
typedef unsigned int u32;
typedef unsigned char u8;
#define SEC(name) __attribute__((section(name), used))
#define __kconfig __attribute__((section(".kconfig")))
#define __weak __attribute__((weak))

enum libbpf_tristate { TRI_NO = 0, TRI_YES = 1, TRI_MODULE = 2 };

extern u32 LINUX_KERNEL_VERSION __kconfig;
extern u32 CONFIG_HZ __kconfig;
extern _Bool CONFIG_BPF __kconfig;
extern enum libbpf_tristate CONFIG_NET __kconfig;
extern char CONFIG_LETTER __kconfig;
extern u32 CONFIG_ABSENT __kconfig __weak;

u32 version, hz, bpf, net, letter, absent;

SEC("xdp")
int prog(void *ctx)
{
	version = LINUX_KERNEL_VERSION;
	hz = CONFIG_HZ;
	bpf = CONFIG_BPF;
	net = CONFIG_NET;
	letter = CONFIG_LETTER;
	absent = CONFIG_ABSENT;
	return 2;
}
//= STDOUT
//| %tmp/out.o: xdp program prog (interp), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
//|
//| map .bss (array, room for 1)
//|   { .version = 396288, .hz = 250, .bpf = 1, .net = 2, .letter = 109, .absent = 0 }
//| %tmp/out.o: xdp program prog (jit), 401 frames
//|
//| verdict               packets          bytes
//| XDP_PASS                  401          64709
//| total                     401          64709
//|
//| map .bss (array, room for 1)
//|   { .version = 396288, .hz = 250, .bpf = 1, .net = 2, .letter = 109, .absent = 0 }
//= STDERR
//| iovrun: error: %tmp/out.o needs the kernel configuration value `CONFIG_HZ` [IOV-R011]
//|   hint: give it before loading: iovrun --set CONFIG_HZ=…, or --kconfig=FILE with a kernel's configuration; or declare it __weak: then it is 0 here
//| iovrun: error: the value `many` for `CONFIG_HZ` is not a number, true, false or an enumerator of its type [IOV-R014]
