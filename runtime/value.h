/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: scalars written as text, into bytes by their BTF type. */
#ifndef IOV_RUNTIME_VALUE_H
#define IOV_RUNTIME_VALUE_H

#include "linker/object/btf.h"

/** Parse `text` as a value of scalar type `id` (integer, enumeration, _Bool, char) into its btf_size() bytes: decimal,
 * 0x…, negative, true, false, 'c', an enumerator's name. NULL, or why not (static text). Typedefs __be16, __be32 and
 * __be64 on the way are stored in network order. */
const char *value_scalar(const struct iov_btf *btf, uint32_t id, const char *text, bool big_endian, uint8_t *to);

/** True when `id` reaches its scalar through a typedef __be16, __be32 or __be64. */
bool value_is_network_order(const struct iov_btf *btf, uint32_t id);

/** Store the low `size` bytes of `v`. */
void value_store(uint64_t v, uint32_t size, bool big_endian, uint8_t *to);

#endif
