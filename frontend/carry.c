/* SPDX-License-Identifier: Apache-2.0 */
/* The data: strings and numbers one after the other, as put_*() writes them and get_*() reads them. Text from outside:
 * everything is checked, and what is odd is no carry. */
#include "frontend/carry.h"

#include "asm/base/cursor.h"
#include "asm/base/digest.h"
#include "asm/base/hash.h"
#include "linker/object/target.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zstd.h>

enum { DATA_MAX = 512 << 20, ZSTD_LEVEL = 3 };

static const char mark[] = "# 1 \"<iov ", mark_end[] = ">\" 1\n";

/* Options that matter to preprocessing alone, or to side outputs: what distcc does not send along. */
static const struct local_option {
	const char *name;
	bool flag;
} local_options[] = {
	{"-D", false},        {"-U", false},
	{"-I", false},        {"-iquote", false},
	{"-isystem", false},  {"-idirafter", false},
	{"-include", false},  {"-imacros", false},
	{"-iprefix", false},  {"-iwithprefix", false},
	{"-isysroot", false}, {"-iwithprefixbefore", false},
	{"--sysroot", false}, {"-Xpreprocessor", false},
	{"-MT", false},       {"-MQ", false},
	{"-MF", false},       {"-MJ", false},
	{"-MD", true},        {"-MMD", true},
	{"-MP", true},        {"-MG", true},
	{"-MV", true},        {"-undef", true},
	{"-nostdinc", true},  {"-nostdlibinc", true},
	{"-Wp,", true},
};

/* How many words the option at args->items[at] takes; 0: it is none of these. */
static size_t local_words(const struct iov_option_list *args, size_t at)
{
	const char *arg = args->items[at];

	for (size_t i = 0; i < sizeof(local_options) / sizeof(local_options[0]); i++) {
		const struct local_option *o = &local_options[i];
		size_t len = strlen(o->name);

		if (o->flag ? !strcmp(arg, o->name) || (o->name[len - 1] == ',' && !strncmp(arg, o->name, len))
			    : !strncmp(arg, o->name, len))
			return !o->flag && !arg[len] && at + 1 < args->count ? 2 : 1;
	}
	return 0;
}

/* The options that both compiles must have alike. */
static bool same_options(const struct iov_option_list *a, const struct iov_option_list *b)
{
	size_t i = 0, j = 0, n;

	for (;;) {
		while (i < a->count && (n = local_words(a, i)))
			i += n;
		while (j < b->count && (n = local_words(b, j)))
			j += n;
		if (i >= a->count || j >= b->count)
			return i >= a->count && j >= b->count;
		if (strcmp(a->items[i++], b->items[j++]) != 0)
			return false;
	}
}

bool carry_wanted(const struct iovcc_plan *plan, const struct iovcc_step *step)
{
	static const char *const others[] = {"-P", "-d", "-fdirectives-only", "-frewrite-includes",
					     "-fminimize-whitespace", "-traditional-cpp"};

	if (plan->mode != IOVCC_PREPROCESS || step->input.language != IOVCC_C || !strcmp(step->input.path, "-") ||
	    plan->show_commands || plan->deps_only || getenv("CPATH") || getenv("C_INCLUDE_PATH"))
		return false;
	for (size_t i = 0; i < plan->clang.count; i++)
		for (size_t j = 0; j < sizeof(others) / sizeof(others[0]); j++)
			if (!strncmp(plan->clang.items[i], others[j], strlen(others[j])))
				return false;
	return true;
}

/* Base64 (RFC 4648, section 4). */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void put_base64(struct iov_buf *out, const uint8_t *in, size_t len)
{
	char *to = buf_grow(out, (len + 2) / 3 * 4);

	for (size_t i = 0; to && i < len; i += 3, to += 4) {
		uint32_t three = (uint32_t)in[i] << 16 | (i + 1 < len ? in[i + 1] : 0) << 8 |
				 (i + 2 < len ? in[i + 2] : 0);

		for (int k = 0; k < 4; k++)
			to[k] = i + (size_t)k > len ? '=' : digits[three >> (18 - 6 * k) & 63];
	}
}

static bool get_base64(const char *in, size_t len, struct iov_buf *out)
{
	uint32_t bits = 0;
	size_t have = 0;

	while (len && in[len - 1] == '=')
		len--;
	for (size_t i = 0; i < len; i++) {
		const char *digit = memchr(digits, in[i], 64);

		if (!digit)
			return false;
		bits = bits << 6 | (uint32_t)(digit - digits);
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_putc(out, (char)(bits >> have));
		}
	}
	return !out->failed;
}

/* The data. */

static void put_text(struct iov_buf *out, const char *text, size_t len)
{
	buf_u32(out, (uint32_t)len, false);
	buf_put(out, text, len);
	buf_putc(out, 0);
}

static const char *get_text(struct iov_cursor *c, size_t *len)
{
	uint32_t n = cursor_u32(c);
	const uint8_t *text = cursor_bytes(c, (size_t)n + 1);

	if (text && text[n])
		c->bad = true;
	if (len)
		*len = n;
	return c->bad ? "" : (const char *)text;
}

enum file_form { FILE_SEEN, FILE_READ, FILE_SAME };

/* Files in the order of their names: what reads them has none. */
static int by_path(const void *a, const void *b)
{
	const struct iovcc_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static void put_files(struct iov_buf *out, struct iovcc_files *files)
{
	if (files->count)
		qsort(files->list, files->count, sizeof(*files->list), by_path);
	buf_u32(out, (uint32_t)files->count, false);
	for (size_t i = 0; i < files->count; i++) {
		const struct iovcc_file *f = &files->list[i];
		size_t same = 0;

		while (same < i && files->list[same].text != f->text)
			same++;
		put_text(out, f->path, strlen(f->path));
		buf_putc(out, !f->text ? FILE_SEEN : same < i ? FILE_SAME : FILE_READ);
		if (f->text && same < i)
			buf_u32(out, (uint32_t)same, false);
		else if (f->text)
			put_text(out, f->text, f->len);
	}
}

static bool get_files(struct iov_cursor *c, struct iovcc_files *files)
{
	uint32_t count = cursor_u32(c), same;

	for (uint32_t i = 0; i < count && !c->bad; i++) {
		struct iovcc_file f = {.path = get_text(c, NULL)};
		uint8_t form = cursor_u8(c);

		if (form == FILE_READ) {
			f.text = get_text(c, &f.len);
		} else if (form == FILE_SAME) {
			same = cursor_u32(c);
			if (same >= i)
				return false;
			f.text = files->list[same].text;
			f.len = files->list[same].len;
		}
		if (form > FILE_SAME || f.path[0] != '/' ||
		    !arena_grow(files->arena, &files->list, files->count, &files->room, sizeof(*files->list)))
			return false;
		files->list[files->count++] = f;
	}
	return !c->bad;
}

/* The files that types are taken from, and their digests. */
static enum iov_status put_targets(struct iov_buf *out, const struct iov_option_list *targets, struct iov_arena *arena,
				   struct iov_sink *sink)
{
	buf_u32(out, (uint32_t)targets->count, false);
	for (size_t i = 0; i < targets->count; i++) {
		struct iov_btf *btf;
		enum iov_status status = target_read(targets->items[i], arena, sink, &btf);

		if (status != IOV_OK)
			return status;
		put_text(out, targets->items[i], strlen(targets->items[i]));
		buf_put(out, btf->digest, sizeof(btf->digest));
	}
	return IOV_OK;
}

/* The digests of the targets' types, whose names must be those that this plan reads anyway: text from outside makes no
 * other file be opened, nor anything that is not a file. */
static bool get_targets(struct iov_cursor *c, const struct iov_option_list *targets, struct iov_arena *arena,
			const uint8_t ***digests)
{
	struct stat st;

	*digests = arena_array(arena, targets->count + 1, sizeof(**digests));
	if (!*digests || cursor_u32(c) != targets->count)
		return false;
	for (size_t i = 0; i < targets->count; i++) {
		const char *name = get_text(c, NULL);

		(*digests)[i] = cursor_bytes(c, IOV_SHA256_BYTES);
		if (!(*digests)[i] || strcmp(name, targets->items[i]) != 0)
			return false;
		if (!stat(target_path(name), &st) && !S_ISREG(st.st_mode))
			return false;
	}
	return !c->bad;
}

static enum iov_status check_targets(const struct iov_option_list *targets, const uint8_t **digests,
				     struct iov_arena *arena, struct iov_sink *sink)
{
	for (size_t i = 0; i < targets->count; i++) {
		struct iov_btf *btf;
		enum iov_status status = target_read(targets->items[i], arena, sink, &btf);

		if (status != IOV_OK)
			return status;
		if (memcmp(digests[i], btf->digest, IOV_SHA256_BYTES) != 0) {
			diag_hint(diag_add(sink, DIAG_CARRIED_TARGET, IOV_NOWHERE,
					   "%s has other types here than where the source was preprocessed",
					   targets->items[i]),
				  "compile where it was preprocessed, or give both machines the same file");
			return IOV_DIAGNOSED;
		}
	}
	return IOV_OK;
}

static void put_list(struct iov_buf *out, const struct iov_option_list *list)
{
	buf_u32(out, (uint32_t)list->count, false);
	for (size_t i = 0; i < list->count; i++)
		put_text(out, list->items[i], strlen(list->items[i]));
}

static bool get_list(struct iov_cursor *c, struct iov_option_list *list, struct iov_arena *arena)
{
	for (uint32_t n = cursor_u32(c); n && !c->bad; n--)
		if (!option_append(list, get_text(c, NULL), arena))
			return false;
	return !c->bad;
}

/* Of what the compile depends on beside the headers: the names of platform files, and of targets whose types CO-RE is
 * resolved against. */
static enum iov_status find_inputs(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink,
				   struct iov_option_list *platform_files, struct iov_option_list *targets)
{
	const struct iov_platform **platforms;
	size_t count;
	enum iov_status status = proof_platforms(plan, arena, sink, &platforms, &count);

	for (size_t i = 0; i < count && status == IOV_OK; i++) {
		const char *name = i < plan->platforms.count ? plan->platforms.items[i] : iovcc_default_platform;
		const char *types = plan->target_btf ? plan->target_btf : platforms[i]->target_btf;

		if (!platform_shipped(name))
			option_append(platform_files, name, arena);
		if (types)
			option_append(targets, types, arena);
	}
	return status;
}

enum iov_status carry_inputs(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink,
			     struct iov_option_list *files)
{
	struct iov_option_list targets = {0};
	enum iov_status status = find_inputs(plan, arena, sink, files, &targets);

	for (size_t i = 0; i < targets.count && status == IOV_OK; i++)
		option_append(files, target_path(targets.items[i]), arena);
	return status;
}

/* The instruction set that the command line names, or 0: then platforms say, which are carried. */
static uint32_t asked_cpu(const struct iovcc_plan *plan)
{
	return plan->cpu_given ? (uint32_t)plan->codegen.cpu : 0;
}

static void put_data(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iovcc_files *files,
		     struct iov_buf *out)
{
	buf_u64(out, headers_identity(), false);
	buf_u32(out, asked_cpu(plan), false);
	buf_u32(out, plan->codegen.big_endian, false);
	put_list(out, &plan->clang);
	put_text(out, files->folder, strlen(files->folder));
	put_text(out, step->input.path, strlen(step->input.path));
	put_files(out, files);
}

/* Compressed; empty when it cannot be. */
static void put_packed(struct iov_buf *out, const struct iov_buf *data)
{
	struct iov_buf packed = {0};
	void *room = buf_grow(&packed, ZSTD_compressBound(data->len));
	size_t len = room ? ZSTD_compress(room, packed.len, data->data, data->len, ZSTD_LEVEL) : 0;

	if (room && !ZSTD_isError(len))
		put_base64(out, packed.data, len);
	out->failed |= !room || data->failed;
	buf_free(&packed);
}

/* `first`: the line that names the source, without its end. */
static void put_markers(struct iov_buf *out, const struct iov_option_list *names, const char *first)
{
	for (size_t i = 0; i < names->count; i++)
		if (names->items[i][strcspn(names->items[i], "\"\\\n")] == 0)
			buf_printf(out, "# 1 \"%s\" 1\n%s 2\n", names->items[i], first);
}

/* What -E gives, with `data` in it. `text`: as the preprocessor made it, its first line names the source. */
static bool insert(const struct iov_buf *text, const struct iov_option_list *inputs, const struct iov_buf *data,
		   struct iov_arena *arena, struct iov_buf *out)
{
	const char *end = memchr(text->data, '\n', text->len), *first;
	size_t head = end ? (size_t)(end + 1 - (const char *)text->data) : 0;
	struct iov_buf rest = {0};

	first = arena_copy(arena, text->data, head - 1);
	if (!first)
		return false;
	put_markers(&rest, inputs, first);
	buf_put(&rest, text->data + head, text->len - head);
	if (!rest.failed) {
		buf_printf(out, "%s\n%s%016" PRIx64 " ", first, mark, hash_bytes(rest.data, rest.len));
		put_packed(out, data);
		buf_printf(out, "%s%s 2\n", mark_end, first);
		buf_put(out, rest.data, rest.len);
	}
	out->failed |= rest.failed;
	buf_free(&rest);
	return !out->failed;
}

/* The time of the compile is this machine's: what asks for it is to be compiled as it was preprocessed. */
static bool asks_time(const struct iovcc_files *files)
{
	static const char *const macros[] = {"__DATE__", "__TIME__", "__TIMESTAMP__"};

	for (size_t i = 0; i < files->count; i++)
		for (size_t k = 0; files->list[i].text && k < sizeof(macros) / sizeof(macros[0]); k++)
			if (memmem(files->list[i].text, files->list[i].len, macros[k], strlen(macros[k])))
				return true;
	return false;
}

enum iov_status carry_write(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iovcc_files *files,
			    struct iov_arena *arena, struct iov_sink *sink, struct iov_buf *text)
{
	struct iov_option_list inputs = {0}, targets = {0};
	struct iov_buf data = {0}, out = {0};
	enum iov_status status = find_inputs(plan, arena, sink, &inputs, &targets);
	size_t len;

	if (status != IOV_OK || text->len < 4 || memcmp(text->data, "# 1 ", 4) != 0 || asks_time(files))
		return status;
	for (size_t i = 0; i < inputs.count; i++)
		files->failed |= !files_text(files, inputs.items[i], 0, arena, &len);
	put_data(plan, step, files, &data);
	status = put_targets(&data, &targets, arena, sink);
	for (size_t i = 0; i < targets.count; i++)
		option_append(&inputs, target_path(targets.items[i]), arena);
	if (status == IOV_OK && (files->failed || !insert(text, &inputs, &data, arena, &out)))
		status = IOV_NOMEM;
	buf_free(&data);
	buf_free(text);
	*text = out;
	return status;
}

/* The data of a text, unpacked; false: there is none that belongs to it. */
static bool unpack(const char *text, size_t len, struct iov_arena *arena, struct iov_cursor *data)
{
	const char *line = memchr(text, '\n', len), *close, *rest, *digest;
	size_t head = line ? (size_t)(line + 1 - text) : 0, size;
	struct iov_buf packed = {0};
	unsigned long long room;
	uint8_t *bytes;

	if (!line || len - head < sizeof(mark) + 17 || memcmp(line + 1, mark, sizeof(mark) - 1) != 0)
		return false;
	line += sizeof(mark);
	close = memchr(line, '\n', (size_t)(text + len - line));
	if (!close || close - line < 17 + (long)sizeof(mark_end) - 2 || line[16] != ' ')
		return false;
	rest = memchr(close + 1, '\n', (size_t)(text + len - close - 1)); /* behind the line that leads back */
	digest = arena_copy(arena, line, 16);
	if (!rest || !digest)
		return false;
	rest++;
	if (strtoull(digest, NULL, 16) != hash_bytes(rest, (size_t)(text + len - rest)))
		return false;
	if (!get_base64(line + 17, (size_t)(close - line) - 17 - (sizeof(mark_end) - 2), &packed)) {
		buf_free(&packed);
		return false;
	}
	room = ZSTD_getFrameContentSize(packed.data, packed.len);
	bytes = room <= DATA_MAX ? arena_room(arena, 1, room + 1) : NULL;
	size = bytes ? ZSTD_decompress(bytes, room, packed.data, packed.len) : 0;
	buf_free(&packed);
	if (!bytes || ZSTD_isError(size))
		return false;
	cursor_init(data, bytes, size, false);
	return true;
}

/* Options from outside, for Clang: those that write files beside the output are left out, and those that hide others
 * refused. */
static bool without_side_outputs(const struct iov_option_list *args, struct iov_arena *arena,
				 struct iov_option_list *out)
{
	size_t words;

	for (size_t i = 0; i < args->count; i += words ? words : 1) {
		const char *arg = args->items[i];

		words = local_words(args, i);
		if (!strncmp(arg, "-Wp,", 4) || !strncmp(arg, "-Xpreprocessor", 14) ||
		    !strncmp(arg, "-include-pch", 12))
			return false;
		if (words && !strncmp(arg, "-M", 2))
			continue;
		for (size_t k = 0; k < (words ? words : 1); k++)
			if (!option_append(out, args->items[i + k], arena))
				return false;
	}
	return true;
}

/* What stands in the data, taken over when it was made by this tool with the same options. */
static bool take(struct iov_cursor *c, struct iovcc_plan *plan, struct iovcc_step *step, struct iovcc_files *files,
		 struct iov_arena *arena)
{
	struct iovcc_files found = {.kind = IOVCC_FILES_CARRIED, .arena = arena};
	struct iov_option_list args = {0}, harmless = {0};
	const char *input;

	if (cursor_u64(c) != headers_identity() || cursor_u32(c) != asked_cpu(plan) ||
	    cursor_u32(c) != plan->codegen.big_endian || !get_list(c, &args, arena) ||
	    !same_options(&args, &plan->clang) || !without_side_outputs(&args, arena, &harmless))
		return false;
	found.folder = get_text(c, NULL);
	input = get_text(c, NULL);
	if (!get_files(c, &found) || found.folder[0] != '/' || !*input || *input == '-')
		return false;
	*files = found;
	plan->files = files;
	plan->clang = harmless;
	step->input = (struct iovcc_input){input, IOVCC_C};
	return true;
}

enum iov_status carry_read(struct iovcc_plan *plan, struct iovcc_step *step, struct iovcc_files *files,
			   struct iov_arena *arena, struct iov_sink *sink, bool *carried)
{
	struct iovcc_plan own = *plan;
	struct iovcc_step this = *step;
	struct iovcc_files found = *files;
	struct iov_option_list platform_files = {0}, targets = {0};
	struct iov_cursor data;
	struct iov_sink unsaid; /* that its platforms are wrong: then it is no carry */
	const uint8_t **digests = NULL;
	size_t len;
	const char *text = files_text(files, step->input.path, 0, arena, &len);

	sink_init(&unsaid, NULL);
	*carried = text && unpack(text, len, arena, &data) && take(&data, &own, &this, &found, arena) &&
		   find_inputs(&own, arena, &unsaid, &platform_files, &targets) == IOV_OK &&
		   get_targets(&data, &targets, arena, &digests);
	sink_free(&unsaid);
	if (!*carried)
		return IOV_OK;
	*files = found;
	*plan = own;
	*step = this;
	plan->files = files;
	return check_targets(&targets, digests, arena, sink);
}
