# SPDX-License-Identifier: Apache-2.0
# Manual pages are made at build time from templates, the tools' option tables and the catalogues: they cannot be stale.
# man/TOOL.1.in is the page of a tool; man/iov-*.[57].in are filled by man/tables.c, libiov(3) by its header.
MAN_TOOLS = $(patsubst %,$(BUILD)/man/%.1,$(filter $(TOOLS),$(patsubst man/%.1.in,%,$(wildcard man/*.1.in))))
MAN_TABLES := $(patsubst man/%.in,$(BUILD)/man/%,$(wildcard man/*.[57].in))
MAN_PAGES = $(MAN_TOOLS) $(MAN_TABLES) $(BUILD)/man/libiov.3

.PHONY: man
man: $$(MAN_PAGES)

$(BUILD)/man/%.1: man/%.1.in man/page $(BUILD)/bin/%
	$(call say,MAN,$@)mkdir -p $(@D) && man/page $< $(BUILD)/bin/$* >$@
$(BUILD)/man/iov-%.7: man/iov-%.7.in man/page $(BUILD)/man/%.body
	$(call say,MAN,$@)man/page $< $(BUILD)/man/$*.body >$@
$(BUILD)/man/iov-%.5: man/iov-%.5.in man/page $(BUILD)/man/%.body
	$(call say,MAN,$@)man/page $< $(BUILD)/man/$*.body >$@
$(BUILD)/man/libiov.3: man/libiov.3.in man/page man/header $(PUBLIC)
	$(call say,MAN,$@)mkdir -p $(@D) && man/header $(PUBLIC) >$@.body && man/page $< $@.body >$@ && rm -f $@.body
$(BUILD)/man/%.body: $(BUILD)/host/tables
	$(Q)mkdir -p $(@D) && $< $* >$@
$(BUILD)/host/tables: $(BUILD)/obj/man/tables.o $(call archives,yaml)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(call externals,yaml)

$(eval $(call suite,man,man,man/check $$(MAN_PAGES)))
