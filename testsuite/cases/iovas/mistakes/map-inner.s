# RUN: iovas %s -o %t.o
# EXIT: 1
# Maps of maps: what is missing, unknown, or in the wrong map
	.map	in1, type=hash, key=4, value=8, entries=8
	.map	a, type=array_of_maps, key=4, entries=4
	.map	b, type=array_of_maps, key=4, entries=4, inner=in2
	.map	c, type=hash, key=4, value=8, entries=4, inner=in1
	.map	d, type=array, key=4, value=4, entries=4, [0]=in1
	.map	e, type=prog_array, key=4, entries=4, [0]=p, flags=1
	.map	f, type=prog_array, key=4, entries=4, [x]=p
	.map	g, type=prog_array, key=4, entries=4, [0]=nowhere
	.program p, type=xdp
	r0 = 2
	exit
#= STDERR
#| map-inner.s:5:2: error: a map of type array_of_maps needs inner= [IOV-A021]
#|     5 |         .map    a, type=array_of_maps, key=4, entries=4
#|       |         ^~~~
#|   hint: the name of a .map above that its values are like
#| map-inner.s:6:54: error: no .map in2 stands above this line [IOV-A021]
#|     6 |         .map    b, type=array_of_maps, key=4, entries=4, inner=in2
#|       |                                                                ^~~
#|   hint: inner= names a map, or a struct of a .btf block: inner=struct in2
#| map-inner.s:7:2: error: a map of type hash has no inner map [IOV-A021]
#|     7 |         .map    c, type=hash, key=4, value=8, entries=4, inner=in1
#|       |         ^~~~
#| map-inner.s:8:2: error: a map of type array does not hold programs or maps [IOV-A021]
#|     8 |         .map    d, type=array, key=4, value=4, entries=4, [0]=in1
#|       |         ^~~~
#| map-inner.s:9:52: error: after the first [INDEX]=SYMBOL only more of them may stand [IOV-A021]
#|     9 |         .map    e, type=prog_array, key=4, entries=4, [0]=p, flags=1
#|       |                                                              ^~~~~
#| map-inner.s:10:46: error: a number that is known here is needed [IOV-A001]
#|    10 |         .map    f, type=prog_array, key=4, entries=4, [x]=p
#|       |                                                        ^
