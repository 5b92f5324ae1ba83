# SPDX-License-Identifier: Apache-2.0
# The packet differential: kernel, interpreter and JIT over one recording (main.c). Programs are compiled by iovcc, one
# object for all engines; a line `// CFLAGS:` in a program adds options.
PACKETS := $(BUILD)/test/packets
PACKETS_OBJS := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard testsuite/diff/packets/*.c))
PACKETS_PROGS := $(patsubst testsuite/diff/packets/progs/%.bpf.c,$(BUILD)/test/packets.d/%.o,\
	$(wildcard testsuite/diff/packets/progs/*.bpf.c))
# Not those that would evict: which entry an LRU map gives up is no one's promise.
PACKETS_MUTATED = $(filter-out %/lru.o %/callbacks.o,$(PACKETS_PROGS))
FIREWALL := $(BUILD)/test/packets.d/firewall.o

$(PACKETS): $(PACKETS_OBJS) $(call archives,run)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(call externals,run) -lbpf

$(BUILD)/test/packets.d/%.o: testsuite/diff/packets/progs/%.bpf.c $(BUILD)/bin/iovcc
	$(call say,IOVCC,$@)mkdir -p $(@D) && $(BUILD)/bin/iovcc -O2 -g $$(sed -n 's,^// CFLAGS: ,,p' $<) -c $< -o $@

# Other builds of the same program: firewall@v1.o is compiled with -mcpu=v1, firewall@O1.o with -O1.
FIREWALLS := $(FIREWALL) $(patsubst %,$(BUILD)/test/packets.d/firewall@%.o,v1 v4 O1)
build_options = $(patsubst v%,-mcpu=v%,$(patsubst O%,-O%,$(patsubst firewall@%,%,$(filter firewall@%,$(1)))))
$(FIREWALLS): $(wildcard stdlib/modules/firewall/*.[ch]) $(BUILD)/bin/iovcc
	$(call say,IOVCC,$@)mkdir -p $(@D) && $(BUILD)/bin/iovcc -O2 -g $(call build_options,$(basename $(@F))) \
		-c stdlib/modules/firewall/firewall.bpf.c -o $@

FIREWALL_RULES := $(addsuffix =stdlib/modules/firewall/rules.yaml,$(FIREWALLS))
$(eval $(call suite,packets,$(PACKETS) $(PACKETS_PROGS) $(FIREWALLS),$(PACKETS) --pcap testsuite/traffic/firewall.pcap \
	$(PACKETS_PROGS) $(FIREWALL_RULES) --mutate 4000 $(FIREWALL_RULES) $(PACKETS_MUTATED)))

# Objects that others wrote: the corpus (make corpus), and what Debian's packages ship. Too long for `make check`.
.PHONY: real-objects
real-objects: $(PACKETS) $(BUILD)/bin/iovrun
	$(Q)test -d build/corpus/obj/v3 || { echo 'make corpus first: it fetches and compiles the objects' >&2; exit 1; }
	$(Q)testsuite/corpus/packaged build/corpus
	$(Q)zcat /proc/config.gz > build/corpus/kernel.config || cat /boot/config-$$(uname -r) > build/corpus/kernel.config
	$(Q)testsuite/diff/packets/real --iovrun $(BUILD)/bin/iovrun --config build/corpus/kernel.config $(PACKETS) \
		testsuite/traffic/firewall.pcap build/corpus/packaged/*/*.o build/corpus/obj/v3/*/*.o
