# SPDX-License-Identifier: Apache-2.0
# The whole build, non-recursive. Each folder's rules.mk names its library or tools; nothing lists source files.
#   make | check | demo | bench | fuzz | install | check-SUITE | rebase | metrics | clean     (HACKING.md says more)
# Variables: CC CXX LLVM_CONFIG PREFIX DESTDIR BUILD V=1 SAN=1 (ASan+UBSan) WERROR=1
ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin CXX),default)
CXX := g++
endif
LLVM_CONFIG ?= llvm-config-19
PKG_CONFIG ?= pkg-config
PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= $(if $(SAN),build/san,build)
V ?= 0
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-5s %s\n' '$(1)' '$(patsubst $(BUILD)/%,%,$(2))';)

# A machine without compiler or LLVM: `make check` and `make demo` install them, anything else says how.
ifeq ($(shell command -v $(lastword $(CC)) >/dev/null && command -v $(LLVM_CONFIG) >/dev/null && echo yes),)
ifneq ($(filter-out check demo setup clean metrics,$(or $(MAKECMDGOALS),all)),)
$(error $(CC) or $(LLVM_CONFIG) is missing: run `make setup`, which installs what .ci/packages lists)
endif
endif

CFLAGS ?= $(if $(SAN),-O1 -g,-O2 -g)
CXXFLAGS ?= -O2
COMMA := ,
WARNINGS := -Wall -Wextra -Wshadow -Wvla -Wpointer-arith -Wundef $(if $(WERROR),-Werror)
CWARNINGS := $(WARNINGS) -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
SANFLAGS := $(if $(SAN),-fsanitize=address$(COMMA)undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -DIOV_ARENA_EACH)
ALL_CFLAGS = -std=gnu17 -I. -I$(BUILD)/gen -Iruntime/include -D_GNU_SOURCE -fPIC -ffile-prefix-map=$(CURDIR)=. \
	-ffunction-sections -fdata-sections $(CFLAGS) $(SANFLAGS) $(CWARNINGS)
ALL_LDFLAGS = $(LDFLAGS) $(SANFLAGS) -Wl,--gc-sections

LIBS :=
TOOLS :=
GENERATED :=
SUITES :=
FUZZERS :=
BENCHES :=
SAN_BINARIES =

.DEFAULT_GOAL := all
.SECONDEXPANSION:
.PHONY: all tools libs unit
.SECONDARY:
.DELETE_ON_ERROR:

# library(name, folder, libraries it may use, external -l flags): sources are FOLDER/*.c but for *_main.c.
define library
LIBS += $(1)
$(1)_DIR := $(2)
$(1)_DEPS := $(3)
$(1)_LDLIBS := $(4)
$(1)_SRCS := $$(filter-out %_main.c,$$(wildcard $(addsuffix /*.c,$(2)))) $$($(1)_EXTRA_SRCS)
$(1)_OBJS := $$(patsubst %.c,$(BUILD)/obj/%.o,$$(filter %.c,$$($(1)_SRCS))) $$($(1)_EXTRA_OBJS)
$(BUILD)/lib/libiov-$(1).a: $$($(1)_OBJS)
endef

# tool(name, folder, libraries, external flags): main is FOLDER/NAME_main.c.
define tool
TOOLS += $(1)
$(1)_TOOL_LIBS := $(3)
$(1)_TOOL_LDLIBS := $(4)
$(BUILD)/bin/$(1): $(BUILD)/obj/$(2)/$(1)_main.o
endef

# suite(name, prerequisites, command): part of `make check`, alone as `make check-NAME`; the command prints result lines.
define suite
SUITES += $(1)
.PHONY: check-$(1)
check-$(1): $(2)
	@testsuite/tools/suite $(1) $(3)
endef

# fuzz(name, prerequisites, command) and bench(name, prerequisites, command): parts of `make fuzz` and `make bench`,
# alone as fuzz-NAME, bench-NAME. A fuzzer runs for FUZZ_SECONDS and keeps what it finds in build/fuzz.
FUZZ_SECONDS ?= 60
define fuzz
FUZZERS += $(1)
.PHONY: fuzz-$(1)
fuzz-$(1): $(2)
	@mkdir -p build/fuzz
	@printf '  %-5s %s, %s s\n' FUZZ $(1) $(FUZZ_SECONDS)
	$(Q)$(3)
endef
define bench
BENCHES += $(1)
.PHONY: bench-$(1)
bench-$(1): $(2)
	$(Q)$(3)
endef

# Link order: each library before those it uses. closure(libs) follows _DEPS transitively.
closure = $(call uniq,$(1) $(foreach l,$(1),$(call closure,$($(l)_DEPS))))
uniq = $(if $(1),$(call uniq,$(filter-out $(lastword $(1)),$(1))) $(lastword $(1)))
archives = $(patsubst %,$(BUILD)/lib/libiov-%.a,$(strip $(call closure,$(1))))
externals = $(strip $(foreach l,$(call closure,$(1)),$($(l)_LDLIBS)))

include $(sort $(wildcard asm/rules.mk asm/*/rules.mk backend/*/rules.mk frontend/rules.mk frontend/*/rules.mk \
	linker/rules.mk linker/*/rules.mk runtime/rules.mk stdlib/rules.mk man/rules.mk testsuite/rules.mk testsuite/*/rules.mk))

include install.mk

all: tools libs
tools: $(TOOLS:%=$(BUILD)/bin/%)
libs: $(LIBS:%=$(BUILD)/lib/libiov-%.a)

# GENERATED headers exist before anything is compiled.
$(BUILD)/obj/%.o: %.c | $(GENERATED)
	$(call say,CC,$@)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) $(EXTRA_$(subst /,_,$(dir $<))CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/lib/%.a:
	$(call say,AR,$@)mkdir -p $(@D) && rm -f $@ && $(AR) rcsD $@ $^

$(TOOLS:%=$(BUILD)/bin/%): $(BUILD)/bin/%: $$(call archives,$$($$*_TOOL_LIBS))
	$(call say,LD,$@)mkdir -p $(@D) && $(if $($*_LINK),$($*_LINK),$(CC)) $(ALL_LDFLAGS) $($*_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $($*_TOOL_LDLIBS) $(call externals,$($*_TOOL_LIBS))

# Unit tests: testsuite/unit/LIB/*.c link LIB and exactly what it may use, which is what check-layers relies on.
UNITS := $(foreach l,$(LIBS),$(if $(wildcard testsuite/unit/$(l)/*.c),$(l)))
unit_objs = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard testsuite/unit/$(1)/*.c))
unit: $(UNITS:%=$(BUILD)/unit/%)
$(UNITS:%=$(BUILD)/unit/%): $(BUILD)/unit/%: $$(call unit_objs,$$*) $$(call archives,$$*)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -Wl,--no-gc-sections -o $@ $(filter %.o,$^) $(filter %.a,$^) $(unit_$*_LDLIBS) $(call externals,$*) -lcriterion

# check and demo start on a machine with git and make alone: first the packages, then a second make.
JOBS = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))
.PHONY: setup check check-all demo bench fuzz
setup:
	@.ci/setup

check:
	@.ci/setup
	@rm -rf build/check && mkdir -p build/check && : >build/check/make.log
	@$(MAKE) --no-print-directory -k $(JOBS) WERROR=1 check-all >build/check/make.log 2>&1 & pid=$$!; \
	tail --pid=$$pid -n +1 -f build/check/make.log | \
	sed -u '/^  CHECK/!{/^  [A-Z0-9][A-Z0-9]* /d}'; wait $$pid; \
	testsuite/tools/sum build/check $(SUITES)

demo:
	@.ci/setup
	@$(MAKE) --no-print-directory $(JOBS) tools
	@.ci/demo

check-all: all $(SUITES:%=check-%)

fuzz: $(FUZZERS:%=fuzz-%)
bench: $(BENCHES:%=bench-%)

.PHONY: clean
clean:
	$(Q)rm -rf build

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
