int limit;
long total[2];
int weigh(int x) { return x + (int)total[1]; }
