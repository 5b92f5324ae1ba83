/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Owns: the name of the type of a ring buffer's records. A BTF map definition has no place for it (libbpf and the
 * kernel want a ring buffer without value type), so it is a BTF declaration tag at the map's variable: loaders that do
 * not know it ignore it, iovrun prints the records by it. The type has to be in the object's BTF: a function that is
 * not inlined and takes a pointer to it sees to that. */
#ifndef IOV_RECORD_H
#define IOV_RECORD_H

/** Behind the map's variable: `} events SEC(".maps") IOV_RECORD(my_event);` for records that are a struct my_event. */
#define IOV_RECORD(type) __attribute__((btf_decl_tag("iov:record:" #type)))

#endif
