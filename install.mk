# SPDX-License-Identifier: Apache-2.0
# libiov as a library for others (exactly the functions that iov.h declares are visible), and `make install`.
VERSION := $(shell sed -n 's/^\#define IOV_VERSION "\(.*\)"/\1/p' asm/base/tool.h)
SOVERSION := 0
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share/iov
MANDIR ?= $(PREFIX)/share/man
INSTALL ?= install

PUBLIC := runtime/include/iov/iov.h
LIBIOV := $(BUILD)/lib/libiov.so.$(VERSION) $(BUILD)/lib/libiov.a
LIBIOV_PARTS = $(call archives,runtime)

# The functions of the public header, one a line: what a linker may see.
$(BUILD)/gen/libiov.symbols: $(PUBLIC)
	$(Q)mkdir -p $(@D) && sed '/^ \*/d' $< | grep -oE '\biov_[a-z0-9_]+\(' | tr -d '(' | sort -u >$@
$(BUILD)/gen/libiov.map: $(BUILD)/gen/libiov.symbols
	$(Q)(echo 'IOV_$(SOVERSION) { global:'; sed 's/$$/;/' $<; echo 'local: *; };') >$@

$(BUILD)/lib/libiov.so.$(VERSION): $(LIBIOV_PARTS) $(BUILD)/gen/libiov.map
	$(call say,LD,$@)$(CC) -shared $(ALL_LDFLAGS) -Wl,-z,defs,-z,relro,-z,now -Wl,-soname,libiov.so.$(SOVERSION) \
		-Wl,--version-script=$(BUILD)/gen/libiov.map -o $@ -Wl,--whole-archive $(BUILD)/lib/libiov-runtime.a \
		-Wl,--no-whole-archive $(filter-out %/libiov-runtime.a,$(filter %.a,$^)) $(call externals,runtime)

# One object whose other names are local, so that nobody's btf_find() clashes with ours.
$(BUILD)/lib/libiov.a: $(LIBIOV_PARTS) $(BUILD)/gen/libiov.symbols
	$(call say,AR,$@)$(LD) -r -o $(BUILD)/lib/libiov.o --whole-archive $(filter %.a,$^) && \
	objcopy --keep-global-symbols=$(BUILD)/gen/libiov.symbols $(BUILD)/lib/libiov.o && \
	rm -f $@ && $(AR) rcsD $@ $(BUILD)/lib/libiov.o && rm -f $(BUILD)/lib/libiov.o

define PKGCONFIG
prefix=$(PREFIX)
libdir=$(LIBDIR)
includedir=$(INCLUDEDIR)

Name: iov
Description: load, verify and run IO modules (eBPF objects)
Version: $(VERSION)
Libs: -L$${libdir} -liov
Libs.private: $(call externals,runtime)
Cflags: -I$${includedir}
endef
export PKGCONFIG

.PHONY: install libiov
libiov: $(LIBIOV)
install: tools libiov man
	$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR)/iov $(DESTDIR)$(DATADIR)
	$(INSTALL) -s $(TOOLS:%=$(BUILD)/bin/%) $(DESTDIR)$(BINDIR)
	$(INSTALL) -m 644 $(PUBLIC) $(DESTDIR)$(INCLUDEDIR)/iov
	$(INSTALL) -s -m 755 $(BUILD)/lib/libiov.so.$(VERSION) $(DESTDIR)$(LIBDIR)
	ln -sf libiov.so.$(VERSION) $(DESTDIR)$(LIBDIR)/libiov.so.$(SOVERSION)
	ln -sf libiov.so.$(SOVERSION) $(DESTDIR)$(LIBDIR)/libiov.so
	$(INSTALL) -m 644 $(BUILD)/lib/libiov.a $(DESTDIR)$(LIBDIR)
	printf '%s\n' "$$PKGCONFIG" >$(DESTDIR)$(LIBDIR)/pkgconfig/iov.pc
	cd stdlib && find include platforms modules examples -type f | while read -r f; do \
		$(INSTALL) -D -m 644 "$$f" "$(DESTDIR)$(DATADIR)/$$f"; done
	for page in $(MAN_PAGES); do \
		$(INSTALL) -D -m 644 "$$page" "$(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}"; done
	$(INSTALL) -D -m 644 -t $(DESTDIR)$(DATADIR)/licenses LICENSE NOTICE LICENSES/*
