# RUN: iovas --platform=linux-5.15 %s -o %t.o
# EXIT: 1
# A helper that the platform does not offer
	call bpf_ktime_get_tai_ns
	call 208
	call bpf_map_lookup_elem
	exit
#= STDERR
#| helper-platform.s:4:7: error: platform linux-5.15 has no helper bpf_ktime_get_tai_ns [IOV-A013]
#|     4 |         call bpf_ktime_get_tai_ns
#|       |              ^~~~~~~~~~~~~~~~~~~~
#| helper-platform.s:5:7: error: platform linux-5.15 has no helper 208, bpf_ktime_get_tai_ns [IOV-A013]
#|     5 |         call 208
#|       |              ^~~
