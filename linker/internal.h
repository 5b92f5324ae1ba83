/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: struct linker, the working state of one link_objects() call, and the seams between its phases.
 *
 * An input's sections are cut into pieces: one for each function of a code section, one for each map of .maps, one for
 * every other section. Pieces are what is kept, dropped, folded and placed. */
#ifndef IOV_LINKER_INTERNAL_H
#define IOV_LINKER_INTERNAL_H

#include "linker/link.h"
#include "linker/object/btf_raw.h"

#include <elf.h>
#include <linux/btf.h>
#include <string.h>

enum { NONE = UINT32_MAX };

enum piece_kind { PIECE_CODE, PIECE_MAP, PIECE_DATA, PIECE_DEBUG };

struct piece {
	uint32_t input, section; /* whose it is */
	uint64_t offset, size;   /* bytes in that section */
	uint32_t symbol;         /* of the input: the function or map; 0: none */
	uint32_t btf;            /* FUNC or VAR in the input's types, or 0 */
	enum piece_kind kind;
	bool live;
	struct piece *folded; /* the piece that stands for this one */
	struct output *out;
	uint64_t at; /* bytes in the output section */
};

/* A name that more than one file may know. */
struct global {
	const char *name;
	uint32_t input, symbol;             /* the definition; input NONE: there is none */
	uint32_t user, user_symbol;         /* the first undefined reference; NONE: none */
	uint32_t out;                       /* index in the output's symbol table */
	uint8_t visibility;                 /* the narrowest of all */
	bool weak_use;                      /* every reference is weak */
	bool used;                          /* by a piece that stands in the result */
	bool bad;                           /* diagnosed */
	uint64_t common_size, common_align; /* bytes; of a COMMON definition */
	struct piece *common;               /* the place of a COMMON definition */
	uint32_t type;                      /* its VAR or FUNC in the joined types, 0: none yet */
};

struct input {
	struct iov_object *obj;
	struct piece *pieces; /* by section, then offset */
	uint32_t piece_count;
	uint32_t *first_piece;   /* by section; NONE: dropped as a whole */
	struct global **globals; /* by symbol; NULL: local */
	uint32_t *out_symbol;    /* by symbol: in the output's table */
	uint32_t *joined;        /* by type: what it is in the joined types; 0: nothing */
};

struct output {
	const char *name;
	struct output *next; /* of the bucket */
	uint32_t type;
	uint64_t flags, size, align, entsize;
	struct piece **pieces;
	size_t piece_room;
	uint32_t piece_count;
	uint32_t index, symbol; /* section number, section symbol */
	uint8_t *data;
};

enum { OUTPUT_BUCKETS = 512 };

struct linker {
	struct iov_arena *arena;
	struct iov_sink *sink;
	const struct iov_link_options *options;
	struct input *inputs;
	uint32_t input_count;
	struct global **table; /* by name, open addressing */
	uint32_t table_size, global_count;
	struct output **outputs;
	uint32_t output_count;
	size_t output_room;
	struct output *output_table[OUTPUT_BUCKETS]; /* by name */
	struct iov_object *result;
	const char *license;
	const struct iov_section *version;     /* of an input, or NULL */
	uint32_t version_input, license_input; /* whose symbols stand in the result; NONE: nobody's */
};

/* Phases, in this order (link.c). Each diagnoses all that it can. */
enum iov_status pieces_cut(struct linker *l);
enum iov_status symbols_resolve(struct linker *l);
enum iov_status commons_make(struct linker *l);
enum iov_status license_merge(struct linker *l);
enum iov_status agree_check(struct linker *l);
enum iov_status reach_mark(struct linker *l);
enum iov_status fold_same(struct linker *l);
enum iov_status layout_place(struct linker *l);
enum iov_status layout_fill(struct linker *l);
enum iov_status types_merge(struct linker *l);
enum iov_status contains_check(struct linker *l);
enum iov_status report_pieces(struct linker *l, struct iov_link_result *result);

/* A reference of one piece: a relocation, or a call inside a section that the compiler has settled already. */
struct ref {
	uint64_t offset;         /* bytes in the input's section */
	uint32_t symbol;         /* NONE: a settled call */
	uint32_t type;           /* IOV_R_BPF_* */
	uint32_t input, section; /* where it leads; section SHN_UNDEF: to nothing in these files */
	uint64_t target;         /* bytes in that section */
	struct global *global;   /* the name it goes by, or NULL */
};
struct ref_walk {
	const struct linker *l;
	const struct piece *p;
	uint64_t at;
	uint32_t reloc;
};
void refs_begin(struct ref_walk *w, const struct linker *l, const struct piece *p);
bool refs_next(struct ref_walk *w, struct ref *out);
/* Mark the names that relocations of a piece go by. */
void refs_use(const struct linker *l, const struct piece *p);

/* The piece that holds byte `offset` of a section (its end counts, where nothing begins there), and the byte inside
 * it; NULL: none. Follows folding. */
struct piece *piece_at(const struct linker *l, uint32_t input, uint32_t section, uint64_t offset, uint64_t *within);
/* Where a reference leads. Also a COMMON variable's piece. */
struct piece *ref_piece(const struct linker *l, const struct ref *ref, uint64_t *within);
/* The piece that a symbol of an input leads to, and the byte inside it; NULL: to none. */
struct piece *symbol_piece(const struct linker *l, uint32_t input, uint32_t symbol, uint64_t *within);
/* It has this name, and something is defined by it. */
bool symbol_is_named(const struct linker *l, uint32_t input, uint32_t symbol, const char *name);
/* The global of this name, or NULL. */
struct global *global_find(const struct linker *l, const char *name);
/* A global that no file defines, but the loader may: its VAR or FUNC in .ksyms or .kconfig of the input. */
uint32_t extern_btf(const struct input *in, const char *name, const char **section);
/* FUNC or VAR of a global symbol in the input's types; 0: none. */
uint32_t symbol_btf(const struct input *in, const char *name);
bool symbol_is_map(const struct linker *l, uint32_t input, uint32_t symbol);
/* The place that defines or uses a symbol, for messages. */
struct iov_span symbol_span(const struct linker *l, uint32_t input, uint32_t symbol);
/* Types of two objects are the same as far as one who links them can tell. `why` (may be NULL): the first difference.
 */
bool agree_types(const struct iov_btf *a, uint32_t x, const struct iov_btf *b, uint32_t y, struct iov_buf *why);

/* What the values of a map's slots begin as, by an input's definition of it. */
struct map_values {
	const struct iov_object *obj;
	const struct iov_reloc *first;
	uint32_t count;
	uint64_t start; /* bytes in its section, of slot 0 */
};
struct map_values map_values_of(const struct linker *l, uint32_t input, uint32_t symbol);
/* The same functions or maps, by name, in the same slots. `why`: the first difference. */
bool agree_values(const struct map_values *a, const struct map_values *b, struct iov_buf *why);

/* The innermost struct, union or enumeration of one name in both that makes two types differ; false: there is none. */
bool agree_inside(const struct iov_btf *a, uint32_t x, const struct iov_btf *b, uint32_t y, uint32_t *in_a,
		  uint32_t *in_b);

/* What a file says of a name, for messages: `what` ("defined"), with the place in the source where it is known. */
struct side {
	uint32_t input, type; /* type 0: not known */
	const char *what;
};
struct side side_of(struct linker *l, uint32_t input, uint32_t symbol, const char *what);
/* Both sides as notes, in C, with what differs marked. */
void sides_show(struct linker *l, struct iov_diag *d, const struct side *a, const struct side *b, const char *name);

static inline bool global_defined(const struct global *g)
{
	return g->input != NONE;
}
static inline struct iov_span span_of(const char *file)
{
	struct iov_span span = IOV_NOWHERE;

	span.file = file;
	return span;
}
#define LINK_DIAG(l, id, span, ...) diag_add((l)->sink, DIAG_##id, (span), __VA_ARGS__)

#endif
