/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the files of asm/types share: tokens, the syntax tree, the table of types in the making. */
#ifndef IOV_ASM_TYPES_PART_H
#define IOV_ASM_TYPES_PART_H

#include "asm/types/types.h"

#include "asm/base/text.h"

#include <elf.h>
#include <linux/btf.h>
#include <string.h>

/* uapi linux/btf.h of older header packages lacks these. */
enum { KIND_DECL_TAG = 17, KIND_TYPE_TAG = 18, KIND_ENUM64 = 19 };

enum { TYPES_MAX_DEPTH = 64, TYPES_MAX_CHAIN = 1000 };

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_NUMBER, TOKEN_STRING, TOKEN_PUNCT, TOKEN_BAD };
struct token {
	enum token_kind kind;
	const char *at;
	size_t len;
	const char *name; /* WORD, STRING: terminated, escapes undone */
	uint64_t value;   /* NUMBER; PUNCT: the character */
	bool negative;    /* NUMBER */
};

struct lexer {
	struct types *t;
	const char *begin, *p, *end;
	struct token token; /* the next one */
	bool hash_comments; /* '#' and ';' begin a comment: directives, not blocks */
	bool failed;        /* the statement was diagnosed */
};

/* A type expression. */
enum node_kind {
	NODE_VOID,
	NODE_NAME,
	NODE_INT,
	NODE_TAGGED,
	NODE_LABEL,
	NODE_DEF,
	NODE_PTR,
	NODE_ARRAY,
	NODE_FUNC,
	NODE_QUAL,
};
struct node {
	enum node_kind kind;
	uint8_t btf_kind; /* TAGGED: STRUCT, UNION, ENUM, ENUM64; QUAL: CONST, VOLATILE, RESTRICT, TYPE_TAG */
	const char *at;
	size_t len;
	const char *name;        /* NAME, INT (C's words), TAGGED, LABEL, TYPE_TAG */
	struct node *to, *index; /* PTR, ARRAY, FUNC (return), QUAL; index: ARRAY, NULL: the usual one */
	uint32_t nelems;
	struct field *fields; /* FUNC: parameters */
	uint32_t count;
	struct def *def; /* DEF */
	uint32_t depth;  /* 1 + what it takes to find it; 0: not known yet */
};

/* A member, parameter, enumerator or entry of a data section. */
struct field {
	const char *at, *name;
	size_t len;
	struct node *type;
	const char *label; /* data section: `@label` instead of a name */
	int64_t value;
	uint32_t bits;   /* width of a bit-field, 0: none */
	uint64_t at_bit; /* __at */
	uint32_t size;   /* __size */
	uint64_t align;
	bool is_bits, has_at, has_size, has_value, packed;
	struct field *next;
};

/* One type of the file. */
struct def {
	uint8_t kind; /* BTF_KIND_*; 0: a place for `label` alone */
	const char *at, *name, *label;
	size_t len;
	struct node *type; /* what it refers to; a FUNC_PROTO's node is the NODE_FUNC itself */
	struct field *fields;
	uint32_t count, linkage;
	const char *component; /* DECL_TAG: member or parameter by name, or NULL */
	struct token target;   /* DECL_TAG: name of a function or variable */
	int32_t component_index;
	uint8_t int_encoding, int_bits, int_offset;
	uint64_t size, align;
	int8_t flag; /* __kind_flag: -1 not said */
	bool has_size, packed, placed, is_inner, fwd;
	struct def *stands_for; /* of a place */
	uint32_t id;
	struct def *next;    /* in the order of the text */
	struct def *inner;   /* first body that stands inside this statement */
	struct def *sibling; /* next body of the same statement */
	struct def *prev_label;
};

enum record_kind { RECORD_FUNC, RECORD_LINE, RECORD_CORE };
struct record {
	enum record_kind kind;
	const char *at;
	struct types_at place;
	const char *name;  /* FUNC: name or NULL; LINE: file; CORE: the access string, or NULL */
	const char *text;  /* LINE */
	struct node *type; /* CORE; FUNC by label */
	const char *path;  /* CORE: readable path, in the text */
	size_t path_len, len;
	uint32_t core_kind, line, col, type_id;
	uint32_t rank, slot, order; /* where it goes in .BTF.ext */
	bool final;                 /* the place is final */
	struct record *next;
};

struct string_list {
	const char **items;
	uint32_t count, room;
};

/* index.c: types by name and by structure, the first of each; printer and reader use the same. */
enum { CLASS_TYPE, CLASS_STRUCT, CLASS_UNION, CLASS_ENUM, CLASS_FWD_STRUCT, CLASS_FWD_UNION, CLASS_FUNC, CLASS_VAR };
struct type_index {
	const struct iov_btf_type *types;
	uint32_t *slots, size, used;
	struct iov_arena *arena;
};
/* layout.c: C's layout rules, one member at a time; printer and reader use the same. */
struct layout {
	bool is_union, packed;
	uint64_t pos, end, align; /* bits, bits, bytes */
};
/* What a type takes. Sizes are 0 where there is none. */
struct extent {
	uint64_t size, align; /* bytes */
	bool has_size;
};
/* Alignments of structs, known once they are laid out: by id, 0 not yet. */
struct layouts {
	const struct iov_btf_type *types;
	uint32_t count;
	uint16_t *align;
	void (*lay_out)(void *ud, uint32_t id); /* fills align[id] (and, when reading, offsets) */
	void *ud;
};
enum { FORM_IOV, FORM_LLVM };

struct types {
	struct iov_arena *arena;
	struct iov_sink *sink;
	types_span_fn *span;
	void *span_ud;
	const char *reported; /* lookahead reads text twice: what stands before this was diagnosed already */
	struct def *defs, **tail; /* statements, in order */
	struct def *labels;       /* by prev_label */
	struct def **inner_tail;  /* bodies inside the statement that is being read */
	struct record *records, **record_tail;
	bool join_lines; /* types_join_lines */
	const char *file;           /* of the last .line */
	struct string_list strings; /* .btf_string */
	int form;
	unsigned depth; /* of bodies */
	bool no_auto, has_func, has_line, any, bad, oom;
	union {
		struct def def;
		struct node node;
		struct field field;
		struct record record;
	} scratch; /* given out when memory is refused; what is written there is never used: `oom` ends it all */

	/* made by types_number() and types_resolve() */
	struct def **label_table; /* by label */
	uint32_t label_count;
	bool circular;
	struct def **by_id; /* [0] unused */
	uint32_t def_count; /* of by_id; the types behind it are made */
	struct iov_btf_type *types;
	uint32_t count, room; /* with void */
	struct type_index *index;
	struct layouts layouts;
	const struct iov_object *obj;
};

/* lex.c */
void lex_init(struct lexer *l, struct types *t, const struct types_text *text, bool hash_comments);
void lex_next(struct lexer *l);
bool lex_is(const struct lexer *l, char punct);
bool lex_word(const struct lexer *l, const char *word);
bool lex_is_attribute(const struct lexer *l);
bool lex_take(struct lexer *l, char punct);
bool lex_take_word(struct lexer *l, const char *word);
/* Takes it, or says what was expected. */
bool lex_want(struct lexer *l, char punct, const char *after);
bool lex_want_number(struct lexer *l, const char *what, uint64_t most, uint64_t *value);
/* A word or a string. NULL: diagnosed. */
const char *lex_want_name(struct lexer *l, const char *what);
/* Likewise; *name stays what it was where none stands. */
bool lex_read_name(struct lexer *l, const char *what, const char **name);
const char *lex_label(struct lexer *l);
const char *lex_want_label(struct lexer *l);
void lex_error(struct lexer *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* circle.c: what no declaration can say among the types, or NULL. False: no memory. */
bool types_unsayable(const struct iov_btf *btf, struct iov_arena *arena, const char **what);
struct iov_diag *types_error(struct types *t, const char *at, size_t len, enum iov_diag_id id, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void *types_alloc(struct types *t, size_t size); /* zeroed; never NULL: on refusal `oom` is set and scratch is given */
#define TYPES_NEW(t, T) ((T *)types_alloc((t), sizeof(T)))

/* constant.c: a constant expression. `known`: enumerators of a body that is not declared yet. False: diagnosed. */
bool lex_constant(struct lexer *l, const char *what, const struct field *known, int64_t *value);

/* declare.c: C declarations. */
struct declaration {
	struct node *type;
	const char *name, *at; /* name NULL: abstract */
	size_t len;
	bool is_typedef, is_static, is_extern;
	bool bare; /* no declarator and no qualifier: the base alone */
};
/* Specifiers: what declarators build on. NULL: diagnosed. `d` gets storage classes. */
struct node *declare_base(struct lexer *l, struct declaration *d);
/* One declarator on a base. */
bool declare_one(struct lexer *l, struct node *base, struct declaration *d);
/* A type name: base and abstract declarator. */
struct node *declare_type(struct lexer *l);
/* The name of an integer that C has, from its words, as clang names it; NULL: none such. */
struct int_type {
	const char *name;
	uint8_t size, encoding, kind;
};
const struct int_type *types_int(const char *name);
const char *types_known_typedef(const char *name); /* "__u32" → "unsigned int" */

/* body.c: what stands between braces, and attributes. */
struct node *body_parse(struct lexer *l, uint8_t kind, const char *name, const char *label, const char *at);
bool attributes(struct lexer *l, struct def *def, struct field *field);
struct def *def_new(struct types *t, uint8_t kind, const char *name, const char *at, size_t len);

/* number.c */
struct def *find_label(const struct types *t, const char *label);
bool types_number(struct types *t);

/* resolve.c */
bool types_resolve(struct types *t);
/* The id of an expression; 0 also for what is diagnosed. */
uint32_t resolve(struct types *t, struct node *n);
/* First type of a class (below) and name, or 0. */
uint32_t types_lookup(const struct types *t, uint8_t kind, const char *name);

int type_class(const struct iov_btf_type *t); /* -1: is not known by a name */
bool index_init(struct type_index *x, const struct iov_btf_type *types, uint32_t count, struct iov_arena *arena);
/* The first type equal to `t` by name or structure, or 0. */
uint32_t index_find(const struct type_index *x, const struct iov_btf_type *t);
bool index_add(struct type_index *x, uint32_t id);

struct extent types_extent(struct layouts *x, uint32_t id);
/* Where the next member goes: bits. `bits`: width of a bit-field, 0: none. */
uint64_t layout_next(const struct layout *l, const struct extent *e, uint32_t bits);
void layout_take(struct layout *l, const struct extent *e, uint64_t at, uint32_t bits);
uint64_t layout_size(const struct layout *l); /* bytes */
/* What the enumerators of an enumeration alone say: sign, and whether 32 bits do. */
void enum_natural(const struct iov_btf_type *t, bool *negative, bool *wide);
/* Sizes and offsets of what was resolved. */
bool types_layout(struct types *t);

/* print.c: expressions as text. */
struct types_printer {
	const struct iov_btf *btf;
	struct iov_arena *arena;
	const struct iov_object *obj; /* may be NULL */
	int form;
	struct type_index index;
	struct layouts layouts;
	uint8_t *packed; /* by id: 1 packed, 2 offsets have to be said */
	uint32_t *uses;  /* how many types refer to it */
	bool *labelled;  /* `@id` was printed somewhere */
	bool *inner;     /* its body stands where it is used */
	bool *own_place; /* … and its number is given by `@label;` */
	struct iov_buf *out;
	bool failed;        /* out of memory */
	const char *cannot; /* what assembly cannot say */
};
void print_name(struct iov_buf *out, const char *name);   /* an identifier, or a string */
void print_string(struct iov_buf *out, const char *text); /* with quotes and escapes */
/* The declaration of `name` ("" for none) with type `id`. `forced`: the outermost step is printed as it is, not by
 * label; `body`: an anonymous type directly below may be printed with its body, at this depth of indentation. */
void print_declaration(struct types_printer *p, uint32_t id, const char *name, bool forced, int body);
void print_label(struct types_printer *p, uint32_t id);
/* print_body.c */
void print_body(struct types_printer *p, uint32_t id, int indent);
bool print_layouts(struct types_printer *p);
bool is_composite(uint8_t kind);
bool is_anonymous(const struct iov_btf_type *t);

/* datasec.c: where an entry of a data section lies when nothing is said. */
struct entry {
	uint32_t offset, size;
};
bool datasec_entry(const struct iov_object *obj, int form, const char *section, const struct iov_btf_type *var,
		   uint64_t type_size, struct entry *out);
uint32_t datasec_size(const struct iov_object *obj, int form, const char *section);

/* path.c: access strings of CO-RE records and what they mean. */
const char *core_kind_name(uint32_t kind); /* NULL: unknown */
/* The access string for a readable path (`len` bytes) from type `root`. NULL: it leads nowhere; *bad: where,
 * or NULL when memory was refused. */
const char *path_to_access(const struct iov_btf *btf, uint32_t root, uint32_t kind, const char *path, size_t len,
			   struct iov_arena *arena, const char **bad);
/* The readable path; false: names cannot say it. */
bool access_to_path(const struct iov_btf *btf, uint32_t root, uint32_t kind, const char *access, struct iov_buf *out);

/* finish_llvm.c */
bool finish_llvm(struct types *t, struct iov_object *obj, struct iov_btf *btf, struct iov_btf_ext *ext);

/* Put a node at the end of a list. What stands for a node that memory was refused for hangs on none: it is one for all,
 * and a list that it hung on twice would have no end. */
#define TYPES_APPEND(t, tail, node)                                                                                    \
	do {                                                                                                           \
		if (!(t)->oom) {                                                                                       \
			*(tail) = (node);                                                                              \
			(tail) = &(node)->next;                                                                        \
		}                                                                                                      \
	} while (0)

#endif
