# SPDX-License-Identifier: Apache-2.0
# Socket lookups and storage beside the live kernel's, over sockets in a network namespace of its own.
$(BUILD)/test/sockets: $(BUILD)/obj/testsuite/diff/sockets/main.o $(BUILD)/obj/testsuite/diff/sockets/groups.o $(call archives,runtime)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(call externals,runtime) -lbpf
$(BUILD)/test/sockets.o: testsuite/diff/sockets/sockets.bpf.c testsuite/diff/sockets/query.h $(BUILD)/bin/iovcc
	$(call say,IOVCC,$@)mkdir -p $(@D) && $(BUILD)/bin/iovcc -O2 -g -c $< -o $@
$(eval $(call suite,sockets,$(BUILD)/test/sockets $(BUILD)/test/sockets.o,$(BUILD)/test/sockets $(BUILD)/test/sockets.o))
