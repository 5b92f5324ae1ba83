# SPDX-License-Identifier: Apache-2.0
# The packet differential: kernel, interpreter and JIT over one recording (main.c). Programs are compiled by iovcc, one
# object for all engines; a line `// CFLAGS:` in a program adds options.
PACKETS := $(BUILD)/test/packets
PACKETS_OBJS := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard testsuite/diff/packets/*.c))
PACKETS_PROGS := $(patsubst testsuite/diff/packets/progs/%.bpf.c,$(BUILD)/test/packets.d/%.o,\
	$(wildcard testsuite/diff/packets/progs/*.bpf.c))
FIREWALL := $(BUILD)/test/packets.d/firewall.o

$(PACKETS): $(PACKETS_OBJS) $(call archives,run)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(call externals,run) -lbpf -lelf -lz

$(BUILD)/test/packets.d/%.o: testsuite/diff/packets/progs/%.bpf.c $(BUILD)/bin/iovcc
	$(call say,IOVCC,$@)mkdir -p $(@D) && $(BUILD)/bin/iovcc -O2 -g $$(sed -n 's,^// CFLAGS: ,,p' $<) -c $< -o $@

$(FIREWALL): stdlib/modules/firewall/firewall.bpf.c stdlib/modules/firewall/firewall.h $(BUILD)/bin/iovcc
	$(call say,IOVCC,$@)mkdir -p $(@D) && $(BUILD)/bin/iovcc -O2 -g -c $< -o $@

FIREWALL_RULES := $(FIREWALL)=stdlib/modules/firewall/rules.yaml
$(eval $(call suite,packets,$(PACKETS) $(PACKETS_PROGS) $(FIREWALL),$(PACKETS) --pcap testsuite/traffic/firewall.pcap \
	$(PACKETS_PROGS) $(FIREWALL_RULES) --mutate 4000 $(FIREWALL_RULES) $(BUILD)/test/packets.d/loops.o))
