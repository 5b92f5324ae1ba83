/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the rules about calls that are left after optimisation: what registers carry, what has no body and never will,
 * what is no call by name. */
#include "backend/codegen/internal.h"

#include <llvm-c/Core.h>

#include <string.h>

#define SCRATCH "take memory from a map (one entry of a BPF_MAP_TYPE_PERCPU_ARRAY is scratch space)"
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
	{"strcpy", "use __builtin_memcpy() with a constant size"},
	{"strncpy", "use __builtin_memcpy() with a constant size"},
	{"strcat", "use __builtin_memcpy() with a constant size"},
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

static enum iov_status check_declared(struct codegen *cg, LLVMValueRef insn, LLVMValueRef callee, const char *name)
{
	const char *section = LLVMGetSection(callee);

	if (!LLVMIsDeclaration(callee) || (section && *section) || becomes_loads(cg, insn, name))
		return IOV_OK;
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		if (!strcmp(name, absent[i].name))
			return legal_refuse(cg, insn, DIAG_LIBRARY_FUNCTION,
					    arena_printf(&cg->arena, "BPF has no C library, and so no %s()", name),
					    absent[i].hint);
	return IOV_OK;
}

static const struct {
	const char *name;
	enum iov_diag_id id;
	const char *what, *hint;
} intrinsics[] = {
	{"llvm.returnaddress", DIAG_MACHINE, "BPF has no return address or frame address to read",
	 "remove __builtin_return_address() and __builtin_frame_address()"},
	{"llvm.frameaddress", DIAG_MACHINE, "BPF has no return address or frame address to read",
	 "remove __builtin_return_address() and __builtin_frame_address()"},
	{"llvm.read_register", DIAG_MACHINE, "a variable cannot be bound to a register of BPF",
	 "use a local variable; helpers and contexts give what registers held"},
	{"llvm.write_register", DIAG_MACHINE, "a variable cannot be bound to a register of BPF",
	 "use a local variable; helpers and contexts give what registers held"},
	{"llvm.trap", DIAG_MACHINE, "BPF has no trap instruction", RETURNS},
	{"llvm.debugtrap", DIAG_MACHINE, "BPF has no trap instruction", RETURNS},
	{"llvm.va_start", DIAG_VARIADIC, "BPF functions cannot take a variable number of arguments",
	 "give the function a fixed list of at most five arguments"},
	{"llvm.stacksave", DIAG_VARIABLE_ARRAY, "this array's size is not known when the program is compiled",
	 "give the array a constant size"},
};

static enum iov_status check_intrinsic(struct codegen *cg, LLVMValueRef insn, const char *name)
{
	for (size_t i = 0; i < sizeof(intrinsics) / sizeof(intrinsics[0]); i++)
		if (!strncmp(name, intrinsics[i].name, strlen(intrinsics[i].name)))
			return legal_refuse(cg, insn, intrinsics[i].id, intrinsics[i].what, intrinsics[i].hint);
	return IOV_OK;
}

static enum iov_status check_arguments(struct codegen *cg, LLVMValueRef insn, const char *name)
{
	unsigned count = LLVMGetNumArgOperands(insn), registers = 0;
	unsigned byval = LLVMGetEnumAttributeKindForName("byval", 5);

	for (unsigned i = 0; i < count; i++) {
		if (LLVMGetCallSiteEnumAttribute(insn, i + 1, byval))
			return legal_refuse(
				cg, insn, DIAG_BY_VALUE,
				arena_printf(&cg->arena,
					     "argument %u of %s is a structure of more than 16 bytes by value", i + 1,
					     name),
				"pass the structure's address, or declare the function static __always_inline");
		registers += legal_registers(LLVMTypeOf(LLVMGetOperand(insn, i)));
	}
	if (registers <= 5)
		return IOV_OK;
	return legal_refuse(cg, insn, DIAG_ARGUMENTS,
			    count == registers ? arena_printf(&cg->arena,
							      "this call passes %u arguments to %s; BPF passes "
							      "five, in r1 to r5",
							      count, name)
					       : arena_printf(&cg->arena,
							      "the %u arguments of %s take %u registers; BPF "
							      "passes five, r1 to r5",
							      count, name, registers),
			    "put the values into a structure and pass its address, or declare the function static "
			    "__always_inline");
}

/* A helper is called through a constant address (its number), a subprogram or kfunc by name. */
enum iov_status legal_call(struct codegen *cg, LLVMValueRef insn)
{
	LLVMValueRef callee = LLVMGetCalledValue(insn);
	const char *name = "the helper";
	size_t len;

	if (LLVMIsAInlineAsm(callee))
		return IOV_OK;
	if (!LLVMIsAConstant(callee))
		return legal_refuse(
			cg, insn, DIAG_INDIRECT_CALL, "this calls a function through a pointer, which BPF cannot do",
			"call the functions by name, for example in a switch; between programs: bpf_tail_call()");
	if (LLVMIsAFunction(callee)) {
		name = LLVMGetValueName2(callee, &len);
		if (LLVMGetIntrinsicID(callee))
			return check_intrinsic(cg, insn, name);
		if (check_declared(cg, insn, callee, name) != IOV_OK)
			return IOV_DIAGNOSED;
		name = arena_printf(&cg->arena, "`%s`", name);
	}
	return check_arguments(cg, insn, name);
}
