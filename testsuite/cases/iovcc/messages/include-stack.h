int broken(void) { return nothing; }
