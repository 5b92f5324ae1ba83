/* SPDX-License-Identifier: Apache-2.0 */
#include "testsuite/diff/helpers/oracle.h"
void check_prototypes(const struct iov_platform *platform) { (void)platform; }
