#define XDP_PASS 2
#define R(n) r##n
