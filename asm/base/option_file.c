/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: @FILE on a command line: the words of a file in the place of the argument that names it. */
#include "asm/base/option.h"
#include "asm/base/output.h"

#include <string.h>

enum { MAX_DEPTH = 16, MAX_BYTES = 64 << 20 };

static const char blanks[] = " \t\r\n";

struct expansion {
	struct iov_arena *arena;
	struct iov_sink *sink;
	struct iov_option_list out;
	unsigned depth;
	bool end_of_options;
};

bool option_append(struct iov_option_list *list, const char *item, struct iov_arena *arena)
{
	/* Capacity is the power of two above count: room for the NULL. */
	if (!(list->count & (list->count + 1))) {
		const char **items = arena_array(arena, 2 * (list->count + 1), sizeof(*items));

		if (!items)
			return false;
		if (list->count)
			memcpy(items, list->items, list->count * sizeof(*items));
		list->items = items;
	}
	list->items[list->count++] = item;
	list->items[list->count] = NULL;
	return true;
}

/* The next word of a text, unquoted where it stands; NULL: none is left. */
static char *next_word(char **at)
{
	char *in = *at + strspn(*at, blanks), *word = in, *to = in, quote = 0;

	if (!*in)
		return NULL;
	for (; *in && (quote || !strchr(blanks, *in)); in++) {
		if (*in == '\\' && in[1] && quote != '\'')
			*to++ = *++in;
		else if (*in == quote)
			quote = 0;
		else if (!quote && (*in == '"' || *in == '\''))
			quote = *in;
		else
			*to++ = *in;
	}
	*at = *in ? in + 1 : in;
	*to = '\0';
	return word;
}

static enum iov_status expand_word(struct expansion *e, const char *word);

static enum iov_status expand_file(struct expansion *e, const char *path)
{
	struct iov_buf text;
	enum iov_status status;
	char *at, *word;

	if (e->depth >= MAX_DEPTH) {
		diag_hint(diag_add(e->sink, DIAG_USAGE, IOV_NOWHERE, "@%s: files that name files, more than %d deep",
				   path, MAX_DEPTH),
			  "does a file name itself?");
		return IOV_USAGE;
	}
	buf_init(&text, e->arena->alloc);
	status = input_read(path, MAX_BYTES, &text, e->sink);
	at = status ? NULL : arena_copy(e->arena, text.data, text.len);
	buf_free(&text);
	if (!at)
		return status ? status : IOV_NOMEM;
	e->depth++;
	while (!status && (word = next_word(&at)))
		status = expand_word(e, word);
	e->depth--;
	return status;
}

static enum iov_status expand_word(struct expansion *e, const char *word)
{
	if (word[0] == '@' && word[1] && !e->end_of_options)
		return expand_file(e, word + 1);
	e->end_of_options |= !strcmp(word, "--");
	return option_append(&e->out, word, e->arena) ? IOV_OK : IOV_NOMEM;
}

enum iov_status option_expand(int *argc, char ***argv, struct iov_arena *arena, struct iov_sink *sink)
{
	struct expansion e = {.arena = arena, .sink = sink};
	enum iov_status status = IOV_OK;
	bool any = false;

	for (int i = 1; i < *argc; i++)
		any |= (*argv)[i][0] == '@';
	if (!any)
		return IOV_OK;
	if (!option_append(&e.out, (*argv)[0], arena))
		return IOV_NOMEM;
	for (int i = 1; i < *argc && !status; i++)
		status = expand_word(&e, (*argv)[i]);
	if (status)
		return status;
	*argc = (int)e.out.count;
	*argv = (char **)e.out.items;
	return IOV_OK;
}
