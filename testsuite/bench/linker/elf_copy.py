# SPDX-License-Identifier: Apache-2.0
"""Copies of an eBPF object under other global names, in the symbol table and in BTF, so that many of them can be linked
into one. Little-endian objects as clang writes them; string tables grow at the end of the file."""
import struct

SYMBOL = struct.Struct("<IBBHQQ")
HEADER = struct.Struct("<IIQQQQIIQQ")
SHT_SYMTAB = 2
KIND_VAR, KIND_FUNC = 14, 12
# Bytes behind a type's head by its kind, and of each member.
TAIL = {1: (4, 0), 3: (12, 0), 4: (0, 12), 5: (0, 12), 6: (0, 8), 13: (0, 8), 14: (4, 0), 15: (0, 12), 17: (4, 0),
        19: (0, 12)}


class Elf:
    def __init__(self, data):
        self.data = bytearray(data)
        self.shoff, = struct.unpack_from("<Q", data, 0x28)
        count, names = struct.unpack_from("<HH", data, 0x3c)
        self.sections = [list(HEADER.unpack_from(data, self.shoff + 64 * i)) for i in range(count)]
        self.names = [self.string(names, s[0]) for s in self.sections]
        self.symtab = next(i for i, s in enumerate(self.sections) if s[1] == SHT_SYMTAB)

    def string(self, section, offset):
        at = self.sections[section][4] + offset
        return bytes(self.data[at:self.data.index(0, at)])

    def symbols(self):
        """(place in the file, name, is global, section's name or None)"""
        _, _, _, _, offset, size, link, _, _, _ = self.sections[self.symtab]
        for at in range(offset, offset + size, SYMBOL.size):
            name, info, _, section, _, _ = SYMBOL.unpack_from(self.data, at)
            known = self.names[section] if 0 < section < len(self.sections) else None
            yield at, self.string(link, name), info >> 4 != 0, known

    def move_to_end(self, index, extra):
        """The section's bytes with `extra` behind them, at the end of the file."""
        section = self.sections[index]
        self.data += bytes(-len(self.data) % 8)
        content = self.data[section[4]:section[4] + section[5]] + extra
        section[4], section[5] = len(self.data), len(content)
        self.data += content
        HEADER.pack_into(self.data, self.shoff + 64 * index, *section)


def defined(elf):
    return {name for _, name, is_global, section in elf.symbols()
            if is_global and section and section not in (b"license", b"version")}


def renamed(elf_bytes, names, suffix):
    """The object, with `suffix` behind each of these names."""
    elf = Elf(elf_bytes)
    strtab = elf.sections[elf.symtab][6]
    extra, base = bytearray(), elf.sections[strtab][5]
    for at, name, is_global, _ in list(elf.symbols()):
        if is_global and name in names:
            struct.pack_into("<I", elf.data, at, base + len(extra))
            extra += name + suffix + b"\0"
    elf.move_to_end(strtab, extra)
    if b".BTF" in elf.names:
        rename_types(elf, elf.names.index(b".BTF"), names, suffix)
    return bytes(elf.data)


def rename_types(elf, index, names, suffix):
    start = elf.sections[index][4]
    header, types, types_len, strings, strings_len = struct.unpack_from("<IIIII", elf.data, start + 4)
    at, end, text = start + header + types, start + header + types + types_len, start + header + strings
    extra = bytearray()
    while at < end:
        name, info = struct.unpack_from("<II", elf.data, at)
        kind, count = info >> 24 & 31, info & 0xffff
        if kind in (KIND_VAR, KIND_FUNC):
            old = bytes(elf.data[text + name:elf.data.index(0, text + name)])
            if old in names:
                struct.pack_into("<I", elf.data, at, strings_len + len(extra))
                extra += old + suffix + b"\0"
        fixed, each = TAIL.get(kind, (0, 0))
        at += 12 + fixed + each * count
    struct.pack_into("<I", elf.data, start + 20, strings_len + len(extra))
    elf.move_to_end(index, extra)
