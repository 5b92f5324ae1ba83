# SPDX-License-Identifier: Apache-2.0
# vmlinux.h cut down against all of it. `make prune-compare` takes the corpus's sources that include one (make corpus).
$(eval $(call suite,prune,$(BUILD)/bin/iovcc,testsuite/diff/prune/check))
$(eval $(call suite,cache,$(BUILD)/bin/iovcc,testsuite/diff/prune/cache build/check/cache))
PRUNE_PROGS = build/corpus/linux/linux-source-6.12/tools/testing/selftests/bpf/progs
.PHONY: prune-compare
prune-compare: $(BUILD)/bin/iovcc
	$(Q)PRUNE_FLAGS='-w -I$(PRUNE_PROGS) -I$(PRUNE_PROGS)/.. -I$(PRUNE_PROGS)/../../../../lib' \
		testsuite/diff/prune/compare build/corpus/linux/headers $(or $(filter-out %/verifier_%,$(shell grep -l \
		'include.*vmlinux[.]h' $(PRUNE_PROGS)/*.c 2>/dev/null)),$(error no corpus: run `make corpus` first))
