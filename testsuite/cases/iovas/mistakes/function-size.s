# RUN: iovas %s -o %t.o && iovdump -s %t.o
# A function without .size has size 0, which libbpf refuses: a warning, and the object is written
	.section xdp, "ax", @progbits
	.globl	bare
	.type	bare, @function
bare:
	r0 = 2
	exit

	.globl	sized
	.type	sized, @function
sized:
	r0 = 2
	exit
	.size	sized, .-sized

	.type	empty, @function
empty:	r0 = 1
	exit
	.size	empty, 0

	.func	best, global
	r0 = 1
	exit
	.endfunc
#= STDOUT
#|
#| symbols
#|   number      value       size  type      bind    section         name
#|        1         32          0  function  local   xdp             empty
#|        2          0          0  function  global  xdp             bare
#|        3         16         16  function  global  xdp             sized
#|        4         48         16  function  global  xdp             best
#= STDERR
#| function-size.s:6:1: warning: function bare has no size [IOV-A022]
#|     6 | bare:
#|       | ^~~~
#|   hint: write it as .func bare ... .endfunc, or end it with .size bare, .-bare
#| function-size.s:18:1: warning: function empty has no size [IOV-A022]
#|    18 | empty:  r0 = 1
#|       | ^~~~~
#|   hint: write it as .func empty ... .endfunc, or end it with .size empty, .-empty
