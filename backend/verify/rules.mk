# SPDX-License-Identifier: Apache-2.0
$(eval $(call library,verify,backend/verify,isa base,))
$(eval $(call tool,iovverify,backend/verify,assess,))
