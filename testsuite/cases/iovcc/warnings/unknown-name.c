// RUN: iovcc -O2 -Wno-iov-unused-maps -c %s -o %t.o
// EXIT: 2
int x;
//= STDERR
//| iovcc: error: '-Wno-iov-unused-maps': there is no such warning [IOV-B001]
//|   hint: the nearest is iov-unused-map
//|         iovcc(1) lists the warnings
