# SPDX-License-Identifier: Apache-2.0
"""What two eBPF objects have to have in common to be called the same, read without any of the code under test."""
import struct

SHT_NULL, SHT_SYMTAB, SHT_STRTAB, SHT_NOBITS, SHT_REL = 0, 2, 3, 8, 9


class Elf:
    """Sections (but the tables that every writer makes in its own way), symbols in order, relocations."""

    def __init__(self, data):
        self.e = "<" if data[5] == 1 else ">"
        shoff, = struct.unpack_from(self.e + "Q", data, 40)
        count, names = struct.unpack_from(self.e + "HH", data, 60)
        headers = [struct.unpack_from(self.e + "IIQQQQIIQQ", data, shoff + 64 * i) for i in range(count)]
        body = [data[h[4]:h[4] + h[5]] if h[1] != SHT_NOBITS else b"" for h in headers]
        self.names = [text(body[names], h[0]) for h in headers]
        self.symbols, self.relocs, self.sections = [], {}, {}
        for h, b in zip(headers, body):
            if h[1] == SHT_SYMTAB:
                for at in range(0, len(b), 24):
                    name, info, other, section, value, size = struct.unpack_from(self.e + "IBBHQQ", b, at)
                    where = self.names[section] if 0 < section < count else section
                    self.symbols.append((text(body[h[6]], name), info, other, where, value, size))
        for i, (h, b) in enumerate(zip(headers, body)):
            if h[1] == SHT_REL:
                rows = [struct.unpack_from(self.e + "QQ", b, at) for at in range(0, len(b), 16)]
                self.relocs[self.names[h[7]]] = sorted((at, info & 0xffffffff, self.symbols[info >> 32])
                                                       for at, info in rows)
            elif h[1] not in (SHT_NULL, SHT_SYMTAB, SHT_STRTAB) and self.names[i] != ".llvm_addrsig":
                self.sections[self.names[i]] = (h[1], h[2], h[5], h[8], h[9], b)
        self.relocs.pop(".llvm_addrsig", None)


def text(table, at):
    return table[at:table.index(b"\0", at)].decode("latin1")


def difference(a, b):
    """What is not the same in two files, or None."""
    x, y = Elf(a), Elf(b)
    if list(x.sections) != list(y.sections):
        return f"sections {list(x.sections)} became {list(y.sections)}"
    for name, row in x.sections.items():
        if row != y.sections[name]:
            return f"section {name} differs" + ("" if row[:5] != y.sections[name][:5] else " in its content")
    for old, new in zip(x.symbols, y.symbols):
        if old != new:
            return f"symbol {old} became {new}"
    if len(x.symbols) != len(y.symbols):
        return f"{len(x.symbols)} symbols became {len(y.symbols)}"
    for name in {*x.relocs, *y.relocs}:
        if x.relocs.get(name) != y.relocs.get(name):
            return f"relocations of {name} differ"
    return None


def records(elf):
    """.BTF.ext as [(kind, section, slot, rest)], strings and numbers in place of offsets."""
    btf, ext = elf.sections[".BTF"][5], elf.sections[".BTF.ext"][5]
    header, _, _, strings, _ = struct.unpack_from(elf.e + "IIIII", btf, 4)
    table = btf[header + strings:]
    out, (header,) = [], struct.unpack_from(elf.e + "I", ext, 4)
    for kind, at in (("func", 8), ("line", 16), ("core", 24)):
        offset, length = struct.unpack_from(elf.e + "II", ext, at)
        body = ext[header + offset:header + offset + length]
        if not body:
            continue
        size, at = struct.unpack_from(elf.e + "I", body)[0], 4
        while at < len(body):
            name, count = struct.unpack_from(elf.e + "II", body, at)
            at += 8
            for _ in range(count):
                row = struct.unpack_from(elf.e + f"{size // 4}I", body, at)
                at += size
                rest = row[1:]
                if kind == "line":
                    rest = (text(table, row[1]), text(table, row[2]), row[3])
                elif kind == "core":
                    rest = (row[1], text(table, row[2]), row[3])
                out.append((kind, text(table, name), row[0] // 8, rest))
    return sorted(out)
