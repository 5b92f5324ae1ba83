int limit __attribute__((weak)) = 1;
__attribute__((weak, noinline)) int weigh(int x) { return x + 1; }
