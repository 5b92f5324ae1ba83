# SPDX-License-Identifier: Apache-2.0
$(eval $(call library,verify,backend/verify,isa base,))
$(eval $(call tool,iovverify,backend/verify,assess,))
# What is said of a program, checked once, or done for a call of a helper, is small rather than fast.
$(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard $(addprefix backend/verify/,explain*.c why.c trace*.c record.c structure.c \
	cfg.c cost.c args.c step_call.c graph.c kfunc.c kptr.c object.c callback.c async.c dynptr.c iter.c step_global.c \
	stack_object.c))): CFLAGS += -Os
