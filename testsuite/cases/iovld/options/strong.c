int limit = 2;
__attribute__((noinline)) int weigh(int x) { return x * 2; }
__attribute__((noinline)) int weigh_more(int x) { return x * 4; }
__attribute__((noinline)) int nobody(int x) { return x * 8; }
