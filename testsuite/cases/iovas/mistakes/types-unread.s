# RUN: iovas %s -o %t.o
# EXIT: 1
# IOV-A101: statements of a .btf block that end before their names
	.btf
	__int(5);
	__int();
	__float(5);
	__decl_tag(5);
	__decl_tag("user");
	__decl_tag("user", 5);
	int __type_tag(5) *tagged;
	__datasec(5) {};
	.endbtf
	exit
#= STDERR
#| types-unread.s:5:8: error: expected a name, not 5 [IOV-A101]
#|     5 |         __int(5);
#|       |               ^
#| types-unread.s:6:8: error: expected a name, not ) [IOV-A101]
#|     6 |         __int();
#|       |               ^
#| types-unread.s:7:10: error: expected a name, not 5 [IOV-A101]
#|     7 |         __float(5);
#|       |                 ^
#| types-unread.s:8:13: error: expected the text of the tag, not 5 [IOV-A101]
#|     8 |         __decl_tag(5);
#|       |                    ^
#| types-unread.s:9:19: error: expected , after the text, not ) [IOV-A101]
#|     9 |         __decl_tag("user");
#|       |                          ^
#| types-unread.s:10:21: error: expected a type, function or variable, not 5 [IOV-A101]
#|    10 |         __decl_tag("user", 5);
#|       |                            ^
#| types-unread.s:11:17: error: expected a tag, not 5 [IOV-A101]
#|    11 |         int __type_tag(5) *tagged;
#|       |                        ^
#| types-unread.s:12:12: error: expected the name of a section, not 5 [IOV-A101]
#|    12 |         __datasec(5) {};
#|       |                   ^
