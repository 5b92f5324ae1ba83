// RUN: iovcc -c %s -o %t.o
// EXIT: 1
#include "include-stack.h"
#include "include-stack.h"
//= STDERR
//| ./include-stack.h:1:27: error: use of undeclared identifier 'nothing' [IOV-C001]
//|     1 | int broken(void) { return nothing; }
//|       |                           ^~~~~~~
//| include-stack.c:3:10: note: in a file included from here
//|     3 | #include "include-stack.h"
//|       |          ^
//| ./include-stack.h:1:5: error: redefinition of 'broken' [IOV-C001]
//|     1 | int broken(void) { return nothing; }
//|       |     ^~~~~~
//| include-stack.c:4:10: note: in a file included from here
//|     4 | #include "include-stack.h"
//|       |          ^
//| ./include-stack.h:1:5: note: previous definition is here
//|     1 | int broken(void) { return nothing; }
//|       |     ^~~~~~
