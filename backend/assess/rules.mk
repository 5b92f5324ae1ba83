# SPDX-License-Identifier: Apache-2.0
# iovverify as a library: whole objects on platforms, and what is said about them.
$(eval $(call library,assess,backend/assess,verify object yaml isa base,))
