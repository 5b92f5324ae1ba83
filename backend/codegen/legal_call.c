/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the rules about calls that are left after optimisation: what registers carry, what has no body and never will,
 * what is no call by name. */
#include "backend/codegen/internal.h"

#include "asm/isa/catalogue.h"

#include <llvm-c/Core.h>

#include <string.h>

#define SCRATCH "take memory from a map (one entry of a BPF_MAP_TYPE_PERCPU_ARRAY is scratch space)"
#define COPY "use __builtin_memcpy() with a constant size, or bpf_probe_read_kernel_str() and its like"
#define ADDRESS "bpf_htons(), bpf_ntohl() and their like are in <bpf/bpf_endian.h>"
#define LOCK "a struct bpf_spin_lock in a map's value guards it: bpf_spin_lock(&value->lock)"
#define ERRNO "helpers return what went wrong, as a negative number: `long error = bpf_…(…);`"
#define TRACE "bpf_printk() writes to the trace pipe; counters and ring buffers carry data to user space"
#define RETURNS "return an error code: a program always ends by returning"

/* Functions of the C library that programs of the host reach for: nothing will ever define them for BPF. */
static const struct {
	const char *name, *hint;
} absent[] = {
	{"malloc", SCRATCH},
	{"calloc", SCRATCH},
	{"realloc", SCRATCH},
	{"free", "memory comes from maps, which are not freed by programs"},
	{"printf", TRACE},
	{"fprintf", TRACE},
	{"sprintf", "BPF_SNPRINTF() formats into a buffer"},
	{"snprintf", "BPF_SNPRINTF() formats into a buffer"},
	{"puts", TRACE},
	{"putchar", TRACE},
	{"perror", TRACE},
	{"memcpy", "use __builtin_memcpy() with a constant size, or a bounded loop"},
	{"memmove", "use __builtin_memmove() with a constant size, or a bounded loop"},
	{"memset", "use __builtin_memset() with a constant size, or a bounded loop"},
	{"memcmp", "use __builtin_memcmp() with a small constant size, or a bounded loop"},
	{"bcmp", "use __builtin_memcmp() with a small constant size, or a bounded loop"},
	{"memchr", "look for the byte in a bounded loop"},
	{"strlen", "walk the string in a bounded loop"},
	{"strchr", "look for the character in a bounded loop"},
	{"strstr", "look for it in a bounded loop"},
	{"strcmp", "compare in a bounded loop, or with bpf_strncmp()"},
	{"strncmp", "bpf_strncmp() compares with a constant string"},
	{"strcpy", COPY},
	{"strncpy", COPY},
	{"strlcpy", COPY},
	{"stpcpy", COPY},
	{"mempcpy", COPY},
	{"strcat", COPY},
	{"strncat", COPY},
	{"strdup", SCRATCH},
	{"strndup", SCRATCH},
	{"strnlen", "walk the string in a bounded loop"},
	{"strrchr", "look for the character in a bounded loop"},
	{"strcasecmp", "compare in a bounded loop"},
	{"strncasecmp", "compare in a bounded loop"},
	{"strtol", "bpf_strtol() reads a number"},
	{"strtoul", "bpf_strtoul() reads a number"},
	{"atoi", "bpf_strtol() reads a number"},
	{"qsort", "sort in user space, or a small array in bounded loops"},
	{"abort", RETURNS},
	{"exit", RETURNS},
	{"__assert_fail", RETURNS},
	{"rand", "bpf_get_prandom_u32() gives random numbers"},
	{"random", "bpf_get_prandom_u32() gives random numbers"},
	{"time", "bpf_ktime_get_ns() gives the time since boot"},
	{"gettimeofday", "bpf_ktime_get_ns() gives the time since boot"},
	{"clock_gettime", "bpf_ktime_get_ns() gives the time since boot"},
	{"__errno_location", ERRNO},
	{"pthread_mutex_lock", LOCK},
	{"pthread_mutex_unlock", LOCK},
	{"pthread_spin_lock", LOCK},
	{"pthread_spin_unlock", LOCK},
	{"htons", ADDRESS},
	{"htonl", ADDRESS},
	{"ntohs", ADDRESS},
	{"ntohl", ADDRESS},
	{"vprintf", TRACE},
	{"sscanf", "bpf_strtol() reads a number"},
	{"getpid", "bpf_get_current_pid_tgid() names the process, in program types that run in one"},
};

/* The back end turns a comparison of a constant size, up to 128 loads of 8 bytes, into loads; it calls no function. */
static bool becomes_loads(const struct codegen *cg, LLVMValueRef call, const char *name)
{
	LLVMValueRef size;

	if (strcmp(name, "memcmp") && strcmp(name, "bcmp"))
		return false;
	if (!cg->options->optimise || LLVMGetNumArgOperands(call) != 3)
		return false;
	size = LLVMGetOperand(call, 2);
	return LLVMIsAConstantInt(size) && LLVMConstIntGetZExtValue(size) <= 1024;
}

static const char *hint_of(const char *name)
{
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		if (!strcmp(name, absent[i].name))
			return absent[i].hint;
	return NULL;
}

/* __memcpy_chk() and its like are what -D_FORTIFY_SOURCE makes of memcpy(). */
static const char *unfortified(struct codegen *cg, const char *name)
{
	size_t len = strlen(name);

	if (len <= 6 || strncmp(name, "__", 2) || strcmp(name + len - 4, "_chk"))
		return name;
	return arena_copy(&cg->arena, name + 2, len - 6);
}

static bool has_library_mark(LLVMValueRef callee, const char **header, unsigned *len)
{
	LLVMAttributeRef mark = LLVMGetStringAttributeAtIndex(callee, LLVMAttributeFunctionIndex, IOV_LIBRARY_MARK,
							      sizeof(IOV_LIBRARY_MARK) - 1);

	*header = mark ? LLVMGetStringAttributeValue(mark, len) : NULL;
	return mark;
}

static enum iov_status refuse_library(struct codegen *cg, LLVMValueRef insn, LLVMValueRef callee, const char *name)
{
	const char *header, *hint;
	unsigned len = 0;
	bool marked = has_library_mark(callee, &header, &len);
	struct iov_diag *d;

	name = unfortified(cg, name);
	hint = hint_of(name);
	if (!marked && !hint)
		return IOV_OK;
	d = legal_report(cg, insn, DIAG_LIBRARY_FUNCTION,
			 arena_printf(&cg->arena, "BPF has no C library, and so no %s()", name));
	if (len)
		diag_why(d, IOV_NOWHERE, "%.*s declares it, for programs of this machine", (int)len, header);
	if (!strcmp(name, "memcmp") && !cg->options->optimise)
		hint = "with -O1 and more, __builtin_memcmp() of a constant size becomes loads";
	diag_hint(d, "%s", hint ? hint : "write what it does in C, or leave it to user space");
	return IOV_DIAGNOSED;
}

static enum iov_status check_declared(struct codegen *cg, LLVMValueRef insn, LLVMValueRef callee, const char *name)
{
	const char *section = LLVMGetSection(callee);

	if (!LLVMIsDeclaration(callee) || (section && *section) || becomes_loads(cg, insn, name))
		return IOV_OK;
	if (!strncmp(name, "__atomic_", 9))
		return legal_refuse(cg, insn, DIAG_ATOMIC,
				    "this atomic operation would call a library: BPF has them on 4 and 8 bytes alone",
				    "make the variable a __u32 or __u64, or guard it with a struct bpf_spin_lock");
	if (refuse_library(cg, insn, callee, name) != IOV_OK)
		return IOV_DIAGNOSED;
	if (!LLVMIsFunctionVarArg(LLVMGetCalledFunctionType(insn)))
		return IOV_OK;
	return legal_refuse(
		cg, insn, DIAG_VARIADIC,
		arena_printf(&cg->arena, "`%s` takes a variable number of arguments, which BPF functions cannot", name),
		"bpf_printk() and BPF_SNPRINTF() are macros that make an array of their arguments");
}

#define FRAME "BPF has no return address or frame address to read"
#define NO_FRAME "a program sees its arguments, its variables and what helpers return"
#define FIXED "give the function a fixed list of at most five arguments"
#define LIST "BPF functions cannot take a variable number of arguments"

static const struct {
	const char *name;
	enum iov_diag_id id;
	const char *what, *hint;
} intrinsics[] = {
	{"llvm.returnaddress", DIAG_MACHINE, FRAME, NO_FRAME},
	{"llvm.frameaddress", DIAG_MACHINE, FRAME, NO_FRAME},
	{"llvm.addressofreturnaddress", DIAG_MACHINE, FRAME, NO_FRAME},
	{"llvm.sponentry", DIAG_MACHINE, FRAME, NO_FRAME},
	{"llvm.eh.dwarf.cfa", DIAG_MACHINE, FRAME, NO_FRAME},
	{"llvm.eh.", DIAG_MACHINE, "BPF has no stack to unwind", RETURNS},
	{"llvm.read_register", DIAG_MACHINE, "a variable cannot be bound to a register of BPF",
	 "use a local variable; helpers and contexts give what registers held"},
	{"llvm.write_register", DIAG_MACHINE, "a variable cannot be bound to a register of BPF",
	 "use a local variable; helpers and contexts give what registers held"},
	{"llvm.trap", DIAG_MACHINE, "BPF has no trap instruction", RETURNS},
	{"llvm.debugtrap", DIAG_MACHINE, "BPF has no trap instruction", RETURNS},
	{"llvm.ubsantrap", DIAG_MACHINE, "BPF has no trap instruction", RETURNS},
	{"llvm.readcyclecounter", DIAG_MACHINE, "BPF has no cycle counter: this would always be 0",
	 "bpf_ktime_get_ns() gives the time since boot"},
	{"llvm.readsteadycounter", DIAG_MACHINE, "BPF has no counter of time: this would always be 0",
	 "bpf_ktime_get_ns() gives the time since boot"},
	{"llvm.clear_cache", DIAG_MACHINE, "BPF cannot change its instructions, and so has no cache of them to clear",
	 "remove the call"},
	{"llvm.va_", DIAG_VARIADIC, LIST, FIXED},
};

static enum iov_status check_intrinsic(struct codegen *cg, LLVMValueRef insn, const char *name)
{
	for (size_t i = 0; i < sizeof(intrinsics) / sizeof(intrinsics[0]); i++)
		if (!strncmp(name, intrinsics[i].name, strlen(intrinsics[i].name)))
			return legal_refuse(cg, insn, intrinsics[i].id, intrinsics[i].what, intrinsics[i].hint);
	return IOV_OK;
}

const char *legal_too_many(struct codegen *cg, const char *name, unsigned count, unsigned registers)
{
	if (count == registers)
		return arena_printf(&cg->arena, "`%s` takes %u arguments; BPF passes five, in r1 to r5", name, count);
	return arena_printf(&cg->arena, "the %u arguments of `%s` take %u registers; BPF passes five, r1 to r5", count,
			    name, registers);
}

static LLVMTypeRef by_value(LLVMValueRef call, unsigned argument)
{
	unsigned kind = LLVMGetEnumAttributeKindForName("byval", 5);
	LLVMAttributeRef attribute = LLVMGetCallSiteEnumAttribute(call, argument + 1, kind);

	return attribute ? LLVMGetTypeAttributeValue(attribute) : NULL;
}

/* A function that is defined here says for all its calls what registers cannot carry. */
static enum iov_status check_arguments(struct codegen *cg, LLVMValueRef insn, LLVMValueRef callee, const char *name)
{
	unsigned count = LLVMGetNumArgOperands(insn), registers = 0;
	bool reported = LLVMIsAFunction(callee) && !LLVMIsDeclaration(callee);
	LLVMTypeRef type = !reported && LLVMIsAFunction(callee) ? legal_returned(callee) : NULL;

	if (type)
		return legal_refuse(cg, insn, DIAG_BY_VALUE, legal_by_value(cg, name, type),
				    "let it fill in what the caller passes the address of");

	for (unsigned i = 0; i < count; i++) {
		type = by_value(insn, i);
		if (type)
			return legal_refuse(cg, insn, DIAG_BY_VALUE,
					    arena_printf(&cg->arena,
							 "argument %u of `%s` is %s by value; registers carry "
							 "structures of up to 16",
							 i + 1, name, legal_type(cg, type)),
					    "pass the structure's address, or declare the function static "
					    "__always_inline");
		registers += legal_registers(LLVMTypeOf(LLVMGetOperand(insn, i)));
	}
	if (registers <= 5 || reported)
		return IOV_OK;
	return legal_refuse(cg, insn, DIAG_ARGUMENTS, legal_too_many(cg, name, count, registers),
			    "put the values into a structure and pass its address, or declare the function static "
			    "__always_inline");
}

/* Where the target of a call through a pointer comes from. */
static void explain_target(struct codegen *cg, struct iov_diag *d, LLVMValueRef target, int depth)
{
	LLVMValueRef from;
	size_t len;

	if (LLVMIsAFunction(target)) {
		diag_why(d, function_span(cg, target), "it may be `%s`", LLVMGetValueName2(target, &len));
	} else if (LLVMIsASelectInst(target) && depth < 4) {
		explain_target(cg, d, LLVMGetOperand(target, 1), depth + 1);
		explain_target(cg, d, LLVMGetOperand(target, 2), depth + 1);
	} else if (LLVMIsAPHINode(target) && depth < 4) {
		for (unsigned i = 0; i < LLVMCountIncoming(target) && i < 4; i++)
			explain_target(cg, d, LLVMGetIncomingValue(target, i), depth + 1);
	} else if (LLVMIsALoadInst(target)) {
		from = LLVMGetOperand(target, 0);
		while (LLVMIsAGetElementPtrInst(from) || (LLVMIsAConstantExpr(from) && LLVMGetNumOperands(from)))
			from = LLVMGetOperand(from, 0);
		if (LLVMIsAGlobalVariable(from))
			diag_why(d, value_span(cg, from), "the pointer is read from `%s`", global_name(from));
	}
}

/* `static long (*bpf_x)(…) = (void *)5;` without a const: a helper's number that could still change. */
static const char *almost_helper(LLVMValueRef target)
{
	LLVMValueRef from = LLVMIsALoadInst(target) ? LLVMGetOperand(target, 0) : NULL;
	LLVMValueRef value = from && LLVMIsAGlobalVariable(from) ? LLVMGetInitializer(from) : NULL;
	size_t len;

	if (!value || LLVMIsGlobalConstant(from) || !LLVMIsAConstantExpr(value) ||
	    LLVMGetConstOpcode(value) != LLVMIntToPtr)
		return NULL;
	return LLVMGetValueName2(from, &len);
}

static enum iov_status refuse_pointer(struct codegen *cg, LLVMValueRef insn, LLVMValueRef target)
{
	const char *helper = almost_helper(target);
	struct iov_diag *d = legal_report(cg, insn, DIAG_INDIRECT_CALL,
					  "this calls a function through a pointer, which BPF cannot do");

	explain_target(cg, d, target, 0);
	if (helper)
		diag_hint(d, "a helper's pointer has to be constant: `static long (*const %s)(…) = …`", helper);
	else
		diag_hint(d, "call the functions by name, for example in a switch; between programs: bpf_tail_call()");
	return IOV_DIAGNOSED;
}

/* By the number that stands for its address. */
static const char *helper_name(struct codegen *cg, LLVMValueRef callee)
{
	bool numbered = LLVMIsAConstantExpr(callee) && LLVMGetConstOpcode(callee) == LLVMIntToPtr &&
			LLVMIsAConstantInt(LLVMGetOperand(callee, 0));
	uint64_t id = numbered ? LLVMConstIntGetZExtValue(LLVMGetOperand(callee, 0)) : 0;
	const struct iov_helper *helper = id <= UINT32_MAX ? catalogue_helper((uint32_t)id) : NULL;

	return helper ? arena_printf(&cg->arena, "bpf_%s", helper->name)
		      : arena_printf(&cg->arena, "helper %llu", (unsigned long long)id);
}

/* A helper is called through a constant address (its number), a subprogram or kfunc by name. */
enum iov_status legal_call(struct codegen *cg, LLVMValueRef insn)
{
	LLVMValueRef callee = LLVMGetCalledValue(insn);
	const char *name;
	size_t len;

	if (LLVMIsAInlineAsm(callee))
		return IOV_OK;
	if (!LLVMIsAConstant(callee))
		return refuse_pointer(cg, insn, callee);
	if (!LLVMIsAFunction(callee))
		return check_arguments(cg, insn, callee, helper_name(cg, callee));
	name = LLVMGetValueName2(callee, &len);
	if (LLVMGetIntrinsicID(callee))
		return check_intrinsic(cg, insn, name);
	if (check_declared(cg, insn, callee, name) != IOV_OK)
		return IOV_DIAGNOSED;
	return check_arguments(cg, insn, callee, name);
}
