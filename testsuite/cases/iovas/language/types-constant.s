# RUN: iovas %s -o %t.o
# RUN: iovdump -T %t.o
# Constant expressions of C in sizes and enumerators
	.btf
	enum kind { A = 1, B, C = 1 << 4, D = C | 1, E = -1 - 2, F = ~0, G = (2 -1) * 3, H = 0x10 / 3 % 4, I = A + 8 >> 1 };
	enum { MAX = 4 };
	struct arr { char name[16 * 2]; int n[MAX + 1]; char z[]; };
	.endbtf
#= STDOUT
#|
#| types
#| 	enum kind {
#| 		A = 1,
#| 		B,
#| 		C = 16,
#| 		D,
#| 		E = -3,
#| 		F = -1,
#| 		G = 3,
#| 		H = 1,
#| 		I = 4,
#| 	};
#| 	enum {
#| 		MAX = 4,
#| 	};
#| 	struct arr {
#| 		char name[32];
#| 		int n[5];
#| 		char z[0];
#| 	};
#| 	char;
#| 	__ARRAY_SIZE_TYPE__;
#| 	char [32];
#| 	int;
#| 	int [5];
#| 	char [0];
