// SPDX-License-Identifier: Apache-2.0
// RUN: iovcc -O2 -g -fno-iov-verify -c %s -o %t.o
// RUN: od -An -v -tx1 %t.o | iovrun --conformance --elf "01 02 03"
// RUN: od -An -v -tx1 %t.o | iovrun --conformance --elf
// RUN: echo b700000001000000 9500000000000000 | iovrun --conformance --engine=interp
// RUN: echo 7110020000000000 07000000ffff0000 9500000000000000 | iovrun --conformance aabbcc --engine=checked
// RUN: echo b700000001000000 95 | iovrun --conformance || true
// RUN: echo hello | iovrun --conformance || true
// RUN: echo b700000001000000 9500000000000000 | iovrun --conformance xyz || true
// RUN: echo 8510000009000000 9500000000000000 | iovrun --conformance || true
// RUN: echo 00 | iovrun --conformance --elf || true
// RUN: echo 7110030000000000 9500000000000000 | iovrun --conformance aabbcc || true
// RUN: iovrun --conformance aa bb || true
// RUN: od -An -v -tx1 %t.o | tr a-f A-F | iovrun "01 02 03" --conformance --engine=interp --elf
// RUN: echo b700000007000000 3700000000000000 9500000000000000 | iovrun --conformance || true
// RUN: echo 7112000000000000 0f21000000000000 7110000000000000 9500000000000000 | iovrun 0201FF --conformance --engine=jit
// RUN: echo 7112000000000000 0f21000000000000 7110000000000000 9500000000000000 | iovrun 0901FF --conformance || true
// RUN: echo 8500000006000000 9500000000000000 | iovrun --conformance || true
// RUN: echo ff00000000000000 9500000000000000 | iovrun --conformance || true
// RUN: echo 0500fdff00000000 9500000000000000 | iovrun --conformance || true
// RUN: echo 0500150000000000 9500000000000000 | iovrun --conformance || true
// RUN: iovrun --elf %t.o || true
// A plugin of the bpf_conformance suite: programs in hex, one number out.
unsigned long sum(unsigned char *memory, unsigned long length)
{
	unsigned long all = 0;

	for (unsigned long i = 0; i < length; i++)
		all += memory[i];
	return all;
}
//= STDOUT
//| 6
//| 0
//| 1
//| 100cb
//| 6
//| ff
//= STDERR
//| iovrun: error: a program is a number of instructions of 8 bytes each [IOV-R040]
//| iovrun: error: standard input is not the program's bytes in hexadecimal digits [IOV-R040]
//| iovrun: error: memory is not bytes in hexadecimal digits [IOV-R040]
//| iovrun: error: a call goes out of the program [IOV-R040]
//| (standard input): error: this is not an ELF file [IOV-O001]
//|   hint: a source is compiled first: iovcc -g -O2 -c FILE.c -o FILE.o, iovas FILE.s -o FILE.o
//| iovrun: error: the run ends where the program reads 1 bytes at offset 3 of a map value, which has 3 [IOV-R040]
//| (standard input):1: error: the read through r1 can lie outside a value of map `memory` [IOV-V026]
//|     1 | r0 = *(u8 *)(r1 + 3)
//|   at:   main:insn 0
//|   why:  the access covers bytes 3..3 of a value of map `memory`, which has 3
//|   path: 1. there is no branch before it: every run comes here
//|   hint: a value of map `memory` has 3 bytes: use a smaller offset or a smaller access
//| iovrun: error: --conformance takes one operand at most: memory in hex [IOV-B001]
//| (standard input):2: error: division by the constant 0 [IOV-V017]
//|     2 | r0 /= 0
//|   at:   main:insn 1
//| (standard input):3: warning: the verifier refuses this program: the read through r1 can lie outside a value of map `memory` [IOV-V026] [IOV-R041]
//|     3 | r0 = *(u8 *)(r1 + 0)
//|   at:   main:insn 2
//|   hint: it was run in the checked engine; no other runs what is not proved
//| iovrun: error: the run ends where the program reads 1 bytes at offset 9 of a map value, which has 3 [IOV-R040]
//| (standard input):3: error: the read through r1 can lie outside a value of map `memory` [IOV-V026]
//|     3 | r0 = *(u8 *)(r1 + 0)
//|   at:   main:insn 2
//|   why:  1 byte at offset 0..255 of a value of map `memory`, which has 3 bytes
//|   path: 1. there is no branch before it: every run comes here
//|   hint: bound the index first, as an unsigned number: `if (i >= N) return …;`
//| (standard input):1: error: iovrun does not offer bpf_trace_printk() [IOV-V040]
//|     1 | call 6
//|   at:   main:insn 0
//|   why:  Linux has it since 4.1
//|   path: 1. there is no branch before it: every run comes here
//|   hint: do without it, or choose a platform that has it: --platform=linux-6.18
//| (standard input):1: error: opcode 0xff (src 0, off 0, imm 0) is no instruction [IOV-V003]
//|     1 | ff00000000000000
//|   at:   main:insn 0
//| iovrun: error: a jump goes out of the program [IOV-R040]
//| (standard input):1: error: the jump leads to slot 22, which is no instruction of this function [IOV-V006]
//|     1 | goto +21
//|   at:   main:insn 0
//| iovrun: error: --elf belongs to --conformance: a module is an object anyway [IOV-B001]
