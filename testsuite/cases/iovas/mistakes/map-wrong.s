# RUN: iovas %s -o %t.o
# EXIT: 1
# Maps and programs that are said wrongly
	.map a, type=lru_hahs, key=4, value=8, entries=1
	.map b, type=hash, value=8, entries=1
	.map c, type=ringbuf, key=4, entries=4096
	.map d, type=array, key=8, value=8, entries=1
	.map e, type=hash, key=4, value=8, size=1
	.map f
	.map g, type=hash, key=struct nowhere, value=8, entries=1
	.program p
	.program q, type=xpd
	.param r, u24, 5
	.param t, u8, 256
	.license GPL
	.program ok, type=xdp
	r0 = 2
	exit
#= STDERR
#| map-wrong.s:4:15: error: there is no map type 'lru_hahs' [IOV-A021]
#|     4 |         .map a, type=lru_hahs, key=4, value=8, entries=1
#|       |                      ^~~~~~~~
#|   hint: did you mean 'lru_hash'?
#| map-wrong.s:5:2: error: a map of type hash needs key= [IOV-A021]
#|     5 |         .map b, type=hash, value=8, entries=1
#|       |         ^~~~
#| map-wrong.s:6:2: error: a map of type ringbuf has no key [IOV-A021]
#|     6 |         .map c, type=ringbuf, key=4, entries=4096
#|       |         ^~~~
#| map-wrong.s:7:2: error: the key of a map of type array has 4 bytes, not 8 [IOV-A021]
#|     7 |         .map d, type=array, key=8, value=8, entries=1
#|       |         ^~~~
#| map-wrong.s:8:37: error: there is no option 'size' here [IOV-A021]
#|     8 |         .map e, type=hash, key=4, value=8, size=1
#|       |                                            ^~~~
#|   hint: there are type, key, value, entries, flags, pinning, inner, extra and numa
#| map-wrong.s:9:7: error: map f is not declared in a .btf block before this line [IOV-A021]
#|     9 |         .map f
#|       |              ^
#|   hint: .map f, type=hash, key=4, value=8, entries=1024
#| map-wrong.s:11:2: error: a program needs a type [IOV-A021]
#|    11 |         .program p
#|       |         ^~~~~~~~
#|   hint: .program p, type=xdp
#| map-wrong.s:12:19: error: there is no program type 'xpd' [IOV-A021]
#|    12 |         .program q, type=xpd
#|       |                          ^~~
#|   hint: xdp, tc, tc/ingress, socket, cgroup_skb/ingress, kprobe/FUNCTION, …: as section names in C
#| map-wrong.s:13:12: error: a parameter is u8, u16, u32, u64, s8, s16, s32, s64 or bool [IOV-A021]
#|    13 |         .param r, u24, 5
#|       |                   ^~~
#| map-wrong.s:14:16: error: the value does not fit in u8 [IOV-A006]
#|    14 |         .param t, u8, 256
#|       |                       ^~~
#| map-wrong.s:15:11: error: a string in quotes is expected here [IOV-A001]
#|    15 |         .license GPL
#|       |                  ^~~
