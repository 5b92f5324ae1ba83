# SPDX-License-Identifier: Apache-2.0
# libFuzzer targets, built by clang with all libraries of theirs in one command. Inputs that once failed are kept in
# testsuite/fuzz/TARGET and tried first.
FUZZ_CC := clang-19 -std=gnu17 -I. -I$(BUILD)/gen -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined \
	-fno-sanitize=function -fno-sanitize-recover=all -DIOV_ARENA_EACH
FUZZ_OBJECT_SRCS := testsuite/fuzz/object_fuzz.c $(filter %.c,$(base_SRCS) $(isa_SRCS) $(object_SRCS) $(filter asm/dump% asm/types/%,$(asm_SRCS)))

build/fuzz/object_fuzz: $(FUZZ_OBJECT_SRCS) $(wildcard asm/*.h asm/base/*.h asm/isa/*.h linker/object/*.h) | $(GENERATED)
	$(call say,FUZZ,$@)mkdir -p $(@D) && $(FUZZ_CC) $(FUZZ_OBJECT_SRCS) -o $@

$(eval $(call fuzz,object,build/fuzz/object_fuzz,\
	testsuite/fuzz/seeds build/fuzz/object-seeds && mkdir -p build/fuzz/object && \
	cd build/fuzz && ASAN_OPTIONS=detect_leaks=1 ./object_fuzz -max_total_time=$$(FUZZ_SECONDS) -max_len=20000 -timeout=20 \
	-rss_limit_mb=1500 -use_value_profile=0 -print_final_stats=1 object object-seeds ../../testsuite/fuzz/object 2>object.log \
	|| { tail -40 object.log; exit 1; }))

FUZZ_IOVDUMP_SRCS := testsuite/fuzz/iovdump_fuzz.c $(filter-out asm/as_tool.c,$(filter %.c,$(base_SRCS) $(isa_SRCS) \
	$(object_SRCS) $(asm_SRCS)))

build/fuzz/iovdump_fuzz: $(FUZZ_IOVDUMP_SRCS) $(wildcard asm/*.h asm/*.def asm/types/*.h asm/base/*.h asm/isa/*.h linker/object/*.h) \
		| $(GENERATED)
	$(call say,FUZZ,$@)mkdir -p $(@D) && $(FUZZ_CC) $(FUZZ_IOVDUMP_SRCS) -o $@

$(eval $(call fuzz,iovdump,build/fuzz/iovdump_fuzz,\
	testsuite/fuzz/seeds build/fuzz/object-seeds && mkdir -p build/fuzz/iovdump && \
	cd build/fuzz && ASAN_OPTIONS=detect_leaks=1 ./iovdump_fuzz -max_total_time=$$(FUZZ_SECONDS) -max_len=20000 -timeout=20 \
	-rss_limit_mb=1500 -print_final_stats=1 iovdump object-seeds ../../testsuite/fuzz/object 2>iovdump.log \
	|| { tail -40 iovdump.log; exit 1; }))

FUZZ_TEXT_SRCS := testsuite/fuzz/text_fuzz.c $(filter %.c,$(base_SRCS) $(isa_SRCS) $(yaml_SRCS))
build/fuzz/text_fuzz: $(FUZZ_TEXT_SRCS) $(wildcard asm/base/*.h asm/isa/*.h asm/isa/*.def asm/yaml/*.h) | $(GENERATED)
	$(call say,FUZZ,$@)mkdir -p $(@D) && $(FUZZ_CC) $(FUZZ_TEXT_SRCS) -o $@ -lyaml

$(eval $(call fuzz,text,build/fuzz/text_fuzz,\
	mkdir -p build/fuzz/text && cp stdlib/platforms/*.yaml build/fuzz/text && \
	cd build/fuzz && ASAN_OPTIONS=detect_leaks=1 ./text_fuzz -max_total_time=$$(FUZZ_SECONDS) -max_len=6000 -timeout=20 \
	-rss_limit_mb=1000 -print_final_stats=1 -dict=../../testsuite/fuzz/text.dict text ../../testsuite/fuzz/text \
	2>text.log || { tail -40 text.log; exit 1; }))

# Those of libiov share their objects.
FUZZ_OBJS = $(patsubst %.c,$(BUILD)/obj/fuzz/%.o,$(filter %.c,$(base_SRCS) $(isa_SRCS) $(object_SRCS) $(verify_SRCS) \
	$(yaml_SRCS) $(jit_SRCS) $(runtime_SRCS)))
$(BUILD)/obj/fuzz/%.o: %.c | $(GENERATED)
	$(call say,FUZZ,$@)mkdir -p $(@D) && $(filter ccache,$(CC)) $(subst fuzzer$(COMMA),fuzzer-no-link$(COMMA),$(FUZZ_CC)) \
		-Iruntime/include -MMD -MP -c $< -o $@
build/fuzz/module_fuzz build/fuzz/api_fuzz: build/fuzz/%: $(BUILD)/obj/fuzz/testsuite/fuzz/%.o $$(FUZZ_OBJS) \
		$(BUILD)/lib/libiov-platforms.a
	$(call say,FUZZ,$@)mkdir -p $(@D) && $(FUZZ_CC) $^ -o $@ -lyaml

# Seeds: the programs of the packet differential, each as small as the compiler makes it without debug information.
build/fuzz/module-seeds: $(wildcard testsuite/diff/packets/progs/*.c) $(BUILD)/bin/iovcc
	$(Q)mkdir -p $@ && for f in $(filter %.c,$^); do $(BUILD)/bin/iovcc -O2 -c $$f -o $@/$$(basename $$f .bpf.c).o \
		2>/dev/null || :; done; touch $@

$(eval $(call fuzz,module,build/fuzz/module_fuzz build/fuzz/module-seeds,\
	mkdir -p build/fuzz/module testsuite/fuzz/module && cd build/fuzz && ./module_fuzz -max_total_time=$$(FUZZ_SECONDS) -max_len=12000 \
	-timeout=60 -rss_limit_mb=1500 -print_final_stats=1 module module-seeds \
	../../testsuite/fuzz/module 2>module.log || { tail -40 module.log; exit 1; }))

# Every function of iov.h in any order, on a module that has every type of map.
build/fuzz/api.o: testsuite/fuzz/api.bpf.c $(BUILD)/bin/iovcc
	$(Q)mkdir -p $(@D) && $(BUILD)/bin/iovcc -g -O2 -Wno-iov-unused-map -c $< -o $@
$(eval $(call fuzz,api,build/fuzz/api_fuzz build/fuzz/api.o,\
	mkdir -p build/fuzz/api testsuite/fuzz/api && cd build/fuzz && IOV_FUZZ_OBJECT=api.o ./api_fuzz -max_total_time=$$(FUZZ_SECONDS) \
	-max_len=4000 -timeout=60 -rss_limit_mb=1500 -print_final_stats=1 api ../../testsuite/fuzz/api 2>api.log \
	|| { tail -40 api.log; exit 1; }))

# The verifier alone; seeds: its cases.
FUZZ_VERIFY_SRCS := testsuite/fuzz/verify_fuzz.c $(filter-out %_main.c,$(filter %.c,$(base_SRCS) $(isa_SRCS) $(verify_SRCS)))
build/fuzz/verify_fuzz: $(FUZZ_VERIFY_SRCS) $(BUILD)/lib/libiov-platforms.a $(wildcard asm/*/*.h backend/verify/*.h) | \
		$(GENERATED)
	$(call say,FUZZ,$@)mkdir -p $(@D) && $(FUZZ_CC) $(FUZZ_VERIFY_SRCS) $(BUILD)/lib/libiov-platforms.a -o $@
$(BUILD)/test/verify-seeds: $(BUILD)/obj/testsuite/fuzz/verify_seeds.o \
		$(patsubst %,$(BUILD)/obj/testsuite/unit/verify/%.o,asm corpus) $(call archives,isa)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^
$(eval $(call fuzz,verify,build/fuzz/verify_fuzz $(BUILD)/test/verify-seeds,\
	mkdir -p build/fuzz/verify build/fuzz/verify-seeds && \
	$(BUILD)/test/verify-seeds build/fuzz/verify-seeds testsuite/cases/verify/*.txt && cd build/fuzz && \
	./verify_fuzz -max_total_time=$$(FUZZ_SECONDS) -max_len=5000 -timeout=20 -rss_limit_mb=1500 -print_final_stats=1 \
	verify verify-seeds ../../testsuite/fuzz/verify 2>verify.log || { tail -40 verify.log; exit 1; }))

FUZZ_IOVAS_SRCS := testsuite/fuzz/iovas_fuzz.c $(filter-out asm/as_tool.c,$(filter %.c,$(base_SRCS) $(isa_SRCS) \
	$(object_SRCS) $(asm_SRCS)))
build/fuzz/iovas_fuzz: $(FUZZ_IOVAS_SRCS) $(wildcard asm/*.h asm/*.def asm/*/*.h asm/isa/*.def linker/object/*.h) | $(GENERATED)
	$(call say,FUZZ,$@)mkdir -p $(@D) && $(FUZZ_CC) $(FUZZ_IOVAS_SRCS) -o $@

# Seeds and words: the golden cases, and the names of directives.
$(eval $(call fuzz,iovas,build/fuzz/iovas_fuzz,\
	testsuite/fuzz/iovas_seeds build/fuzz/iovas-seeds build/fuzz/iovas.dict && mkdir -p build/fuzz/iovas && \
	cd build/fuzz && ASAN_OPTIONS=detect_leaks=1 ./iovas_fuzz -max_total_time=$$(FUZZ_SECONDS) -max_len=4000 -timeout=20 \
	-rss_limit_mb=1500 -print_final_stats=1 -dict=iovas.dict iovas iovas-seeds ../../testsuite/fuzz/iovas 2>iovas.log \
	|| { tail -40 iovas.log; exit 1; }))

FUZZ_LINK_SRCS := testsuite/fuzz/link_fuzz.c $(filter-out linker/tool.c linker/prove.c,$(filter %.c,$(base_SRCS) \
	$(isa_SRCS) $(object_SRCS) $(linker_SRCS) $(yaml_SRCS)))
build/fuzz/link_fuzz: $(FUZZ_LINK_SRCS) $(BUILD)/lib/libiov-platforms.a $(wildcard linker/*.h linker/object/*.h asm/base/*.h) | $(GENERATED)
	$(call say,FUZZ,$@)mkdir -p $(@D) && $(FUZZ_CC) $(FUZZ_LINK_SRCS) $(BUILD)/lib/libiov-platforms.a -o $@ -lyaml

$(eval $(call fuzz,link,build/fuzz/link_fuzz,\
	testsuite/fuzz/seeds build/fuzz/object-seeds && testsuite/fuzz/link_seeds build/fuzz/object-seeds build/fuzz/link-seeds && \
	mkdir -p build/fuzz/link testsuite/fuzz/link && cd build/fuzz && ASAN_OPTIONS=detect_leaks=1 ./link_fuzz \
	-max_total_time=$$(FUZZ_SECONDS) -max_len=20000 -timeout=20 -rss_limit_mb=1500 -print_final_stats=1 link link-seeds \
	../../testsuite/fuzz/link 2>link.log || { tail -40 link.log; exit 1; }))

# Manifests, held against a real object.
FUZZ_MANIFEST_SRCS := testsuite/fuzz/manifest_fuzz.c $(filter-out testsuite/fuzz/%,$(FUZZ_LINK_SRCS))
build/fuzz/manifest_fuzz: $(FUZZ_MANIFEST_SRCS) $(BUILD)/lib/libiov-platforms.a $(wildcard linker/*.h linker/object/*.h \
		asm/base/*.h asm/yaml/*.h) | $(GENERATED)
	$(call say,FUZZ,$@)mkdir -p $(@D) && $(FUZZ_CC) $(FUZZ_MANIFEST_SRCS) $(BUILD)/lib/libiov-platforms.a -o $@ -lyaml
build/fuzz/manifest.o: testsuite/cases/iovld/nat.c $(BUILD)/bin/iovcc
	$(Q)mkdir -p $(@D) && $(BUILD)/bin/iovcc -fno-iov-verify -g -O2 -c $< -o $@

$(eval $(call fuzz,manifest,build/fuzz/manifest_fuzz build/fuzz/manifest.o,\
	mkdir -p build/fuzz/manifest build/fuzz/manifest-seeds testsuite/fuzz/manifest && \
	cp testsuite/cases/iovld/*.yaml testsuite/cases/iovld/*/*.yaml build/fuzz/manifest-seeds && cd build/fuzz && \
	IOV_FUZZ_OBJECT=manifest.o ASAN_OPTIONS=detect_leaks=1 ./manifest_fuzz -max_total_time=$$(FUZZ_SECONDS) -max_len=4000 \
	-timeout=20 -rss_limit_mb=1500 -print_final_stats=1 -dict=../../testsuite/fuzz/manifest.dict manifest manifest-seeds \
	../../testsuite/fuzz/manifest 2>manifest.log || { tail -40 manifest.log; exit 1; }))

# Preprocessed text that carries its sources; the fuzzer includes frontend/carry.c for the form that it writes.
FUZZ_CARRY_SRCS := testsuite/fuzz/carry_fuzz.c frontend/files.c $(filter %.c,$(base_SRCS) $(isa_SRCS) $(object_SRCS))
build/fuzz/carry_fuzz: $(FUZZ_CARRY_SRCS) frontend/carry.c $(BUILD)/lib/libiov-platforms.a \
		$(wildcard frontend/*.h linker/object/*.h asm/base/*.h) | $(GENERATED)
	$(call say,FUZZ,$@)mkdir -p $(@D) && $(FUZZ_CC) -isystem $(LLVM_INCLUDE) $(FUZZ_CARRY_SRCS) \
		$(BUILD)/lib/libiov-platforms.a -o $@ -lzstd

$(eval $(call fuzz,carry,build/fuzz/carry_fuzz $(BUILD)/bin/iovcc,\
	testsuite/fuzz/carry_seeds build/fuzz/carry-seeds && mkdir -p build/fuzz/carry && cd build/fuzz && \
	ASAN_OPTIONS=detect_leaks=1 ./carry_fuzz -max_total_time=$$(FUZZ_SECONDS) -max_len=4000 -timeout=20 \
	-rss_limit_mb=1500 -print_final_stats=1 carry carry-seeds ../../testsuite/fuzz/carry 2>carry.log \
	|| { tail -40 carry.log; exit 1; }))
