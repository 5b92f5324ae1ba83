// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
struct flow {
	unsigned int source, target;
	unsigned short port;
};

int hash(unsigned int source, int again)
{
	struct flow flow;

	flow.source = source;
#ifndef MENDED
	if (again)
		flow.target = source + 1;
#else
	flow.target = again ? source + 1 : 0;
	flow.port = 0;
#endif
	return flow.source ^ flow.target ^ flow.port;
}
//= STDERR
//| uninitialised-member.c:21:42: error: `flow.port` is read here, and nothing has written it [IOV-S019]
//|    21 |         return flow.source ^ flow.target ^ flow.port;
//|       |                                                 ^
//|   why:  uninitialised-member.c:11:9: `flow` is declared here, in function `hash`; bytes 8 to 9 of its 12 are read
//|    11 |         struct flow flow;
//|       |                ^
//|   hint: give `flow` a value where it is declared: `= {}` clears it
