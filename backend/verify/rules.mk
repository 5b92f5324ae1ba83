# SPDX-License-Identifier: Apache-2.0
$(eval $(call library,verify,backend/verify,isa base,))
$(eval $(call tool,iovverify,backend/verify,assess,))
# What is said of a program, and checked once, is small rather than fast.
$(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard $(addprefix backend/verify/,explain*.c why.c trace*.c record.c structure.c \
	cfg.c cost.c))): CFLAGS += -Os
