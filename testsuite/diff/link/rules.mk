# SPDX-License-Identifier: Apache-2.0
# iovld beside `bpftool gen object`. `make link-compare` takes the corpus of real programs (make corpus).
LINKTEXT := $(BUILD)/test/linktext
$(LINKTEXT): $(BUILD)/obj/testsuite/diff/link/linktext.o $(call archives,object)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^
LINKLOAD := $(BUILD)/test/linkload
$(LINKLOAD): $(BUILD)/obj/testsuite/diff/link/linkload.o $(call archives,object)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ -lbpf
LINK_OBJS := $(patsubst testsuite/diff/packets/progs/%.bpf.c,$(BUILD)/test/packets.d/%.o,\
	$(wildcard testsuite/diff/packets/progs/*.bpf.c))
$(eval $(call suite,link,$(LINKTEXT) $(LINK_OBJS) $(BUILD)/bin/iovld,testsuite/diff/link/compare --iovld $(BUILD)/bin/iovld \
	--linktext $(LINKTEXT) $(LINK_OBJS)))
# The same objects through libbpf into the live kernel, before and after.
$(eval $(call suite,link-load,$(LINKLOAD) $(LINK_OBJS) $(BUILD)/bin/iovld,testsuite/diff/link/loads --iovld \
	$(BUILD)/bin/iovld --linkload $(LINKLOAD) $(LINK_OBJS)))
.PHONY: link-compare link-load
link-compare: $(LINKTEXT) $(BUILD)/bin/iovld
	$(Q)testsuite/diff/link/compare --iovld $(BUILD)/bin/iovld --linktext $(LINKTEXT) $(or $(wildcard \
		build/corpus/obj/v3/*/*.o),$(error no corpus: run `make corpus` first))
link-load: $(LINKLOAD) $(BUILD)/bin/iovld
	$(Q)testsuite/diff/link/loads --iovld $(BUILD)/bin/iovld --linkload $(LINKLOAD) $(or $(wildcard \
		build/corpus/obj/v3/*/*.o),$(error no corpus: run `make corpus` first))
