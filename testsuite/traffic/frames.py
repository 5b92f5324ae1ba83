# SPDX-License-Identifier: Apache-2.0
"""Frames, built byte by byte: every field can be wrong. Used by record and by firewall_test."""
import ipaddress
import socket
import struct

MAC_A, MAC_B = bytes.fromhex("02000000000a"), bytes.fromhex("02000000000b")
CLIENT, SERVER = "10.1.0.2", "10.1.0.1"
CLIENT6, SERVER6 = "2001:db8:1::2", "2001:db8:1::1"


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def eth(payload, proto=0x0800, tags=()):
    return MAC_B + MAC_A + b"".join(struct.pack(">HH", p, t) for p, t in tags) + struct.pack(">H", proto) + payload


def ip4(payload, proto=17, src=CLIENT, dst=SERVER, ihl=None, version=4, total=None, frag=0, ttl=64, options=b"",
        ident=0x7777, bad_sum=False):
    words = 5 + len(options) // 4
    head = struct.pack(">BBHHHBBH4s4s", version << 4 | (words if ihl is None else ihl), 0,
                       words * 4 + len(payload) if total is None else total, ident, frag, ttl, proto, 0,
                       socket.inet_aton(src), socket.inet_aton(dst)) + options
    summed = (head + bytes(60))[:max(20, 4 * (words if ihl is None else ihl))]
    value = checksum(summed) ^ (0x0101 if bad_sum else 0)
    return head[:10] + struct.pack(">H", value) + head[12:] + payload


def ip6(payload, next_header=17, src=CLIENT6, dst=SERVER6, version=6, length=None, hops=64):
    return struct.pack(">IHBB", version << 28, len(payload) if length is None else length, next_header, hops) + \
        ipaddress.ip_address(src).packed + ipaddress.ip_address(dst).packed + payload


def udp_header(data=b"broken", sport=55555, dport=53, length=None):
    return struct.pack(">HHHH", sport, dport, 8 + len(data) if length is None else length, 0) + data


def tcp_header(flags, sport=55556, dport=80, doff=5, data=b""):
    return struct.pack(">HHIIBBHHH", sport, dport, 1, 0, doff << 4, flags, 1024, 0, 0) + data


def ext(next_header, length=0, kind=0):
    return bytes([next_header, length, kind, 0, 1, 2, 0, 0]) + bytes(8 * length)


def chain(count, last=17):
    """`count` destination options headers, the last one before UDP."""
    return b"".join(ext(60 if i + 1 < count else last, kind=1) for i in range(count))


def fragment6(next_header, offset, more, ident):
    return struct.pack(">BBHI", next_header, 0, offset | more, ident)


def write_pcap(path, frames):
    """frames: (seconds, bytes). Classic pcap, microseconds, Ethernet."""
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for at, frame in frames:
            f.write(struct.pack("<IIII", int(at), int(at % 1 * 1e6), len(frame), len(frame)) + frame)
