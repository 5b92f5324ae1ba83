/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/as_form.h"

#include "asm/base/hash.h"

/* One element of a form while it is put in. */
enum element_kind { LITERAL, REGISTER, VALUE };
struct element {
	uint8_t kind, role, class;
	bool narrow, wide; /* registers: w, r */
	uint32_t token;
};
enum { MAX_ELEMENTS = 32 };
struct form_builder {
	struct as *s;
	struct as_trie *t;
	struct element elements[MAX_ELEMENTS];
	uint32_t count;
	struct as_form form;
};

/* Forms that other assemblers and disassemblers write, beyond those of isa.def. */
static const struct {
	uint8_t row, dialects;
	const char *form;
} more_forms[] = {
	{ISA_ATOMIC_ADD64, 2, "xadddw [{d}{o}], {s}"},
	{ISA_ATOMIC_ADD32, 2, "xaddw [{d}{o}], {s}"},
	{ISA_LE16, 2, "le16 {d}"},
	{ISA_LE32, 2, "le32 {d}"},
	{ISA_LE64, 2, "le64 {d}"},
	{ISA_BE16, 2, "be16 {d}"},
	{ISA_BE32, 2, "be32 {d}"},
	{ISA_BE64, 2, "be64 {d}"},
	{ISA_BSWAP16, 2, "bswap16 {d}"},
	{ISA_BSWAP32, 2, "bswap32 {d}"},
	{ISA_BSWAP64, 2, "bswap64 {d}"},
	{ISA_NEG64, 2, "neg {d}, {d}"},
	{ISA_NEG32, 2, "neg32 {d}, {d}"},
	{ISA_LD_IMM64, 3, "li {d}, {short}"},
	{ISA_CALLX, 2, "call {d}"},
	{ISA_MOV32_X, 1, "{d} = {ws}"}, /* LLVM, where the zero extension is meant */
};

static uint32_t keyword_slot(const struct as_trie *t, const char *p, size_t len, uint32_t hash)
{
	uint32_t at = hash & (AS_KEYWORDS - 1);

	while (t->keyword_ids[at]) {
		const struct as_keyword *k = &t->keywords[t->keyword_ids[at]];

		if (k->hash == hash && k->len == len && !memcmp(k->name, p, len))
			break;
		at = (at + 1) & (AS_KEYWORDS - 1);
	}
	return at;
}

/* Punctuation of one to three characters. */
static uint32_t punctuation(const char *p, size_t *len)
{
	uint8_t c = (uint8_t)*p;

	*len = 1;
	if ((c == '<' || c == '>') && p[1] == *p) {
		*len = p[2] == '=' ? 3 : 2;
		return (*len == 3 ? 256u : 300u) + (c == '>');
	}
	if (p[1] == '=' && c && strchr("<>=!+-*/%|&^", c)) {
		*len = 2;
		return 128u + c;
	}
	return c < 128 ? c : 0;
}

uint32_t as_token(const struct as_trie *t, const char *p, size_t *len)
{
	size_t n = 0;
	uint32_t id;

	if (!as_is(*p, AS_C_WORD))
		return punctuation(p, len);
	while (as_is(p[n], AS_C_WORD))
		n++;
	*len = n;
	id = t->keyword_ids[keyword_slot(t, p, n, (uint32_t)hash_bytes(p, n))];
	return id ? AS_FIRST_WORD + id : 0;
}

static uint32_t add_keyword(struct as_trie *t, const char *p, size_t len)
{
	uint32_t hash = (uint32_t)hash_bytes(p, len), at = keyword_slot(t, p, len, hash);

	if (t->keyword_ids[at])
		return AS_FIRST_WORD + t->keyword_ids[at];
	if (t->keyword_count * 2 >= AS_KEYWORDS) {
		t->overflow = true;
		return 0;
	}
	t->keywords[++t->keyword_count] = (struct as_keyword){p, (uint32_t)len, hash};
	t->keyword_ids[at] = (uint16_t)t->keyword_count;
	return AS_FIRST_WORD + t->keyword_count;
}

static uint16_t add_node(struct as_trie *t)
{
	if (t->node_count >= t->node_room) {
		t->overflow = true;
		return 0;
	}
	return (uint16_t)t->node_count++;
}

static uint16_t add_edge(struct as_trie *t, uint32_t node, uint32_t token)
{
	uint32_t key = (node << 16 | token) + 1, at = key * 0x9e3779b1u >> 19, n = 0;
	uint16_t next = (uint16_t)as_edge(t, node, token);

	if (next)
		return next;
	while (t->edges[at].key && n++ < AS_EDGES / 2)
		at = (at + 1) & (AS_EDGES - 1);
	if (t->edges[at].key) {
		t->overflow = true;
		return 0;
	}
	next = add_node(t);
	t->edges[at] = (struct as_edge){key, next};
	return next;
}

static uint16_t step(struct as_trie *t, uint16_t *next)
{
	return *next ? *next : (*next = add_node(t));
}

/* Put in elements from `i` on, once for each kind of register that an element takes. */
static void insert(struct form_builder *b, uint32_t i, uint16_t node)
{
	struct as_trie *t = b->t;
	const struct element *e = &b->elements[i];
	struct as_node *n = &t->nodes[node];

	n->dialects |= b->form.dialects;
	if (t->overflow)
		return;
	if (i == b->count) {
		if (n->form) { /* both dialects say it alike */
			t->forms[n->form - 1].dialects |= b->form.dialects;
			return;
		}
		if (t->form_count == t->form_room) {
			t->overflow = true;
			return;
		}
		t->forms[t->form_count] = b->form;
		n->form = (uint16_t)++t->form_count;
		return;
	}
	if (e->kind == LITERAL) {
		insert(b, i + 1, add_edge(t, node, e->token));
	} else if (e->kind == VALUE) {
		n->class = e->class;
		insert(b, i + 1, step(t, &n->operand));
	} else {
		if (e->wide)
			insert(b, i + 1, step(t, &n->reg));
		if (e->narrow)
			insert(b, i + 1, step(t, &n->wreg));
	}
}

static void add_element(struct form_builder *b, struct element e)
{
	if (b->count == MAX_ELEMENTS || (e.kind != LITERAL && b->form.count == AS_MAX_OPERANDS)) {
		b->t->overflow = true;
		return;
	}
	b->elements[b->count++] = e;
	if (e.kind != LITERAL)
		b->form.roles[b->form.count++] = e.role;
}

static void add_literal(struct form_builder *b, const char *text)
{
	while (*text) {
		size_t len = 0;
		uint32_t token;

		if (as_is(*text, AS_C_WORD)) {
			while (as_is(text[len], AS_C_WORD))
				len++;
			token = add_keyword(b->t, text, len);
		} else {
			token = punctuation(text, &len);
		}
		add_element(b, (struct element){.kind = LITERAL, .token = token});
		text += len;
	}
}

static void add_value(struct form_builder *b, enum as_role role, enum as_operand_class class)
{
	add_element(b, (struct element){.kind = VALUE, .role = (uint8_t)role, .class = (uint8_t) class});
}

/* Registers: the value, not the address, of an access of at most 32 bits may be written either way, and so may those
 * of 32-bit operations in the mnemonic dialect, where the operation's name says the width. */
static void add_register(struct form_builder *b, bool is_dst, bool narrow)
{
	const struct iov_isa_row *row = b->form.row;
	bool load = row->kind == ISA_K_LDX || row->oper == ISA_O_LOAD_ACQ;
	bool store = row->kind == ISA_K_STX || (row->kind == ISA_K_ATOMIC && row->oper != ISA_O_LOAD_ACQ);
	bool either = row->width <= 32 && (is_dst ? load : store);

	either |= b->form.dialects == 2 && row->width == 32 && (row->kind == ISA_K_ALU || row->kind == ISA_K_JCC);
	add_element(b, (struct element){.kind = REGISTER,
					.role = is_dst ? AS_ROLE_DST : AS_ROLE_SRC,
					.narrow = narrow || either,
					.wide = !narrow || either});
}

static void add_map(struct form_builder *b, const char *open, bool with_offset)
{
	add_literal(b, open);
	add_literal(b, "[");
	add_value(b, AS_ROLE_MAP, AS_EXPR);
	add_literal(b, "]");
	if (with_offset) {
		add_literal(b, "+");
		add_value(b, AS_ROLE_MAP_OFF, AS_EXPR);
	}
}

/* Operands that are one value. */
static const struct {
	uint8_t role, class;
} plain[] = {
	[OPERAND_NONE] = {AS_ROLE_SHORTEST, AS_EXPR},  [OPERAND_I] = {AS_ROLE_IMM, AS_EXPR},
	[OPERAND_I64] = {AS_ROLE_IMM64, AS_EXPR},      [OPERAND_O] = {AS_ROLE_OFF, AS_OFFSET},
	[OPERAND_OI] = {AS_ROLE_OFF_IMM, AS_OFFSET},   [OPERAND_L] = {AS_ROLE_TARGET, AS_TARGET},
	[OPERAND_L32] = {AS_ROLE_TARGET32, AS_TARGET}, [OPERAND_HELPER] = {AS_ROLE_CALLEE, AS_TARGET},
};

static void add_list(struct form_builder *b, enum as_role first, enum as_role second, enum as_operand_class class,
		     bool both)
{
	add_value(b, first, class);
	if (both) {
		add_literal(b, ",");
		add_value(b, second, class);
	}
}

static void add_operand(struct form_builder *b, enum isa_operand operand, bool second)
{
	switch (operand) {
	case OPERAND_D:
	case OPERAND_WD:
		add_register(b, true, operand == OPERAND_WD);
		break;
	case OPERAND_S:
	case OPERAND_WS:
		add_register(b, false, operand == OPERAND_WS);
		break;
	case OPERAND_FUNC:
	case OPERAND_FN:
		add_literal(b, "pc");
		add_value(b, AS_ROLE_PC, AS_OFFSET);
		break;
	case OPERAND_KFUNC:
		add_literal(b, "kfunc#");
		add_list(b, AS_ROLE_KFUNC, AS_ROLE_KFUNC_OFF, AS_TARGET, second);
		break;
	case OPERAND_MAP:
	case OPERAND_MAPVAL:
		add_map(b, "map", operand == OPERAND_MAPVAL);
		break;
	case OPERAND_MAPIDX:
	case OPERAND_MAPIDXVAL:
		add_map(b, "map_idx", operand == OPERAND_MAPIDXVAL);
		break;
	case OPERAND_BTF:
		add_literal(b, "btf[");
		add_list(b, AS_ROLE_BTF, AS_ROLE_BTF_FD, AS_EXPR, second);
		add_literal(b, "]");
		break;
	case OPERAND_AS:
		add_list(b, AS_ROLE_AS_TO, AS_ROLE_AS_FROM, AS_EXPR, true);
		break;
	default:
		add_value(b, plain[operand].role, plain[operand].class);
	}
}

static const char *find_brace(const char *form)
{
	while (*form && *form != '{')
		form++;
	return form;
}

/* A word of a form, which may be a register that stands for itself. */
static void add_run(struct form_builder *b, const char *from, const char *to)
{
	while (from < to) {
		const char *p = from;
		size_t len = 1;
		uint32_t token;

		if (*p == ' ') {
			from++;
			continue;
		}
		if (!as_is(*p, AS_C_WORD)) {
			token = punctuation(p, &len);
			add_element(b, (struct element){.kind = LITERAL, .token = token});
			from += len;
			continue;
		}
		while (p + len < to && as_is(p[len], AS_C_WORD))
			len++;
		from += len;
		if (as_register(p, len) >= 0)
			add_element(b, (struct element){.kind = REGISTER,
							.role = AS_ROLE_R0,
							.narrow = *p == 'w',
							.wide = *p == 'r'});
		else
			add_element(b, (struct element){.kind = LITERAL, .token = add_keyword(b->t, p, len)});
	}
}

/* `word64`: a form whose first word gets "64" appended ("mov64"); `second`: the longer of two ways to write it. */
static void add_form(struct form_builder *b, const struct iov_isa_row *row, const char *form, uint8_t dialects,
		     const char *word64, bool second)
{
	const char *p = form, *brace;

	b->count = 0;
	b->form = (struct as_form){.row = row, .dialects = dialects};
	if (word64) {
		add_literal(b, word64);
		p = strchr(form, ' ');
	}
	while (*p) {
		brace = find_brace(p);
		add_run(b, p, brace);
		p = brace;
		if (*p)
			add_operand(b, strncmp(p, "{short}", 7) ? isa_operand_at(p, &p) : (p += 7, OPERAND_NONE),
				    second);
	}
	insert(b, 0, 0);
}

static void add_row(struct form_builder *b, const struct iov_isa_row *row)
{
	bool two = row->oper == ISA_O_KFUNC || row->oper == ISA_O_BTF_ID;
	size_t word = strcspn(row->mnemonic, " ");

	for (int second = 0; second <= two; second++) {
		add_form(b, row, row->text, 1, NULL, second);
		add_form(b, row, row->mnemonic, 2, NULL, second);
	}
	if (row->kind == ISA_K_ALU && row->width == 64) {
		char *name = arena_printf(b->s->arena, "%.*s64", (int)word, row->mnemonic);

		if (name)
			add_form(b, row, row->mnemonic, 2, name, false);
		else
			as_oom(b->s);
	}
}

/* Most nodes have one literal behind them: its text is compared at once, without a look into the tables. */
static void find_only(struct as_trie *t)
{
	uint8_t edges[4096] = {0};

	for (uint32_t i = 0; i < AS_EDGES; i++) {
		uint32_t key = t->edges[i].key - 1, node = key >> 16, token = key & 0xffff;
		const struct as_keyword *k = token > AS_FIRST_WORD ? &t->keywords[token - AS_FIRST_WORD] : NULL;
		struct as_node *n = &t->nodes[node];

		if (!t->edges[i].key)
			continue;
		n->only_next = 0;
		if (edges[node]++ || (k ? k->len > sizeof(n->only) : token >= 128))
			continue;
		n->only_next = t->edges[i].next;
		n->only_len = (uint8_t)(k ? k->len : 1);
		if (k)
			memcpy(n->only, k->name, k->len);
		else
			n->only[0] = (char)token;
	}
}

const struct as_trie *as_trie_make(struct as *s)
{
	struct as_trie *t = ARENA_NEW(s->arena, struct as_trie);
	struct form_builder b = {.s = s, .t = t};

	if (!t)
		return as_oom(s);
	t->node_room = 4096;
	t->form_room = 1024;
	t->nodes = arena_array(s->arena, t->node_room, sizeof(*t->nodes));
	t->forms = arena_array(s->arena, t->form_room, sizeof(*t->forms));
	t->edges = arena_array(s->arena, AS_EDGES, sizeof(*t->edges));
	t->keywords = arena_array(s->arena, AS_KEYWORDS, sizeof(*t->keywords));
	t->keyword_ids = arena_array(s->arena, AS_KEYWORDS, sizeof(*t->keyword_ids));
	if (!t->nodes || !t->forms || !t->edges || !t->keywords || !t->keyword_ids)
		return as_oom(s);
	add_node(t);
	for (int i = 0; i < ISA_COUNT; i++)
		add_row(&b, &isa_rows[i]);
	for (size_t i = 0; i < sizeof(more_forms) / sizeof(*more_forms); i++)
		add_form(&b, &isa_rows[more_forms[i].row], more_forms[i].form, more_forms[i].dialects, NULL, false);
	find_only(t);
	return t;
}
