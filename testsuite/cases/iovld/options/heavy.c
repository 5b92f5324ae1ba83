int bound = 7;
__attribute__((noinline)) int weigh_more(int x) { return x * 4; }
