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
	if (again)
		flow.target = source + 1;
	return flow.source ^ flow.target ^ flow.port;
}
//= STDERR
//| uninitialised-member.c:15:42: error: `flow.port` is read here, and nothing has written it [IOV-S019]
//|    15 |         return flow.source ^ flow.target ^ flow.port;
//|       |                                                 ^
//|   why:  uninitialised-member.c:10:9: `flow` is declared here, in function `hash`; read are bytes 8 to 9 of its 12
//|    10 |         struct flow flow;
//|       |                ^
//|   hint: give `flow` a value where it is declared: `= {}` clears it
