; RUN: iovas %s -o %t.o && iovverify --unlinked %t.o | sed "s/, [0-9.]* ms//"
; RUN: iovverify %t.o | sed "s/, [0-9.]* ms//"; :
; Without types, what another object defines is followed as far as it goes: a function returns any number, and where more
; than that is needed the path ends, and its end is named.
	.section xdp, "ax"
	.globl number
	.type number, @function
number:
	r1 = 1
	call scale
	if r0 > 10 goto no
	r0 = 1
	exit
no:
	r0 = 2
	exit
	.size number, .-number

	.globl pointer
	.type pointer, @function
pointer:
	r1 = 1
	call find
	if r0 == 0 goto none
	r0 = *(u8 *)(r0 + 0)
none:
	r0 = 2
	exit
	.size pointer, .-pointer

	.globl address
	.type address, @function
address:
	r1 = *(u32 *)(r1 + 16)
	if r1 == 0 goto out
	r1 = flows ll
	r2 = r10
	call 1
	r0 = *(u64 *)(r0 + 0)
out:
	r0 = 2
	exit
	.size address, .-address

	.globl stack
	.type stack, @function
stack:
	r1 = r10
	r1 += -8
	call fill
	r0 = *(u64 *)(r10 - 8)
	r0 &= 1
	exit
	.size stack, .-stack
;= STDOUT
;| %tmp/out.o: number (xdp) on iovrun: accepted as far as it goes; 7 instructions followed, 0 states
;| %tmp/out.o: pointer (xdp) on iovrun: accepted as far as it goes; 6 instructions followed, 1 state
;| %tmp/out.o: address (xdp) on iovrun: accepted as far as it goes; 5 instructions followed, 1 state
;| %tmp/out.o: stack (xdp) on iovrun: accepted as far as it goes; 3 instructions followed, 0 states
;| %tmp/out.o: number (xdp) on iovrun: rejected; 7 instructions followed, 0 states
;| %tmp/out.o: pointer (xdp) on iovrun: rejected; 6 instructions followed, 1 state
;| %tmp/out.o: address (xdp) on iovrun: rejected; 5 instructions followed, 1 state
;| %tmp/out.o: stack (xdp) on iovrun: rejected; 3 instructions followed, 0 states
;= STDERR
;| number:insn 0: note: number is checked, but for what other objects define: scale() [IOV-V019]
;|   hint: iovld links it with them, and checks the whole
;| pointer:insn 0: note: pointer is checked, but for what other objects define: find() [IOV-V019]
;|   why:  pointer:insn 3: what follows insn 3 is not checked: it depends on what such a function returns
;|   hint: iovld links it with them, and checks the whole
;| address:insn 0: note: address is checked, but for what other objects define: flows [IOV-V019]
;|   why:  address:insn 2: what follows insn 2 is not checked: there is no type of flows
;|   hint: iovld links it with them, and checks the whole
;| stack:insn 0: note: stack is checked, but for what other objects define: fill() [IOV-V019]
;|   why:  stack:insn 2: what follows insn 2 is not checked: there is no type of fill
;|   hint: iovld links it with them, and checks the whole
;| number:insn 1: error: scale is not defined in this object [IOV-O032]
;|   hint: link it with the object that defines scale (iovld), or declare it __ksym or __kconfig if the kernel has it
;| pointer:insn 1: error: find is not defined in this object [IOV-O032]
;|   hint: link it with the object that defines find (iovld), or declare it __ksym or __kconfig if the kernel has it
;| address:insn 2: error: flows is not defined in this object [IOV-O032]
;|   hint: link it with the object that defines flows (iovld), or declare it __ksym or __kconfig if the kernel has it
;| stack:insn 2: error: fill is not defined in this object [IOV-O032]
;|   hint: link it with the object that defines fill (iovld), or declare it __ksym or __kconfig if the kernel has it
