# SPDX-License-Identifier: Apache-2.0
# The JIT takes an image and nothing of the rest of the runtime, so it is a library of its own. io/ is the only user of
# libpcap, run/ is what iovrun does beyond libiov.
$(eval $(call library,jit,runtime/jit,isa base,))
$(eval $(call library,runtime,runtime runtime/maps,jit verify object yaml platforms isa base,))
$(eval $(call library,io,runtime/io,base,-lpcap))
$(eval $(call library,run,runtime/run,runtime io yaml object isa base,))
$(eval $(call tool,iovrun,runtime,run,))

JIT_SMALL := $(filter-out %/live.c,$(wildcard runtime/jit/*.c))
# What no packet waits for is small rather than fast: the checking engine, loading, compiling, the host's tables,
# messages.
$(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard runtime/checked*.c $(JIT_SMALL) runtime/interp_decode.c asm/yaml/*.c \
	asm/base/render*.c asm/base/text.c linker/object/program*.c linker/object/core*.c) $(addprefix runtime/,module.c parameters.c \
	load.c api.c platform.c network.c sockets.c value.c guard.c throw.c helpers_print.c helpers_text.c \
	helpers_tunnel.c maps/map.c maps/hash_walk.c maps/storage.c maps/batch.c maps/timers.c) $(addprefix linker/object/,\
	maps.c maps_legacy.c funcs.c btf_target.c fields.c btf_ext_read.c)): CFLAGS += -Os
