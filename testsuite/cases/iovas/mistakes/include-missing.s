# RUN: iovas %s -o %t.o
# EXIT: 1
# A file that does not exist
	.include "nowhere.inc"
	.incbin "nowhere.bin"
	exit
#= STDERR
#| include-missing.s:4:11: error: nowhere.inc cannot be read [IOV-A018]
#|     4 |         .include "nowhere.inc"
#|       |                  ^
#|   hint: it is looked for beside include-missing.s; -I FOLDER names more places
#| include-missing.s:5:10: error: nowhere.bin cannot be read [IOV-A018]
#|     5 |         .incbin "nowhere.bin"
#|       |                 ^
#|   hint: it is looked for beside include-missing.s; -I FOLDER names more places
