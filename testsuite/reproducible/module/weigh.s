# SPDX-License-Identifier: Apache-2.0
	.license "GPL"
	.btf
	int weigh(int length);
	.endbtf
	.text
	.func weigh, global
	w0 = w1
	w0 *= 10
	exit
	.endfunc
