/* SPDX-License-Identifier: Apache-2.0 */
/* order OUTPUT COMMAND...: runs a command and writes the names of its executable's functions, one a line, in the order
 * in which they were first called. Owns: where the functions of iovcc lie. A compile calls 15,000 of the 100,000 in
 * it, strewn over 50 MB; side by side (rules.mk: the linker takes the list) they take a sixth of the page faults, and
 * fewer misses of the processor's caches.
 *
 * Each function's first byte is made a breakpoint, which its first call takes away; children are followed. Where this
 * cannot be done (another machine's executable, no ptrace) OUTPUT is empty and the reason is said: the order is an
 * optimisation. Source: ptrace(2); System V gABI, symbol table. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BREAKPOINT = 0xcc };

struct function {
	uint64_t address;
	const char *name;
	bool called;
};

struct order {
	struct function *functions; /* by address, each once */
	size_t count;
	const uint8_t *image; /* the executable */
	const Elf64_Phdr *code;
	FILE *out;
};

static _Noreturn void leave(const char *why)
{
	fprintf(stderr, "order: functions stay in the linker's order: %s\n", why);
	exit(0); /* style: may exit: a tool of the build */
}

static int same_address(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	return (x->address > y->address) - (x->address < y->address);
}

static int by_address(const void *a, const void *b)
{
	const struct function *x = a, *y = b;
	int order = same_address(a, b);

	return order ? order : strcmp(x->name, y->name);
}

/* Of folded functions, which share an address, one name is enough. */
static void sort(struct order *o)
{
	size_t n = 0;

	qsort(o->functions, o->count, sizeof(*o->functions), by_address);
	for (size_t i = 0; i < o->count; i++)
		if (!n || o->functions[n - 1].address != o->functions[i].address)
			o->functions[n++] = o->functions[i];
	o->count = n;
}

static void read_symbols(struct order *o, const Elf64_Shdr *table, const Elf64_Shdr *strings)
{
	const Elf64_Sym *symbols = (const void *)(o->image + table->sh_offset);
	const char *names = (const char *)o->image + strings->sh_offset;
	size_t n = table->sh_size / sizeof(*symbols);

	o->functions = calloc(n + 1, sizeof(*o->functions));
	for (size_t i = 0; i < n && o->functions; i++)
		if (ELF64_ST_TYPE(symbols[i].st_info) == STT_FUNC &&
		    symbols[i].st_value - o->code->p_vaddr < o->code->p_filesz)
			o->functions[o->count++] =
				(struct function){symbols[i].st_value, names + symbols[i].st_name, false};
	sort(o);
}

static void read_executable(struct order *o, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const Elf64_Shdr *sections;
	const Elf64_Phdr *segments;
	const Elf64_Ehdr *head;
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		leave(strerror(errno));
	head = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (head == MAP_FAILED)
		leave(strerror(errno));
	close(fd);
	if (head->e_machine != EM_X86_64 || head->e_type != ET_EXEC)
		leave("the executable is not of x86-64, or has no fixed address");
	o->image = (const uint8_t *)head;
	segments = (const void *)(o->image + head->e_phoff);
	for (int i = 0; i < head->e_phnum; i++)
		if (segments[i].p_type == PT_LOAD && segments[i].p_flags & PF_X)
			o->code = &segments[i];
	sections = (const void *)(o->image + head->e_shoff);
	for (int i = 0; i < head->e_shnum && o->code; i++)
		if (sections[i].sh_type == SHT_SYMTAB)
			read_symbols(o, &sections[i], &sections[sections[i].sh_link]);
	if (!o->count)
		leave("the executable names no functions");
}

static int open_memory(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	return open(path, O_RDWR | O_CLOEXEC);
}

/* All at once: the code is written anew. */
static void set_breakpoints(const struct order *o, pid_t pid)
{
	size_t size = o->code->p_filesz, done = 0;
	uint8_t *code = malloc(size);
	int memory = open_memory(pid);

	if (!code || memory < 0)
		leave(strerror(errno));
	memcpy(code, o->image + o->code->p_offset, size);
	for (size_t i = 0; i < o->count; i++)
		code[o->functions[i].address - o->code->p_vaddr] = BREAKPOINT;
	while (done < size) {
		ssize_t n = pwrite(memory, code + done, size - done, (off_t)(o->code->p_vaddr + done));

		if (n <= 0)
			leave(strerror(errno));
		done += (size_t)n;
	}
	close(memory);
	free(code);
}

static void start(char **command)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	if (!ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		execv(command[0], command);
	_exit(127); /* style: may exit: a tool of the build */
}

#if defined(__x86_64__)
/* A process stands behind a breakpoint, or had a signal of its own, which is returned. */
static int at_breakpoint(struct order *o, pid_t pid, int signal)
{
	struct function key = {.name = ""}, *f;
	struct user_regs_struct regs;
	int memory;

	if (signal != SIGTRAP || ptrace(PTRACE_GETREGS, pid, NULL, &regs))
		return signal;
	key.address = regs.rip - 1;
	f = bsearch(&key, o->functions, o->count, sizeof(key), same_address);
	if (!f)
		return signal;
	if (!f->called)
		fprintf(o->out, "%s\n", f->name);
	f->called = true;
	memory = open_memory(pid);
	if (pwrite(memory, o->image + o->code->p_offset + (f->address - o->code->p_vaddr), 1, (off_t)f->address) != 1)
		leave(strerror(errno));
	close(memory);
	regs.rip--;
	ptrace(PTRACE_SETREGS, pid, NULL, &regs);
	return 0;
}
#else
static int at_breakpoint(struct order *o, pid_t pid, int signal)
{
	(void)o;
	(void)pid;
	return signal;
}
#endif

static void follow(struct order *o)
{
	int status, signal;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (!WIFSTOPPED(status))
			continue;
		signal = status >> 16 || WSTOPSIG(status) == SIGSTOP ? 0 : at_breakpoint(o, pid, WSTOPSIG(status));
		ptrace(PTRACE_CONT, pid, NULL, (void *)(intptr_t)signal);
	}
}

int main(int argc, char **argv)
{
	struct order o = {0};
	int status;
	pid_t pid;

	if (argc < 3)
		return 2;
	o.out = fopen(argv[1], "w");
	if (!o.out)
		leave(strerror(errno));
	read_executable(&o, argv[2]);
	pid = fork();
	if (!pid)
		start(argv + 2);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		leave("the command cannot be traced");
	ptrace(PTRACE_SETOPTIONS, pid, NULL,
	       (void *)(PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL));
	set_breakpoints(&o, pid);
	ptrace(PTRACE_CONT, pid, NULL, NULL);
	follow(&o);
	return fclose(o.out) ? 1 : 0;
}
