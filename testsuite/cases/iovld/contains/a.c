#include "list.h"

LIST(list_a, "contains:node_data:link");

char _license[] SEC("license") = "GPL";
