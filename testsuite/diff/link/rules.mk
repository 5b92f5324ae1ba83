# SPDX-License-Identifier: Apache-2.0
# iovld beside `bpftool gen object`. `make link-compare` takes the corpus of real programs (make corpus).
LINKTEXT := $(BUILD)/test/linktext
$(LINKTEXT): $(BUILD)/obj/testsuite/diff/link/linktext.o $(call archives,object)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^
LINK_OBJS := $(patsubst testsuite/diff/packets/progs/%.bpf.c,$(BUILD)/test/packets.d/%.o,\
	$(wildcard testsuite/diff/packets/progs/*.bpf.c))
$(eval $(call suite,link,$(LINKTEXT) $(LINK_OBJS) $(BUILD)/bin/iovld,testsuite/diff/link/compare --iovld $(BUILD)/bin/iovld \
	--linktext $(LINKTEXT) $(LINK_OBJS)))
.PHONY: link-compare
link-compare: $(LINKTEXT) $(BUILD)/bin/iovld
	$(Q)testsuite/diff/link/compare --iovld $(BUILD)/bin/iovld --linktext $(LINKTEXT) $(or $(wildcard \
		build/corpus/obj/v3/*/*.o),$(error no corpus: run `make corpus` first))
