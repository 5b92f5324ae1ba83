#include "list.h"

LIST(list_b, "contains:node_data:link");

char _license[] SEC("license") = "GPL";
