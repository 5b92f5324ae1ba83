# RUN: iovas %s -o %t.o
# RUN: for o in "--asm -p one" "--asm -j" "--asm -m" "--asm --cfg=dot" "--asm --no-source" "--cfg=dot -j" "--cfg=svg -d" "-m -p one" "--manifest --dialect=mnemonic" "-s --plain" "--asm again.o" "--cfg=dot again.o"; do iovdump $o %t.o; test $? -eq 2 || echo "$o is taken"; done
# Options that would leave others without effect are refused
	.program one, type=xdp
	r0 = 2
	exit
#= STDERR
#| iovdump: error: --asm and -p do not go together [IOV-B001]
#|   hint: --asm stands alone: it prints the whole object as one text, for iovas
#| iovdump: error: --asm and --json do not go together [IOV-B001]
#|   hint: --asm stands alone: it prints the whole object as one text, for iovas
#| iovdump: error: --asm and -m do not go together [IOV-B001]
#|   hint: --asm stands alone: it prints the whole object as one text, for iovas
#| iovdump: error: --asm and --cfg do not go together [IOV-B001]
#|   hint: --asm stands alone: it prints the whole object as one text, for iovas
#| iovdump: error: --asm and --no-source do not go together [IOV-B001]
#|   hint: --asm stands alone: it prints the whole object as one text, for iovas
#| iovdump: error: --cfg and --json do not go together [IOV-B001]
#|   hint: --cfg stands alone: it prints one picture
#| iovdump: error: --cfg and -d do not go together [IOV-B001]
#|   hint: --cfg stands alone: it prints one picture
#| iovdump: error: -p chooses among programs, and -m has none [IOV-B001]
#|   hint: add -d, -P, --cost or --cfg
#| iovdump: error: --dialect says how a listing looks, and --manifest has none [IOV-B001]
#|   hint: add -d
#| iovdump: error: --plain says how a listing looks, and -s has none [IOV-B001]
#|   hint: add -d
#| iovdump: error: --asm prints one object at a time [IOV-B001]
#|   hint: iovdump --asm again.o > module.s
#| iovdump: error: --cfg prints one object at a time [IOV-B001]
#|   hint: iovdump --cfg=svg again.o > picture.svg
