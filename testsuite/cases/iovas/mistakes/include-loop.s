# RUN: iovas %s -o %t.o
# EXIT: 1
# A file that includes itself
	.include "include-loop.s"
	exit
#= STDERR
#| include-loop.s:4:11: error: files are included more than 64 deep [IOV-A015]
#|     4 |         .include "include-loop.s"
#|       |                  ^
#|   path: 1. include-loop.s:4:11: included from here
#|     4 |         .include "include-loop.s"
#|       |                  ^
#|         2. include-loop.s:4:11: included from here
#|     4 |         .include "include-loop.s"
#|       |                  ^
#|         3. include-loop.s:4:11: included from here
#|     4 |         .include "include-loop.s"
#|       |                  ^
