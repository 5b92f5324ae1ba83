// RUN: iovcc -O2 -fno-iov-verify -c %s -o %t.o
static const char *const names[] = {"zero", "one", "two"};
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
//| data-address.c:2:26: warning: `names` holds addresses, and loaders fill in none in data: they stay NULL [-Wiov-data-address] [IOV-W004]
//|     2 | static const char *const names[] = {"zero", "one", "two"};
//|       |                          ^
//|   why:  the text of a string literal stands in another section
//|   hint: hold what they point at (`static const char names[][8] = …`), or choose by a switch
