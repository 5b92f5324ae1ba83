// RUN: iovcc -O2 -fno-iov-verify -DMENDED -Wiov -Werror=iov -c %s -o %t.o
// RUN: iovcc -O2 -fno-iov-verify -Wno-iov-data-address -c %s -o %t.o
// RUN: iovcc -O2 -fno-iov-verify -c %s -o %t.o
#ifndef MENDED
static const char *const names[] = {"zero", "one", "two"};
#else
static const char names[][5] = {"zero", "one", "two"};
#endif
static const char texts[][5] = {"zero", "one", "two"};

int first(unsigned int which)
{
	return names[which & 1][0];
}

int second(unsigned int which)
{
	return texts[which & 1][1];
}
//= STDERR
//| data-address.c:5:26: warning: `names` holds addresses, and loaders fill in none in data: they stay NULL [-Wiov-data-address] [IOV-W004]
//|     5 | static const char *const names[] = {"zero", "one", "two"};
//|       |                          ^
//|   why:  the text of a string literal stands in another section
//|   hint: hold what they point at (`static const char names[][8] = …`), or choose by a switch
