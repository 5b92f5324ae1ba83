/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: C declarations: specifiers and declarators → type expressions. Source: ISO C17, 6.7; what BTF cannot say
 * (register, initial values, bodies, …) is not there. */
#include "asm/types/part.h"

#include <linux/bpf.h>

/* Names as clang gives them. */
static const struct int_type ints[] = {
	{"char", 1, BTF_INT_SIGNED, BTF_KIND_INT},
	{"signed char", 1, BTF_INT_SIGNED, BTF_KIND_INT},
	{"unsigned char", 1, 0, BTF_KIND_INT},
	{"short", 2, BTF_INT_SIGNED, BTF_KIND_INT},
	{"unsigned short", 2, 0, BTF_KIND_INT},
	{"int", 4, BTF_INT_SIGNED, BTF_KIND_INT},
	{"unsigned int", 4, 0, BTF_KIND_INT},
	{"long", 8, BTF_INT_SIGNED, BTF_KIND_INT},
	{"unsigned long", 8, 0, BTF_KIND_INT},
	{"long long", 8, BTF_INT_SIGNED, BTF_KIND_INT},
	{"unsigned long long", 8, 0, BTF_KIND_INT},
	{"__int128", 16, BTF_INT_SIGNED, BTF_KIND_INT},
	{"unsigned __int128", 16, 0, BTF_KIND_INT},
	{"_Bool", 1, BTF_INT_BOOL, BTF_KIND_INT},
	{"__ARRAY_SIZE_TYPE__", 4, 0, BTF_KIND_INT},
	{"float", 4, 0, BTF_KIND_FLOAT},
	{"double", 8, 0, BTF_KIND_FLOAT},
};

static const struct {
	const char *name, *type;
} typedefs[] = {
	{"__u8", "unsigned char"},
	{"__u16", "unsigned short"},
	{"__u32", "unsigned int"},
	{"__u64", "unsigned long long"},
	{"__s8", "signed char"},
	{"__s16", "short"},
	{"__s32", "int"},
	{"__s64", "long long"},
	{"u8", "__u8"},
	{"u16", "__u16"},
	{"u32", "__u32"},
	{"u64", "__u64"},
	{"s8", "__s8"},
	{"s16", "__s16"},
	{"s32", "__s32"},
	{"s64", "__s64"},
	{"__be16", "__u16"},
	{"__be32", "__u32"},
	{"__be64", "__u64"},
	{"__le16", "__u16"},
	{"__le32", "__u32"},
	{"__le64", "__u64"},
	{"bool", "_Bool"},
};

const struct int_type *types_int(const char *name)
{
	for (size_t i = 0; i < sizeof(ints) / sizeof(*ints); i++)
		if (!strcmp(ints[i].name, name))
			return &ints[i];
	return NULL;
}

const char *types_known_typedef(const char *name)
{
	for (size_t i = 0; i < sizeof(typedefs) / sizeof(*typedefs); i++)
		if (!strcmp(typedefs[i].name, name))
			return typedefs[i].type;
	return NULL;
}

enum { W_CHAR, W_SHORT, W_INT, W_LONG, W_SIGNED, W_UNSIGNED, W_INT128, W_BOOL, W_FLOAT, W_DOUBLE, W_COUNT };
static const char *const words[W_COUNT] = {
	"char", "short", "int", "long", "signed", "unsigned", "__int128", "_Bool", "float", "double",
};

/* What a set of words means; NULL: nothing. */
static const char *meaning(const uint8_t n[W_COUNT])
{
	bool u = n[W_UNSIGNED];

	if (n[W_SIGNED] + n[W_UNSIGNED] > 1 || n[W_CHAR] + n[W_INT128] + n[W_BOOL] + n[W_FLOAT] + n[W_DOUBLE] > 1 ||
	    n[W_SHORT] > 1 || n[W_INT] > 1 || n[W_LONG] > 2 || (n[W_SHORT] && n[W_LONG]))
		return NULL;
	if (n[W_BOOL] + n[W_FLOAT] + n[W_DOUBLE] + n[W_CHAR] + n[W_INT128] && n[W_SHORT] + n[W_LONG] + n[W_INT])
		return NULL;
	if (n[W_BOOL] + n[W_FLOAT] + n[W_DOUBLE] && n[W_SIGNED] + n[W_UNSIGNED])
		return NULL;
	if (n[W_BOOL] || n[W_FLOAT] || n[W_DOUBLE])
		return n[W_BOOL] ? "_Bool" : n[W_FLOAT] ? "float" : "double";
	if (n[W_CHAR])
		return u ? "unsigned char" : n[W_SIGNED] ? "signed char" : "char";
	if (n[W_INT128])
		return u ? "unsigned __int128" : "__int128";
	if (n[W_SHORT])
		return u ? "unsigned short" : "short";
	if (n[W_LONG])
		return n[W_LONG] == 2 ? u ? "unsigned long long" : "long long" : u ? "unsigned long" : "long";
	return u ? "unsigned int" : "int";
}

static struct node *node_new(struct types *t, enum node_kind kind, const struct token *k)
{
	struct node *n = TYPES_NEW(t, struct node);

	n->kind = kind;
	n->at = k->at;
	n->len = k->len;
	return n;
}

struct qualifier {
	uint8_t kind;
	const char *name;
	struct token token;
};
enum { MAX_QUALIFIERS = 16 };
struct qualifiers {
	struct qualifier list[MAX_QUALIFIERS];
	unsigned count;
};

/* One qualifier, if there is one. */
static bool take_qualifier(struct lexer *l, struct qualifiers *q)
{
	static const struct {
		const char *word;
		uint8_t kind;
	} known[] = {
		{"const", BTF_KIND_CONST},         {"volatile", BTF_KIND_VOLATILE}, {"restrict", BTF_KIND_RESTRICT},
		{"__restrict", BTF_KIND_RESTRICT}, {"__type_tag", KIND_TYPE_TAG}, {"__const", BTF_KIND_CONST},
		{"__const__", BTF_KIND_CONST}, {"__volatile", BTF_KIND_VOLATILE},
		{"__volatile__", BTF_KIND_VOLATILE}, {"__restrict__", BTF_KIND_RESTRICT},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		struct qualifier *to = &q->list[q->count];
		struct token k = l->token;

		if (!lex_take_word(l, known[i].word))
			continue;
		if (q->count == MAX_QUALIFIERS) {
			lex_error(l, "a type has at most %d qualifiers in a row", MAX_QUALIFIERS);
			return false;
		}
		*to = (struct qualifier){known[i].kind, "", k};
		if (to->kind == KIND_TYPE_TAG) {
			if (!lex_want(l, '(', "after __type_tag") || !lex_read_name(l, "a tag", &to->name) ||
			    !lex_want(l, ')', "after the tag"))
				return false;
		}
		q->count++;
		return true;
	}
	return false;
}

/* The first is the outermost. */
static struct node *qualify(struct types *t, const struct qualifiers *q, struct node *n)
{
	for (unsigned i = q->count; i-- > 0;) {
		struct node *outer = node_new(t, NODE_QUAL, &q->list[i].token);

		outer->btf_kind = q->list[i].kind;
		outer->name = q->list[i].name;
		outer->to = n;
		n = outer;
	}
	return n;
}

static struct node *tagged(struct lexer *l, uint8_t kind)
{
	struct token k = l->token;
	const char *name = NULL, *label = NULL;
	struct def attribute = {.flag = -1};
	struct node *n;

	lex_next(l);
	if (!attributes(l, &attribute, NULL))
		return NULL;
	if (lex_take(l, '@') && !(label = lex_want_label(l)))
		return NULL;
	if ((l->token.kind == TOKEN_WORD && !lex_is_attribute(l)) || l->token.kind == TOKEN_STRING)
		name = lex_want_name(l, "a name");
	if (lex_take(l, '{')) {
		n = body_parse(l, kind, name ? name : "", label, k.at);
		if (n)
			n->def->packed |= attribute.packed;
		return n;
	}
	if (!name || label) {
		lex_error(l, "expected { after %.*s%s", (int)k.len, k.at, label ? " and a label" : " without a name");
		return NULL;
	}
	n = node_new(l->t, NODE_TAGGED, &k);
	n->btf_kind = kind;
	n->name = name;
	return n;
}

static bool is_gnu_signed(const struct lexer *l)
{
	return lex_word(l, "__signed__") || lex_word(l, "__signed");
}

static bool take_int_word(struct lexer *l, uint8_t count[W_COUNT])
{
	for (int i = 0; l->token.kind == TOKEN_WORD && i < W_COUNT; i++)
		if ((lex_word(l, words[i]) || (i == W_SIGNED && is_gnu_signed(l))) && count[i] < 3) {
			count[i]++;
			lex_next(l);
			return true;
		}
	return false;
}

static uint8_t tag_kind(const struct lexer *l)
{
	static const struct {
		const char *word;
		uint8_t kind;
	} known[] = {{"struct", BTF_KIND_STRUCT},
		     {"union", BTF_KIND_UNION},
		     {"enum", BTF_KIND_ENUM},
		     {"enum64", KIND_ENUM64}};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (lex_word(l, known[i].word))
			return known[i].kind;
	return 0;
}

static bool take_storage(struct lexer *l, struct declaration *d)
{
	static const char *const names[] = {"typedef", "static", "extern"};
	bool *const flags[] = {&d->is_typedef, &d->is_static, &d->is_extern};

	for (int i = 0; i < 3; i++)
		if (lex_word(l, names[i])) {
			if (d->is_typedef || d->is_static || d->is_extern)
				lex_error(l, "%s after another storage class", names[i]);
			*flags[i] = true;
			lex_next(l);
			return true;
		}
	return false;
}

/* What C says of a declaration and BTF has no place for. */
static bool take_idle_word(struct lexer *l, const struct declaration *d)
{
	return lex_take_word(l, "__extension__") ||
	       (d && (lex_take_word(l, "inline") || lex_take_word(l, "__inline") || lex_take_word(l, "__inline__")));
}

/* A type's name, where none was given yet. */
static struct node *base_once(struct lexer *l)
{
	uint8_t kind = tag_kind(l);
	struct token k = l->token;
	struct node *n;

	if (kind)
		return tagged(l, kind);
	if (lex_take(l, '@')) {
		n = node_new(l->t, NODE_LABEL, &l->token);
		n->name = lex_want_label(l);
		return n->name ? n : NULL;
	}
	n = node_new(l->t, lex_word(l, "void") ? NODE_VOID : NODE_NAME, &k);
	n->name = k.name;
	lex_next(l);
	return n;
}

struct node *declare_base(struct lexer *l, struct declaration *d)
{
	struct qualifiers q = {.count = 0};
	uint8_t count[W_COUNT] = {0};
	struct token first = l->token;
	struct node *base = NULL;
	bool ints_seen = false;

	while (!l->failed) {
		if (take_qualifier(l, &q) || (d && take_storage(l, d)) || take_idle_word(l, d))
			continue;
		if (!base && take_int_word(l, count)) {
			ints_seen = true;
			continue;
		}
		if (base || ints_seen)
			break;
		first = l->token;
		if (l->token.kind != TOKEN_WORD && l->token.kind != TOKEN_STRING && !lex_is(l, '@')) {
			lex_error(l, "expected a type");
			break;
		}
		base = base_once(l);
		if (!base)
			return NULL;
	}
	if (l->failed)
		return NULL;
	if (ints_seen) {
		base = node_new(l->t, NODE_INT, &first);
		base->name = meaning(count);
		if (!base->name) {
			lex_error(l, "these words together are no type");
			return NULL;
		}
	}
	if (d)
		d->bare = !q.count;
	return qualify(l->t, &q, base);
}

static struct node *suffixes(struct lexer *l, struct node *base, unsigned depth);

static struct node *array_suffix(struct lexer *l, struct node *base, unsigned depth)
{
	struct node *n = node_new(l->t, NODE_ARRAY, &l->token);
	struct token first = l->token;
	int64_t count = 0;

	if (!lex_is(l, ']') && !lex_is(l, '@') && !lex_constant(l, "a number of elements", NULL, &count))
		return NULL;
	if (count < 0 || count > UINT32_MAX) {
		l->token = first;
		lex_error(l, "a number of elements is at most %u", UINT32_MAX);
		return NULL;
	}
	n->nelems = (uint32_t)count;
	if (lex_take(l, '@') && !(n->index = declare_type(l)))
		return NULL;
	if (!lex_want(l, ']', "after the number of elements"))
		return NULL;
	n->to = suffixes(l, base, depth + 1);
	return n->to ? n : NULL;
}

static struct node *func_suffix(struct lexer *l, struct node *base, unsigned depth)
{
	struct node *n = node_new(l->t, NODE_FUNC, &l->token);
	struct field **tail = &n->fields;

	while (!lex_is(l, ')')) {
		struct field *f = TYPES_NEW(l->t, struct field);
		struct declaration d = {0};

		f->at = l->token.at;
		f->name = "";
		if (lex_take(l, '.')) {
			if (!lex_want(l, '.', "in ...") || !lex_want(l, '.', "in ..."))
				return NULL;
			f->type = node_new(l->t, NODE_VOID, &l->token);
		} else {
			struct node *type = declare_base(l, NULL);

			if (!type || !declare_one(l, type, &d))
				return NULL;
			f->type = d.type;
			f->name = d.name ? d.name : "";
		}
		if (!n->count && !*f->name && f->type->kind == NODE_VOID && lex_is(l, ')') && f->at[0] != '.')
			break;
		TYPES_APPEND(l->t, tail, f);
		n->count++;
		if (!lex_take(l, ','))
			break;
	}
	if (!lex_want(l, ')', "after the parameters"))
		return NULL;
	n->to = suffixes(l, base, depth + 1);
	return n->to ? n : NULL;
}

static struct node *suffixes(struct lexer *l, struct node *base, unsigned depth)
{
	if (depth > TYPES_MAX_DEPTH) {
		lex_error(l, "this declaration is nested too deep");
		return NULL;
	}
	if (lex_take(l, '['))
		return array_suffix(l, base, depth);
	if (lex_take(l, '('))
		return func_suffix(l, base, depth);
	return base;
}

/* Over what stands in parentheses, the first of which was taken. */
static bool skip_parentheses(struct lexer *l)
{
	for (unsigned open = 1; open; lex_next(l)) {
		if (l->token.kind == TOKEN_END || l->failed) {
			lex_error(l, "a parenthesis is not closed");
			return false;
		}
		open += lex_is(l, '(');
		open -= lex_is(l, ')');
	}
	return true;
}

static struct node *declarator(struct lexer *l, struct node *base, struct declaration *d, unsigned depth);

/* ( declarator ) suffixes: the suffixes bind to the base first. */
static struct node *parenthesised(struct lexer *l, struct node *base, struct declaration *d, unsigned depth)
{
	struct lexer inner, after;

	lex_next(l);
	inner = *l;
	if (!skip_parentheses(l))
		return NULL;
	base = suffixes(l, base, depth + 1);
	if (!base)
		return NULL;
	after = *l;
	*l = inner;
	base = declarator(l, base, d, depth + 1);
	if (!base || !lex_want(l, ')', "after the declarator"))
		return NULL;
	*l = after;
	return base;
}

static bool opens_declarator(const struct lexer *l)
{
	struct lexer next = *l;

	if (!lex_is(l, '('))
		return false;
	lex_next(&next);
	return lex_is(&next, '*') || lex_is(&next, '(');
}

static struct node *declarator(struct lexer *l, struct node *base, struct declaration *d, unsigned depth)
{
	if (depth > TYPES_MAX_DEPTH) {
		lex_error(l, "this declaration is nested too deep");
		return NULL;
	}
	while (lex_is(l, '*')) {
		struct node *n = node_new(l->t, NODE_PTR, &l->token);
		struct qualifiers q = {.count = 0};

		lex_next(l);
		n->to = base;
		while (take_qualifier(l, &q))
			;
		if (l->failed)
			return NULL;
		base = qualify(l->t, &q, n);
	}
	if (opens_declarator(l))
		return parenthesised(l, base, d, depth);
	if ((l->token.kind == TOKEN_WORD && !lex_is_attribute(l)) || l->token.kind == TOKEN_STRING) {
		d->at = l->token.at;
		d->len = l->token.len;
		d->name = lex_want_name(l, "a name");
	}
	return suffixes(l, base, depth);
}

bool declare_one(struct lexer *l, struct node *base, struct declaration *d)
{
	d->name = NULL;
	d->type = declarator(l, base, d, 0);
	return d->type && !l->failed;
}

struct node *declare_type(struct lexer *l)
{
	struct declaration d = {0};
	struct node *base = declare_base(l, NULL);

	if (!base || !declare_one(l, base, &d))
		return NULL;
	if (d.name) {
		lex_error(l, "a type is meant here: %s is a name too many", d.name);
		return NULL;
	}
	return d.type;
}
