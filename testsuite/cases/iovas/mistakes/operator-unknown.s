# RUN: iovas %s -o %t.o
# EXIT: 1
# An operator that does not exist
	r1 =+ 5
	r1 ** r2
	if r1 => 5 goto out
	r1 := 5
out:	exit
#= STDERR
#| operator-unknown.s:5:5: error: an operator such as = or += is expected here [IOV-A001]
#|     5 |         r1 ** r2
#|       |            ^
#| operator-unknown.s:6:8: error: a comparison such as == or s> is expected here [IOV-A001]
#|     6 |         if r1 => 5 goto out
#|       |               ^
#| operator-unknown.s:7:5: error: an operator such as = or += is expected here [IOV-A001]
#|     7 |         r1 := 5
#|       |            ^
