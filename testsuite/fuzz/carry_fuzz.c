/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer over preprocessed text that carries its sources (frontend/carry.h). The first byte says what the others
 * are: 0, a whole text; else the data of one, for which digest, compression and head are made here, so that the reader
 * behind them is reached. Aborts when what is taken over reaches beyond the command line: an option that this does not
 * have and that is none of the preprocessor's, a name that is an option, a file with no absolute name. */
#include "frontend/carry.c"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the driver gives otherwise. */
const char iovcc_default_platform[] = "linux-6.12";
enum { IDENTITY = 1 };

uint64_t headers_identity(void)
{
	return IDENTITY;
}

const struct iov_virtual_file *headers_files(size_t *count)
{
	*count = 0;
	return NULL;
}

enum iov_status proof_platforms(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink,
				const struct iov_platform ***out, size_t *count)
{
	static const struct iov_platform platform;
	static const struct iov_platform *list[] = {&platform};

	(void)plan, (void)arena, (void)sink;
	*out = list;
	*count = 1;
	return IOV_OK;
}

/* A text with these bytes as its data. */
static void pack(const uint8_t *data, size_t size, struct iov_buf *text)
{
	static const char rest[] = "int x;\n";
	struct iov_buf bytes = {0};

	buf_u64(&bytes, IDENTITY, false);
	buf_u64(&bytes, 0, false);
	buf_put(&bytes, data, size);
	buf_printf(text, "# 1 \"x.c\"\n%s%016" PRIx64 " ", mark, hash_bytes(rest, sizeof(rest) - 1));
	put_packed(text, &bytes);
	buf_printf(text, "%s# 1 \"x.c\" 2\n%s", mark_end, rest);
	buf_free(&bytes);
}

static bool harmless(const char *option)
{
	static const char *const harmful[] = {"-include-pch", "-iwithsysroot", "-ivfsoverlay"};
	static const char *const flags[] = {"-nostdinc", "-nostdlibinc", "-undef", "-O2"};
	static const char *const joined[] = {"-D",        "-U",       "-I",        "-iquote",  "-isystem",
					     "-idirafter", "-include", "-imacros",  "-iprefix", "-iwithprefix",
					     "-isysroot",  "--sysroot"};

	for (size_t i = 0; i < sizeof(harmful) / sizeof(harmful[0]); i++)
		if (!strncmp(option, harmful[i], strlen(harmful[i])))
			return false;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (!strcmp(option, flags[i]))
			return true;
	for (size_t i = 0; i < sizeof(joined) / sizeof(joined[0]); i++)
		if (!strncmp(option, joined[i], strlen(joined[i])))
			return true;
	return false;
}

static void check(const struct iovcc_plan *plan, const struct iovcc_step *step, const struct iovcc_files *files)
{
	size_t sum = 0;

	for (size_t i = 0, words; i < plan->clang.count; i += words) {
		const char *option = plan->clang.items[i];

		words = local_words(&plan->clang, i);
		words = words ? words : 1;
		if (!harmless(option))
			abort();
	}
	if (!*step->input.path || *step->input.path == '-' || step->input.language != IOVCC_C ||
	    files->kind != IOVCC_FILES_CARRIED || files->folder[0] != '/' || plan->files != files)
		abort();
	for (size_t i = 0; i < files->count; i++) {
		if (files->list[i].path[0] != '/')
			abort();
		for (size_t k = 0; k < files->list[i].len; k++)
			sum += (unsigned char)files->list[i].text[k];
	}
	if (files->count && sum == SIZE_MAX)
		abort(); /* the bytes were read */
}

static void read_text(const struct iov_buf *text)
{
	struct iov_arena arena = {0};
	struct iov_sink sink;
	struct iovcc_files files = {.arena = &arena};
	struct iovcc_plan plan = {.mode = IOVCC_OBJECT, .codegen = {.cpu = 3}, .files = &files};
	struct iovcc_step step = {.input = {NULL, IOVCC_CPP_OUTPUT}};
	int fd = memfd_create("text", 0);
	bool carried;
	size_t len;

	sink_init(&sink, NULL);
	arena_init(&arena, NULL);
	option_append(&plan.clang, "-O2", &arena);
	step.input.path = arena_printf(&arena, "/proc/self/fd/%d", fd);
	if (fd < 0 || write(fd, text->data, text->len) != (ssize_t)text->len)
		abort();
	carry_read(&plan, &step, &files, &arena, &sink, &carried);
	if (carried) {
		check(&plan, &step, &files);
		files_text(&files, step.input.path, 0, &arena, &len);
		files_exist(&files, "../x.h", &arena);
	} else if (files.kind != IOVCC_FILES_DISK || plan.clang.count != 1 || step.input.language != IOVCC_CPP_OUTPUT) {
		abort();
	}
	close(fd);
	sink_free(&sink);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct iov_buf text = {0};

	if (!size)
		return 0;
	if (data[0])
		pack(data + 1, size - 1, &text);
	else
		buf_put(&text, data + 1, size - 1);
	read_text(&text);
	buf_free(&text);
	return 0;
}
