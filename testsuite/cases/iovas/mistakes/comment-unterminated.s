# RUN: iovas %s -o %t.o
# EXIT: 1
# A comment without an end
	exit
	/* no end
	exit
#= STDERR
#| comment-unterminated.s:5:2: error: this comment has no end [IOV-A001]
#|     5 |         /* no end
#|       |         ^~
