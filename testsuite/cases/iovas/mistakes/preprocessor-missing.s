# RUN: iovas %s -o %t.o
# EXIT: 1
# IOV-A101: lines for the C preprocessor, which did not run; each mistake once, however often the text is read
	.btf
#include <linux/types.h>
	int count(
#define SIZE 4
		int b);
	int after; "open
	.endbtf
	exit
#= STDERR
#| preprocessor-missing.s:5:1: error: this is for the C preprocessor: name the file .S and give it to iovcc [IOV-A101]
#|     5 | #include <linux/types.h>
#|       | ^~~~~~~~
#| preprocessor-missing.s:7:1: error: this is for the C preprocessor: name the file .S and give it to iovcc [IOV-A101]
#|     7 | #define SIZE 4
#|       | ^~~~~~~
#| preprocessor-missing.s:9:13: error: this string has no closing quote [IOV-A101]
#|     9 |         int after; "open
#|       |                    ^~~~~
