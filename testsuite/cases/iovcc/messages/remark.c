// RUN: iovcc -O2 -c -Rround-trip-cc1-args -Xclang -round-trip-args %s -o %t.o 2>&1 | sed "s/: .-cc1. .* \[/ … [/"
// Answers of Clang's to -R options are notes.
int x;
//= STDOUT
//| iovcc: note: generated arguments #1 in round-trip … [IOV-C006]
//| iovcc: note: generated arguments #2 in round-trip … [IOV-C006]
