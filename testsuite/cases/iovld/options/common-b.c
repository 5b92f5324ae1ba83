int limit = 2;
long total[4];
