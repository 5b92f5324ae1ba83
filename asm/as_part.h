/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the files of the assembler share: its state, and what directives are written with.
 *
 * A place in the output is a section and a *flat offset*: bytes before layout, in which every part whose size is not
 * known yet (alignment behind such a part, LEB128 of a label difference, a jump that may have to grow) counts with the
 * bytes that stand for it in the section's buffer. as_address() maps flat offsets to final ones once as_layout() ran.
 *
 * A position in the text is a plain pointer into the text of a source; lines and columns are counted only when a
 * message or line information needs them (as_source.c). */
#ifndef IOV_ASM_AS_PART_H
#define IOV_ASM_AS_PART_H

#include "asm/as.h"
#include "asm/base/text.h"

#include <elf.h>
#include <string.h>

/* Text that is assembled: a file, or the expansion of a macro or repetition. Lives as long as the assembler. */
struct as_source {
	const char *name;             /* file */
	const char *text, *end;       /* *end is 0 */
	const struct as_source *from; /* includes or expands this one; NULL: the main file */
	const char *at;               /* where, in `from` */
	const char *macro;            /* name of the macro that was expanded; NULL: a file */
	const char *origin;           /* expansions: where the body stands, in an earlier source */
	uint32_t depth;
	uint32_t *lines, line_count; /* starts of lines, once somebody asked */
	struct as_marker *markers;   /* "# 12 "file.c"" of the C preprocessor, latest first */
	struct as_source *next;
};
struct as_marker {
	const char *at, *file;
	uint32_t line;
	struct as_marker *next;
};

/* What is being read. */
struct as_frame {
	struct as_source *source;
	const char *p;   /* of the frames below the top: where to go on */
	uint64_t repeat; /* times still to come */
	struct as_frame *below;
	uint32_t if_depth; /* conditionals open when it began */
};

/* A value: n + add - sub, where add and sub are symbols (0: none); or a tree where that is not enough. */
struct as_value {
	int64_t n;
	uint32_t add, sub;
	const struct as_expr *expr;
};
struct as_expr {
	int op; /* enum as_op */
	struct as_value a, b;
};

enum as_symbol_kind {
	AS_UNDEFINED,
	AS_LABEL,   /* section and flat offset */
	AS_EQUATE,  /* value */
	AS_COMMON,  /* value.n: size; offset: alignment */
	AS_SECTION, /* a section's own symbol */
	AS_FILE,
};
struct as_symbol {
	const char *name; /* not terminated; NULL: a local label or "." */
	uint32_t len, hash;
	uint32_t section, offset;
	uint32_t local_next; /* numbered labels: the instance "1f" means */
	uint8_t kind, bind, type, visibility;
	bool bind_set;    /* .local, .global, .weak said so */
	bool used;        /* a jump leads to it */
	bool in_reloc;    /* a relocation names it */
	bool reported;    /* undefined, and said so */
	bool fixed_order; /* .symbol: comes before those that are numbered by first mention */
	bool named_reloc; /* relocations name this local symbol itself, not its section */
	bool redefinable;
	uint32_t object_index;
	const char *elf_name; /* another name in the object, or NULL */
	const char *at;       /* definition */
	struct as_value value;
	struct as_value size;
	const char *size_at;
};

enum as_fix_kind {
	AS_FIX_1,
	AS_FIX_2,
	AS_FIX_4,
	AS_FIX_8,     /* data */
	AS_FIX_IMM,   /* instruction's immediate: an absolute value */
	AS_FIX_OFF,   /* its offset, likewise */
	AS_FIX_IMM64, /* two slots: absolute, or a symbol's address */
	AS_FIX_CALL,  /* a callee */
	AS_FIX_ULEB,
	AS_FIX_SLEB,  /* a variable part */
	AS_FIX_RELOC, /* .reloc: `type` against value */
};
struct as_fixup {
	const char *at;
	struct as_value value;
	uint32_t offset;
	uint8_t kind, type;
};

/* A jump to a label; `wide`: its immediate holds the distance. */
struct as_jump {
	const char *at;
	uint32_t offset, symbol;
	int32_t addend; /* slots */
	uint8_t wide;
};

enum as_point_kind { AS_POINT_ALIGN, AS_POINT_ULEB, AS_POINT_SLEB, AS_POINT_JUMP, AS_POINT_GONE };
/* A part of variable size: `flat` bytes at `offset` in the buffer become `size` bytes. */
struct as_point {
	uint32_t offset, flat;
	uint64_t size;
	int64_t shift;  /* growth of all points up to and with this one */
	uint64_t align; /* alignment: bytes, most bytes to skip (0: any), fill; else the index of fixup or jump */
	uint32_t max;
	uint8_t kind, fill;
};

/* Relocations of a section, by offset unless `unsorted` says so. */
struct as_relocs {
	struct iov_reloc *rows; /* symbol: an as_symbol */
	uint32_t count, room;
	bool unsorted;
};

struct as_section {
	const char *name;
	uint32_t type, elf_index, symbol, link, info;
	uint64_t flags, entsize, align;
	struct iov_buf data; /* SHT_NOBITS: empty; `size` counts */
	uint64_t size;
	struct as_fixup *fixups;
	uint32_t fixup_count, fixup_room;
	struct as_jump *jumps;
	uint32_t jump_count, jump_room;
	struct as_point *points;
	uint32_t point_count, point_room;
	struct as_relocs relocs;
	struct iov_buf marks;       /* with -O: by slot, 1 where an instruction begins */
	struct as_detours *detours; /* as_trampoline.c; NULL: none */
	bool has_code;
	bool far_reported; /* a jump was too long */
	bool lines_made; /* its rows stand in .debug_line */
	const char *at;  /* first mention */
};

struct as_word;
struct as_words;
struct as_cond;
struct as_macro;
struct as_module; /* as_module.c */
struct as_types;  /* as_types.c */
struct as_dwarf;  /* as_dwarf.c */

enum { AS_RECENT = 16 };
struct as {
	const char *p;         /* the next character; the text ends with a 0 */
	const char *statement; /* where it began */
	struct as_frame *frame;
	struct as_section *cur; /* NULL until the first byte or section */
	const struct as_trie *trie;
	const struct iov_as_options *options;
	const struct iov_platform *platform;
	uint32_t cpu;
	bool big, failed_memory;
	bool bad;         /* the statement was diagnosed: skip what is left of it */
	uint8_t dialects; /* bit 1: kernel, bit 2: mnemonic */
	struct iov_arena *arena;
	const struct iov_alloc *alloc;
	struct iov_sink *sink;
	uint32_t errors;
	struct {
		const char *at;
		enum iov_diag_id id;
	} recent[AS_RECENT]; /* mistakes reported last */
	struct as_source *sources; /* latest first */
	const char *main_name;

	struct as_symbol **symbols; /* pages of AS_PAGE; symbol 0 is none */
	uint32_t symbol_count, page_count;
	uint32_t *hash, hash_size;
	uint32_t *order; /* .symbol: ids in their order */
	uint32_t order_count, order_room;
	uint32_t dot; /* symbol for "." at the current place, 0: none yet */
	uint32_t dot_offset;
	const struct as_section *dot_section;

	struct as_section **sections; /* [0] is unused */
	uint32_t section_count, section_room;
	struct as_section *previous;
	struct as_pushed *pushed;
	const char *file_name; /* .file "x.c" */

	struct as_words *words; /* directives and macros */
	struct as_cond *cond;
	uint32_t if_depth;
	uint32_t expansions; /* \@ */
	uint64_t expanded;   /* bytes, of all expansions and included files */
	bool expansion_reported;
	uint32_t macro_count;
	bool has_symbol_rows; /* .symbol was used */
	uint32_t func;        /* between .func and .endfunc: its symbol */
	const char *func_at;
	bool func_unsure;  /**< one began inside another: which .endfunc is whose is not known */
	bool func_is_program; /* ends by itself */
	struct as_module *module;
	struct as_types *types;
	struct as_dwarf *dwarf;
};

enum { AS_PAGE_BITS = 10, AS_PAGE = 1 << AS_PAGE_BITS };
static inline struct as_symbol *as_sym(const struct as *s, uint32_t id)
{
	return &s->symbols[id >> AS_PAGE_BITS][id & (AS_PAGE - 1)];
}

/* --- as_source.c: sources, positions, messages --- */
struct as_source *as_source_add(struct as *s, const char *name, const char *text, const char *end);
struct as_source *as_source_of(const struct as *s, const char *at);
/* Line of a position by preprocessor markers where there are any; *file likewise. */
uint32_t as_line(struct as *s, const char *at, const char **file, uint32_t *col);
struct iov_span as_span(struct as *s, const char *at, size_t len);
/* A mistake at `at`; `len` bytes are underlined (0: the word or character there). Marks the statement as bad. */
struct iov_diag *as_error(struct as *s, const char *at, size_t len, enum iov_diag_id id, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
struct iov_diag *as_warn(struct as *s, const char *at, size_t len, enum iov_diag_id id, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
bool as_push(struct as *s, struct as_source *source, uint64_t repeat);
/* The expansion of a macro or repetition: `text` becomes a source that is read next. */
bool as_push_text(struct as *s, const char *what, const char *at, const char *origin, const char *text, size_t len,
		  uint64_t repeat);
void as_marker(struct as *s);
void *as_oom(struct as *s); /* remembers; returns NULL */

/* --- as_lex.c: characters, words, strings, numbers --- */
enum { AS_C_WORD = 1, AS_C_START = 2, AS_C_DIGIT = 4, AS_C_END = 8, AS_C_BLANK = 16, AS_C_HEX = 32, AS_C_RARE = 64 };
extern const uint8_t as_class[256];
static inline bool as_is(char c, int class)
{
	return as_class[(uint8_t)c] & class;
}
void as_skip_comment(struct as *s);
/* Over blanks and comments within a line. */
static inline void as_blanks(struct as *s)
{
	while (*s->p == ' ' || *s->p == '\t')
		s->p++;
	if (as_is(*s->p, AS_C_RARE)) /* a comment may begin here, or a blank that nobody sees */
		as_skip_comment(s);
}
/* True at the end of the statement (blanks are skipped). */
bool as_at_end(struct as *s);
/* Nothing may follow: diagnoses what does. */
bool as_end(struct as *s);
void as_skip_statement(struct as *s);
void as_skip_line(struct as *s);
bool as_comma(struct as *s);      /* takes a comma if there is one */
bool as_want_comma(struct as *s); /* diagnoses when there is none */
/* A word (letters, digits, _ . $) or a quoted name: its start and length; false and no diagnostic when there is none.
 */
bool as_word(struct as *s, const char **word, size_t *len);
bool as_want_word(struct as *s, const char *what, const char **word, size_t *len);
/* A quoted string with its escapes undone, in the arena, terminated. False: diagnosed. */
bool as_string(struct as *s, const char **text, size_t *len);
/* "name" or name, terminated, in the arena: for section and file names. */
const char *as_name(struct as *s, const char *what);
bool as_number(struct as *s, uint64_t *value);
static inline bool as_word_is(const char *word, size_t len, const char *what)
{
	return strlen(what) == len && !memcmp(word, what, len);
}
/* 0..10 for r0..r10, 11..21 for w0..w10, -1: no register, -2: r11, w99 and the like. */
int as_register(const char *word, size_t len);

/* --- as_symbol.c --- */
uint32_t as_intern(struct as *s, const char *name, size_t len);
uint32_t as_lookup(const struct as *s, const char *name, size_t len); /* 0: never mentioned */
uint32_t as_anonymous(struct as *s);
uint32_t as_here(struct as *s);                                                   /* a symbol for "." */
uint32_t as_numbered(struct as *s, const char *digits, size_t len, bool forward); /* 1b, 1f; 0 when there is none */
bool as_define_label(struct as *s, uint32_t id, const char *at);
bool as_define_numbered(struct as *s, const char *digits, size_t len);
bool as_assign(struct as *s, uint32_t id, const char *at, struct as_value value, bool redefinable);
/* A symbol operand of a directive. 0: diagnosed. */
uint32_t as_want_symbol(struct as *s);
/* As text, for messages. */
const char *as_symbol_name(struct as *s, uint32_t id);
/* True for names that never reach the object: .Lx, LBB0_1. */
bool as_is_private(const struct as_symbol *y);

/* --- as_expr.c --- */
enum as_op {
	AS_OP_NONE,
	AS_OP_MUL,
	AS_OP_DIV,
	AS_OP_MOD,
	AS_OP_ADD,
	AS_OP_SUB,
	AS_OP_SHL,
	AS_OP_SHR,
	AS_OP_LT,
	AS_OP_LE,
	AS_OP_GT,
	AS_OP_GE,
	AS_OP_EQ,
	AS_OP_NE,
	AS_OP_AND,
	AS_OP_XOR,
	AS_OP_OR,
	AS_OP_LAND,
	AS_OP_LOR,
	AS_OP_NEG,
	AS_OP_NOT,
	AS_OP_LNOT,
	AS_OP_TERNARY,
	AS_OP_ELSE,
};
/* Any expression; `target`: without comparisons, as a jump's target is followed by <label>. False: diagnosed. */
bool as_expr(struct as *s, struct as_value *out);
bool as_expr_target(struct as *s, struct as_value *out);
/* One whose value is known here and now. */
bool as_expr_now(struct as *s, int64_t *out);
static inline bool as_is_number(const struct as_value *v)
{
	return !v->add && !v->sub && !v->expr;
}
/* What an expression comes to: a number, or a number and one symbol that is a label, common or undefined. */
enum as_result { AS_KNOWN, AS_SYMBOLIC, AS_UNKNOWN };
/* Before layout (`final` false) only differences without variable parts between them are known. */
enum as_result as_evaluate(struct as *s, const struct as_value *v, bool final, int64_t *n, uint32_t *symbol);

/* --- as_section.c --- */
struct as_section *as_section_find(const struct as *s, const char *name);
struct as_section *as_section_get(struct as *s, const char *name, uint32_t type, uint64_t flags, uint64_t entsize);
void as_section_switch(struct as *s, struct as_section *section);
struct as_section *as_section_now(struct as *s); /* the current one; .text when there is none yet; NULL: no memory */
void as_push_section(struct as *s);              /* as_dir_section.c */
struct as_section *as_section_bss(struct as *s);
uint32_t as_flat(const struct as_section *x); /* flat offset of the end */
uint8_t *as_emit(struct as *s, size_t len);   /* room in the current section; NULL: diagnosed */
void as_emit_data(struct as *s, const void *data, size_t len);
void as_emit_int(struct as *s, uint64_t value, unsigned bytes);
void as_emit_value(struct as *s, const char *at, const struct as_value *v, unsigned bytes);
void as_emit_leb(struct as *s, const char *at, const struct as_value *v, bool is_signed);
void as_emit_zero(struct as *s, uint64_t count, uint8_t fill);
void as_align(struct as *s, uint64_t align, uint8_t fill, uint32_t max);
struct as_fixup *as_fix(struct as *s, struct as_section *x, const char *at, uint32_t offset, enum as_fix_kind kind,
			const struct as_value *v);
struct as_jump *as_jump(struct as *s, struct as_section *x);
struct as_point *as_point(struct as *s, struct as_section *x, enum as_point_kind kind, uint32_t offset, uint32_t flat);
static inline void as_store(uint8_t *to, uint64_t value, unsigned bytes, bool big)
{
	for (unsigned i = 0; i < bytes; i++)
		to[i] = (uint8_t)(value >> 8 * (big ? bytes - 1 - i : i));
}

/* --- as_layout.c --- */
void as_layout(struct as *s);
/* Final offset of a flat one. */
uint64_t as_address(const struct as_section *x, uint32_t flat);
/* True when no variable part lies between two flat offsets of a section. */
bool as_is_fixed(const struct as_section *x, uint32_t a, uint32_t b);
/* New sizes for all points of a section, until none changes. */
void as_settle(struct as *s, struct as_section *x);
/* The same, after points were added out of order. */
void as_points_added(struct as *s, struct as_section *x);
/* Where a jump leads to, flat. False: to no place of the section. */
bool as_jump_target(struct as *s, const struct as_section *x, const struct as_jump *j, uint32_t *flat);
/* Slots from behind a jump to where it goes first, as things stand. */
int64_t as_jump_distance(struct as *s, const struct as_section *x, const struct as_jump *j);
/* A goto, at a final offset. */
void as_put_goto(struct as *s, struct as_section *x, uint64_t at, int64_t distance);

/* The opposite of a conditional jump's operation; 0: there is none (jset, may_goto). */
uint8_t as_inverse_jump(uint8_t code);

/* --- as_peephole.c: -O --- */
void as_peephole(struct as *s);

/* --- as_trampoline.c: jumps out of reach, below level v4 --- */
void as_trampolines(struct as *s, struct as_section *x);
/* Final offset of the trampoline that a jump goes to; 0: to its target. */
uint64_t as_detour(const struct as_section *x, const struct as_jump *j);
void as_write_trampolines(struct as *s, struct as_section *x);

/* --- as_dir_data.c: files --- */
bool as_read_file(struct as *s, const char *name, const char *at, struct iov_buf *out, const char **path);

/* --- as_form.c, as_insn.c: instructions --- */
/* Code may stand here: else diagnosed. */
bool as_begin_function(struct as *s, struct as_section *x, const char *at);
const struct as_trie *as_trie_make(struct as *s);
void as_instruction(struct as *s);

/* --- directives --- */
typedef void as_directive_fn(struct as *s, int arg, const char *at); /* at: the directive's name */
/* "@function", "%nobits", a number: the word's value. `all`: what there is, for the message. False: diagnosed. */
struct as_type_word {
	const char *name;
	uint32_t type;
};
bool as_type_word(struct as *s, const struct as_type_word *words, size_t count, const char *wanted, const char *all,
		  uint32_t *type);
struct as_directive {
	const char *name;
	as_directive_fn *run;
	int arg;
};
/* Directives and macros share one table of words. */
struct as_word {
	const char *name;
	uint32_t len, hash;
	const struct as_directive *directive;
	struct as_macro *macro;
};
bool as_words_init(struct as *s);
struct as_word *as_word_find(const struct as *s, const char *name, size_t len);
bool as_word_add(struct as *s, const char *name, size_t len, const struct as_directive *directive,
		 struct as_macro *macro);
void as_directive(struct as *s, const char *name, size_t len);
#define DIRECTIVE(name, run, arg, arguments, help) as_directive_fn run;
#include "asm/as_directives.def"
#undef DIRECTIVE

/* --- as_types.c: BTF --- */
struct types *as_types_of(struct as *s); /* made when it is asked for first; NULL: no memory */
void as_types_instruction(struct as *s, const char *at, uint32_t section, uint32_t offset);
/* obj's sections and symbols are final: its types. */
enum iov_status as_types_finish(struct as *s, struct iov_object *obj);
void as_types_free(struct as *s);

/* --- as_map.c: maps of .btf blocks. True: no attributes follow the name. --- */
bool as_map_is_declared(const struct as *s);
void as_map_declared(struct as *s, const char *name, const char *at);
/* [INDEX]=SYMBOL, … behind a definition of `size` bytes that ends here. The bytes of both. */
uint64_t as_map_values(struct as *s, uint64_t size);

/* --- as_module.c, and what it needs of as_types.c, as_dir_symbol.c --- */
void as_close_program(struct as *s);
void as_module_finish(struct as *s);
void as_types_declare(struct as *s, const char *what, const char *at, const char *declaration);
bool as_types_declares(const struct as *s, const char *function);
void as_end_function(struct as *s, const char *at);

/* --- as_note.c: what the module's and DWARF's parts are told --- */
void as_finish(struct as *s);                                                  /* all text was read */
void as_dwarf_here(struct as *s, const struct as_section *x, uint32_t offset); /* as_dwarf.c; s->dwarf is there */
void as_dwarf_finish(struct as *s);                                            /* as_dwarf_out.c: after layout */

/* --- as_flow.c: conditionals, macros, repetitions --- */
bool as_is_skipping(const struct as *s);
void as_skip_inactive(struct as *s);
/* Counts expanded bytes; false: diagnosed, and reading ends. */
bool as_may_expand(struct as *s, uint64_t bytes, const char *at);
void as_macro_call(struct as *s, struct as_macro *macro, const char *at);
void as_flow_end(struct as *s, uint32_t if_depth); /* the end of a source: what is still open is diagnosed */

/* --- as_names.c: names that are found out at the end --- */
const char *as_fix_range(const struct as_fixup *f, int64_t n);
void as_undefined(struct as *s, uint32_t id, const char *at);
void as_unknown(struct as *s, const struct as_value *v, const char *at);
/* Whether an undefined name is a helper's; its number. s->bad when it was diagnosed. */
bool as_helper_call(struct as *s, uint32_t id, const char *at, int64_t *number);

/* --- as_resolve.c, as_object.c --- */
bool as_write_jump(struct as *s, struct as_section *x, const struct as_jump *j);
void as_resolve(struct as *s);
enum iov_status as_object(struct as *s, struct iov_buf *out);
/* A relocation of the object, in final offsets. */
bool as_reloc(struct as *s, struct as_section *x, uint64_t offset, uint32_t type, uint32_t symbol);

#endif
