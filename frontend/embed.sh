#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes the assembly file that puts headers into the tool: embed.sh VIRTUAL-ROOT=FOLDER...
# Each file becomes a row {path, data, length} of headers_table; the count stands in headers_count.
set -eu
export LC_ALL=C
printf '\t.section .rodata\n'
# glibc's list of functions that are stubs, which a Debian without 32-bit libraries lacks: for BPF it is empty.
printf 'path0:\t.asciz "/<iov>/include/gnu/stubs-32.h"\ndata0:\nend0:\t.byte 0\n'
table="	.quad path0, data0, end0 - data0
"
n=1
for pair in "$@"; do
	root=${pair%%=*} folder=${pair#*=}
	for file in $(cd "$folder" && find . -name '*.h' | sed 's|^\./||' | sort); do
		case $root/$file in
		*/clang/include/*/*) continue ;;
		*/clang/include/__std*.h | */clang/include/std*.h | */clang/include/limits.h) ;;
		*/clang/include/float.h | */clang/include/inttypes.h | */clang/include/iso646.h) ;;
		*/clang/include/*) continue ;;
		esac
		printf 'path%d:\t.asciz "%s/%s"\n' "$n" "$root" "$file"
		printf 'data%d:\t.incbin "%s/%s"\nend%d:\t.byte 0\n' "$n" "$folder" "$file" "$n"
		table="$table	.quad path$n, data$n, end$n - data$n
"
		n=$((n + 1))
	done
done
printf '\t.section .data.rel.ro, "aw"\n\t.balign 8\n\t.globl headers_table\nheaders_table:\n%s' "$table"
printf '\t.section .rodata\n\t.balign 8\n\t.globl headers_count\nheaders_count:\t.quad %d\n' "$n"
printf '\t.section .note.GNU-stack, "", @progbits\n'
