int classify(int len);
