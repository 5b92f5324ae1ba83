/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what preprocessed text carries so that compiling it, on any machine, gives the bytes that compiling the source
 * gives. Preprocessed text alone cannot: lines and columns in line information are the source's, warnings look at
 * macros, a platform file lies elsewhere. So -E writes, as its second line, the name of a file that no compiler opens,
 *
 *	# 1 "<iov DIGEST DATA>" 1
 *
 * in which DATA (base64, zstd) holds every file that the preprocessor read or found, platform files, the options that
 * distcc keeps to itself, and the working folder. iovcc on such a text compiles the source again from these files
 * alone, provided that it is the same iovcc, DIGEST is that of the rest of the text, and the other options are the
 * same; else the text is compiled as it stands, as it is by other compilers. Files beside the source that a compile
 * depends on are named by linemarkers behind it, for ccache. */
#ifndef IOV_FRONTEND_CARRY_H
#define IOV_FRONTEND_CARRY_H

#include "frontend/driver.h"
#include "frontend/files.h"

/** Whether what -E gives for this step is to carry its sources: C from a file, no option that asks for another form
 * (-P, -dM, …), and no folder of headers that the environment names. carry_write leaves sources alone that ask for the
 * time. */
bool carry_wanted(const struct iovcc_plan *plan, const struct iovcc_step *step);
/** The files that a compile reads beside the source and its headers. */
enum iov_status carry_inputs(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink,
			     struct iov_option_list *files);
/** Put the line into preprocessed text. `files`: noted while it was made; the plan's platform files are added. */
enum iov_status carry_write(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iovcc_files *files,
			    struct iov_arena *arena, struct iov_sink *sink, struct iov_buf *text);
/** What a preprocessed text carries: the plan and the step become those of the source, `files` what was carried, and
 * *carried is set. Left alone when it carries nothing that can be used here. The types that CO-RE is resolved against
 * are too large to be carried: that those here are others is diagnosed. */
enum iov_status carry_read(struct iovcc_plan *plan, struct iovcc_step *step, struct iovcc_files *files,
			   struct iov_arena *arena, struct iov_sink *sink, bool *carried);

#endif
