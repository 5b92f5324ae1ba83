# RUN: iovas %s -o %t.o
# RUN: iovdump --cfg=dot --no-source %t.o | sed 's/digraph ".*"/digraph "…"/'
# All programs of an object are one graph, so that --cfg=svg is one document
	.program one, type=xdp
	if r1 == 0 goto out
	r1 = 0
out:	r0 = 2
	exit
	.program two, type=tc
	r0 = 0
	exit
#= STDOUT
#| digraph "…" {
#| 	node [shape=box, fontname=monospace, fontsize=10];
#| 	edge [fontname=monospace, fontsize=9];
#| 	subgraph cluster_0_0 {
#| 		label="one"; fontname=monospace;
#| 		p0b0 [label="0: if r1 == 0 goto +1 <L1>\l"];
#| 		p0b0 -> p0b2 [color=darkgreen, label="yes"];
#| 		p0b0 -> p0b1 [color=firebrick, label="no"];
#| 		p0b1 [label="1: r1 = 0\l"];
#| 		p0b1 -> p0b2;
#| 		p0b2 [label="2: r0 = 2\l3: exit\l"];
#| 	}
#| 	subgraph cluster_1_0 {
#| 		label="two"; fontname=monospace;
#| 		p1b0 [label="0: r0 = 0\l1: exit\l"];
#| 	}
#| }
