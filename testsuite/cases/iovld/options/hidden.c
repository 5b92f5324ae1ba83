__attribute__((visibility("hidden"))) int limit = 2;
__attribute__((visibility("hidden"), noinline)) int weigh(int x) { return x * 2; }
