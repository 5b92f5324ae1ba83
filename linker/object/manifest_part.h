/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the files that read and write manifest records share with each other alone. */
#ifndef IOV_OBJECT_MANIFEST_PART_H
#define IOV_OBJECT_MANIFEST_PART_H

#include "linker/object/internal.h"
#include "linker/object/manifest.h"

/* Fill in m->records and m->damaged from a section's bytes. */
enum iov_status frames_read(const uint8_t *bytes, size_t len, struct iov_arena *arena, struct iov_manifest *m);
/* Fill in m->facts and m->evidence from m->records, and whether they are current. */
enum iov_status payloads_read(const struct iov_object *obj, struct iov_arena *arena, struct iov_manifest *m);

#endif
