# SPDX-License-Identifier: Apache-2.0
# The corpus of real programs: the live kernel's verdict beside ours. It is fetched, so it is no part of `make check`.
#   make corpus [CPU="v3 v1 v2 v4"]      results in build/corpus/result-vN.jsonl, the table on standard output
#   make corpus-iovcc [CORPUS_JOBS=2]    the same sources through iovcc, beside clang-19: sources says what it asks
#   make corpus-projects                 the build systems of some of its projects with CLANG=iovcc
CORPUS := $(BUILD)/test/corpus
CPU ?= v3
$(CORPUS): $(BUILD)/obj/testsuite/corpus/judge.o $(call archives,verify object platforms)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ -lbpf

.PHONY: corpus
corpus: $(CORPUS)
	$(Q)testsuite/corpus/fetch --cpu "$(CPU)" build/corpus
	$(Q)for v in $(CPU); do testsuite/corpus/compare --judge $(CORPUS) build/corpus $$v || exit 1; done

CORPUS_JOBS ?= 2
.PHONY: corpus-iovcc
corpus-iovcc: tools $(CORPUS)
	$(Q)testsuite/corpus/fetch --cpu v3 --jobs $(CORPUS_JOBS) build/corpus
	$(Q)testsuite/corpus/sources --judge $(CORPUS) --jobs $(CORPUS_JOBS) build/corpus

# The projects' own build systems with iovcc in clang's place.
.PHONY: corpus-projects
corpus-projects: tools
	$(Q)testsuite/corpus/fetch --sources build/corpus
	$(Q)testsuite/corpus/projects build/corpus
