# RUN: iovas %s -o %t.o
# EXIT: 1
# A helper that does not exist, with a suggestion
	call bpf_map_lokup_elem
	exit
#= STDERR
#| helper-unknown.s:4:7: error: there is no helper or function bpf_map_lokup_elem [IOV-A013]
#|     4 |         call bpf_map_lokup_elem
#|       |              ^~~~~~~~~~~~~~~~~~
#|   hint: did you mean 'bpf_map_lookup_elem'? A function of another object is declared with .extern bpf_map_lokup_elem
