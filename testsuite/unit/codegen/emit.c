/* SPDX-License-Identifier: Apache-2.0 */
/* codegen_emit from IR text to bytes: what is emitted, what is refused and how it is said. Criterion forks for each
 * test, which is the one process per compile that LLVM's global options ask for. */
#include "backend/codegen/codegen.h"

#include <criterion/criterion.h>
#include <llvm-c/Core.h>
#include <llvm-c/IRReader.h>
#include <llvm-c/Target.h>

#include <stdio.h>
#include <string.h>

static const char header[] = "target datalayout = \"e-m:e-p:64:64-i64:64-i128:128-n32:64-S128\"\n"
			     "target triple = \"bpfel\"\n";

static struct iov_sink sink;
static struct iov_buf out;

static enum iov_status emit(const char *ir, struct iov_codegen_options options)
{
	LLVMContextRef context = LLVMContextCreate();
	LLVMModuleRef module;
	char *message = NULL, text[8192];

	LLVMInitializeBPFTargetInfo();
	LLVMInitializeBPFTarget();
	LLVMInitializeBPFTargetMC();
	LLVMInitializeBPFAsmParser();
	LLVMInitializeBPFAsmPrinter();
	sink_init(&sink, NULL);
	snprintf(text, sizeof(text), "%s%s", header, ir);
	if (LLVMParseIRInContext(context, LLVMCreateMemoryBufferWithMemoryRangeCopy(text, strlen(text), "test"),
				 &module, &message))
		cr_assert_fail("%s", message);
	return codegen_emit(module, &options, &sink, &out);
}

static const struct iov_codegen_options plain = {.cpu = 3, .optimise = 2, .max_stack = 512};

static void refused(const char *ir, enum iov_diag_id id, const char *part)
{
	enum iov_status status = emit(ir, plain);

	cr_assert_eq(status, IOV_DIAGNOSED);
	cr_assert_not_null(sink.first);
	cr_expect_eq(sink.first->id, id, "%s", diag_code(sink.first->id));
	cr_expect(strstr(sink.first->message, part) != NULL, "%s", sink.first->message);
}

Test(emit, object)
{
	cr_assert_eq(emit("define i32 @f(i32 %x) {\n  ret i32 %x\n}\n", plain), IOV_OK);
	cr_assert_geq(out.len, 64);
	cr_expect_eq(memcmp(out.data, "\177ELF\2\1", 6), 0);
	cr_expect_eq(sink.errors, 0);
}

Test(emit, big_endian_follows_the_triple)
{
	struct iov_codegen_options options = plain;
	LLVMContextRef context;
	LLVMModuleRef module;
	char *message;
	static const char ir[] = "target triple = \"bpfeb\"\ndefine i32 @f(i32 %x) {\n  ret i32 %x\n}\n";

	LLVMInitializeBPFTargetInfo();
	LLVMInitializeBPFTarget();
	LLVMInitializeBPFTargetMC();
	LLVMInitializeBPFAsmPrinter();
	sink_init(&sink, NULL);
	context = LLVMContextCreate();
	cr_assert_not(LLVMParseIRInContext(context, LLVMCreateMemoryBufferWithMemoryRangeCopy(ir, strlen(ir), "test"),
					   &module, &message));
	cr_assert_eq(codegen_emit(module, &options, &sink, &out), IOV_OK);
	cr_expect_eq(out.data[5], 2);
}

Test(emit, assembly_ir_bitcode)
{
	struct iov_codegen_options options = plain;

	options.output = IOV_EMIT_ASM;
	cr_assert_eq(emit("define i32 @f(i32 %x) {\n  ret i32 7\n}\n", options), IOV_OK);
	cr_expect_not_null(strstr(buf_cstr(&out), "w0 = 7"));
}

Test(emit, level_of_the_instruction_set)
{
	struct iov_codegen_options options = plain;

	options.cpu = 1;
	options.output = IOV_EMIT_ASM;
	cr_assert_eq(emit("define i32 @f(i32 %x) {\n  ret i32 7\n}\n", options), IOV_OK);
	cr_expect_not_null(strstr(buf_cstr(&out), "r0 = 7"));
}

/* LLVMTargetMachineEmitToMemoryBuffer returns success here; the diagnostic decides. */
Test(emit, an_error_diagnostic_fails)
{
	refused("declare i32 @g(i32, i32, i32, i32, i32, i32)\n"
		"define i32 @f(i32 %x) {\n"
		"  %r = call i32 @g(i32 %x, i32 1, i32 2, i32 3, i32 4, i32 5)\n  ret i32 %r\n}\n",
		DIAG_ARGUMENTS, "`g` takes 6 arguments");
}

Test(legal, fence)
{
	refused("define void @f() {\n  fence seq_cst\n  ret void\n}\n", DIAG_ORDERING, "fence");
}

Test(legal, variable_arguments)
{
	refused("define void @f(i32 %x, ...) {\n  ret void\n}\n", DIAG_VARIADIC, "variable number");
}

Test(legal, atomic_of_two_bytes)
{
	refused("define i16 @f(ptr %p) {\n  %r = atomicrmw add ptr %p, i16 1 seq_cst\n  ret i16 %r\n}\n", DIAG_ATOMIC,
		"4 and 8 bytes");
}

Test(legal, atomic_maximum)
{
	refused("define i64 @f(ptr %p) {\n  %r = atomicrmw max ptr %p, i64 1 seq_cst\n  ret i64 %r\n}\n", DIAG_ATOMIC,
		"atomic maximum");
}

Test(legal, atomic_subtraction_below_v3)
{
	struct iov_codegen_options v1 = plain;

	v1.cpu = 1;
	cr_assert_eq(emit("define void @f(ptr %p) {\n  %r = atomicrmw sub ptr %p, i32 1 seq_cst\n  ret void\n}\n", v1),
		     IOV_DIAGNOSED);
	cr_expect_eq(sink.first->id, DIAG_ATOMIC);
}

Test(legal, reading_variable_arguments)
{
	refused("define i32 @f(ptr %p) {\n  %r = va_arg ptr %p, i32\n  ret i32 %r\n}\n", DIAG_VARIADIC, "va_arg()");
}

Test(legal, copying_a_double)
{
	cr_assert_eq(emit("define void @f(ptr %p, ptr %q) {\n  %d = load double, ptr %p\n"
			  "  store double %d, ptr %q\n  ret void\n}\n",
			  plain),
		     IOV_OK);
}

Test(legal, adding_vectors_of_floats)
{
	refused("define void @f(ptr %p) {\n  %v = load <4 x float>, ptr %p\n  %w = fadd <4 x float> %v, %v\n"
		"  store <4 x float> %w, ptr %p\n  ret void\n}\n",
		DIAG_FLOATING_POINT, "floating-point");
}

Test(legal, nothing_left_of_a_function)
{
	refused("define i32 @f() {\n  unreachable\n}\n", DIAG_UNDEFINED_BEHAVIOUR, "`f`");
}

Test(legal, atomic_of_a_library)
{
	refused("declare void @__atomic_load(i64, ptr, ptr, i32)\ndefine void @f(ptr %p, ptr %q) {\n"
		"  call void @__atomic_load(i64 32, ptr %p, ptr %q, i32 5)\n  ret void\n}\n",
		DIAG_ATOMIC, "library");
}

Test(legal, indirect_call)
{
	refused("define i32 @f(ptr %p) {\n  %r = call i32 %p()\n  ret i32 %r\n}\n", DIAG_INDIRECT_CALL,
		"through a pointer");
}

Test(legal, helper_by_number)
{
	cr_assert_eq(emit("define i64 @f() {\n  %r = call i64 inttoptr (i64 5 to ptr)()\n  ret i64 %r\n}\n", plain),
		     IOV_OK);
}

Test(legal, function_that_a_host_header_declares)
{
	refused("declare i32 @wcslen(ptr) #0\ndefine i32 @f(ptr %p) {\n  %n = call i32 @wcslen(ptr %p)\n"
		"  ret i32 %n\n}\nattributes #0 = { \"" IOV_LIBRARY_MARK "\"=\"/usr/include/wchar.h\" }\n",
		DIAG_LIBRARY_FUNCTION, "wcslen()");
}

Test(legal, library_function)
{
	refused("declare ptr @malloc(i64)\ndefine ptr @f() {\n  %p = call ptr @malloc(i64 8)\n  ret ptr %p\n}\n",
		DIAG_LIBRARY_FUNCTION, "malloc()");
}

Test(legal, own_function_of_that_name)
{
	cr_assert_eq(emit("define i32 @strlen(ptr %s) noinline optnone {\n  ret i32 3\n}\n"
			  "define i32 @f(ptr %s) {\n  %n = call i32 @strlen(ptr %s)\n  ret i32 %n\n}\n",
			  plain),
		     IOV_OK);
}

static const char two_frames[] = "declare void @use(ptr)\n"
				 "define void @low() noinline {\n  %b = alloca [300 x i8]\n"
				 "  call void @use(ptr %b)\n  ret void\n}\n"
				 "define void @high() {\n  %a = alloca [300 x i8]\n  call void @use(ptr %a)\n"
				 "  call void @low()\n  ret void\n}\n";

Test(stack, one_function)
{
	refused("declare void @use(ptr)\ndefine void @f() {\n  %b = alloca [600 x i8]\n  call void @use(ptr %b)\n"
		"  ret void\n}\n",
		DIAG_BACKEND_STACK, "`f` needs 600 bytes");
}

Test(stack, a_chain_of_calls)
{
	refused(two_frames, DIAG_BACKEND_STACK, "600 bytes of stack together");
	cr_expect_not_null(strstr(sink.first->message, "`high` (300 bytes) calls `low` (300 bytes)"));
	cr_expect_eq(sink.errors, 1);
}

Test(stack, the_platforms_limit)
{
	struct iov_codegen_options options = plain;

	options.max_stack = 1024;
	cr_expect_eq(emit(two_frames, options), IOV_OK);
}

Test(stack, not_judged)
{
	struct iov_codegen_options options = plain;

	options.max_stack = 0;
	cr_expect_eq(emit(two_frames, options), IOV_OK);
}

static const char itself[] = "declare void @use(ptr)\n"
			     "define void @f(i32 %n) noinline {\n  %b = alloca [100 x i8]\n  call void @use(ptr %b)\n"
			     "  call void @f(i32 %n)\n  call void @use(ptr %b)\n  ret void\n}\n";

Test(stack, recursion)
{
	refused(itself, DIAG_RECURSION, "`f` calls itself");
	cr_expect_eq(sink.errors, 1);
}

Test(stack, recursion_through_others)
{
	refused("declare void @use(ptr)\n"
		"define void @a(ptr %p) noinline {\n  call void @b(ptr %p)\n  call void @use(ptr %p)\n  ret void\n}\n"
		"define void @b(ptr %p) noinline {\n  call void @c(ptr %p)\n  call void @use(ptr %p)\n  ret void\n}\n"
		"define void @c(ptr %p) noinline {\n  call void @a(ptr %p)\n  call void @use(ptr %p)\n  ret void\n}\n",
		DIAG_RECURSION, "`a` calls `b` calls `c` calls `a`");
}

Test(stack, recursion_is_not_judged_without_verification)
{
	struct iov_codegen_options options = plain;

	options.max_stack = 0;
	cr_expect_eq(emit(itself, options), IOV_OK);
}

Test(legal, atomic_result_below_v3)
{
	static const char ir[] =
		"define i64 @f(ptr %p) {\n  %r = atomicrmw add ptr %p, i64 1 seq_cst\n  ret i64 %r\n}\n";
	struct iov_codegen_options options = plain;

	options.cpu = 2;
	cr_expect_eq(emit(ir, options), IOV_DIAGNOSED);
	cr_expect_eq(sink.first->id, DIAG_ATOMIC);
	cr_expect_eq(emit(ir, plain), IOV_OK);
}

Test(legal, structure_by_value)
{
	refused("declare void @g(ptr byval([24 x i8]))\ndefine void @f(ptr %p) {\n"
		"  call void @g(ptr byval([24 x i8]) %p)\n  ret void\n}\n",
		DIAG_BY_VALUE, "argument 1 of `g`");
}

Test(legal, registers_of_wide_arguments)
{
	refused("declare void @g([2 x i64], i128, i64, i64)\ndefine void @f([2 x i64] %a, i64 %b) {\n"
		"  %w = zext i64 %b to i128\n  call void @g([2 x i64] %a, i128 %w, i64 %b, i64 %b)\n  ret void\n}\n",
		DIAG_ARGUMENTS, "take 6 registers");
}

Test(legal, label_in_a_variable)
{
	refused("define void @f(ptr %p, i1 %c) {\n  store volatile ptr blockaddress(@f, %there), ptr %p\n"
		"  br i1 %c, label %there, label %end\nthere:\n  store volatile i32 1, ptr %p\n  br label %end\n"
		"end:\n  ret void\n}\n",
		DIAG_LABEL_ADDRESS, "address of a label");
}

Test(legal, constructor)
{
	refused("declare void @use()\n@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] "
		"[{ i32, ptr, ptr } { i32 65535, ptr @init, ptr null }]\n"
		"define void @init() {\n  call void @use()\n  ret void\n}\n",
		DIAG_CONSTRUCTOR, "`init` is a constructor");
}

/* for (; n; n--) *p++ = 0; */
static const char loop[] = "define void @f(ptr %p, i64 %n) {\n"
			   "entry:\n  br label %body\n"
			   "body:\n  %i = phi i64 [ 0, %entry ], [ %next, %body ]\n"
			   "  %at = getelementptr inbounds i8, ptr %p, i64 %i\n  store i8 0, ptr %at\n"
			   "  %next = add nuw i64 %i, 1\n  %more = icmp ult i64 %next, %n\n"
			   "  br i1 %more, label %body, label %done\n"
			   "done:\n  ret void\n}\n";

Test(loops, made_into_a_call_that_fails)
{
	struct iov_codegen_options options = plain;
	bool made = false;

	options.loops_made = &made;
	cr_assert_eq(emit(loop, options), IOV_DIAGNOSED);
	cr_expect(made);
}

Test(loops, kept)
{
	struct iov_codegen_options options = plain;
	bool made = false;

	options.loops_made = &made;
	options.keep_loops = true;
	cr_assert_eq(emit(loop, options), IOV_OK);
	cr_expect_not(made);
}

Test(loops, calls_of_the_source_are_no_loops)
{
	struct iov_codegen_options options = plain;
	bool made = false;

	options.loops_made = &made;
	cr_assert_eq(emit("declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)\ndefine void @f(ptr %p, i64 %n) {\n"
			  "  call void @llvm.memset.p0.i64(ptr %p, i8 0, i64 %n, i1 false)\n  ret void\n}\n",
			  options),
		     IOV_DIAGNOSED);
	cr_expect_not(made);
}
