// SPDX-License-Identifier: Apache-2.0
// Owns: what Clang's options come to for iovcc: how many words of the command line one takes, and which of those that
// Clang's driver accepts are refused or passed over here. These are judged by what they make of the cc1 invocation, so
// that every spelling of them is met, -Xclang's too.
#include "frontend/clang/options.h"

#include "clang/Driver/Options.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"

#include <cstdio>

using namespace clang;

namespace
{

// As Clang's driver: an option that it takes and that is near, or the same word as an option of cc1 alone.
void suggest(const llvm::opt::OptTable &Table, const char *Arg, struct iov_clang_word *Out)
{
	using llvm::opt::Visibility;
	std::string Nearest;
	if (Table.findNearest(Arg, Nearest, Visibility(driver::options::ClangOption)) <= 1)
		snprintf(Out->nearest, sizeof(Out->nearest), "%s", Nearest.c_str());
	else if (Table.findExact(Arg, Nearest, Visibility(driver::options::CC1Option)))
		snprintf(Out->nearest, sizeof(Out->nearest), "-Xclang %s", Nearest.c_str());
}

struct iov_diag *say(struct iov_sink *Sink, enum iov_diag_id Id, const char *Text)
{
	struct iov_span Nowhere = {};
	Nowhere.insn = -1;
	return diag_add(Sink, Id, Nowhere, "%s", Text);
}

bool counts(const CodeGenOptions &CodeGen)
{
	return !CodeGen.CoverageDataFile.empty() || !CodeGen.CoverageNotesFile.empty() || CodeGen.CoverageMapping ||
	       CodeGen.hasProfileClangInstr() || CodeGen.hasProfileIRInstr() || CodeGen.hasProfileCSIRInstr() ||
	       CodeGen.InstrumentFunctions || CodeGen.InstrumentFunctionsAfterInlining ||
	       CodeGen.InstrumentFunctionEntryBare || CodeGen.InstrumentForProfiling || CodeGen.XRayInstrumentFunctions;
}

bool refuse(const CompilerInvocation &Invocation, struct iov_sink *Sink)
{
	const CodeGenOptions &CodeGen = Invocation.getCodeGenOpts();
	if (counts(CodeGen)) {
		iov::hint(say(Sink, DIAG_CLANG_OPTION,
			      "an option asks for code that counts or traces what runs (coverage, profiling)"),
			  "a BPF program has no run-time library to call, nor files to write: count in a map");
		return true;
	}
	if (!Invocation.getLangOpts().Sanitize.empty()) {
		iov::hint(say(Sink, DIAG_CLANG_OPTION, "an option asks for a sanitizer's checks (-fsanitize=)"),
			  "a BPF program has no run-time library that they could call; accesses are verified");
		return true;
	}
	if (!Invocation.getFrontendOpts().Plugins.empty() || !CodeGen.PassPlugins.empty()) {
		say(Sink, DIAG_CLANG_OPTION, "an option names a plugin of Clang's or LLVM's: iovcc loads none");
		return true;
	}
	if (Invocation.getFileSystemOpts().WorkingDir.empty())
		return false;
	iov::hint(say(Sink, DIAG_CLANG_OPTION, "iovcc reads and writes in the folder that it is started in"),
		  "start it in " + Invocation.getFileSystemOpts().WorkingDir);
	return true;
}

// What Clang writes beside the output, and iovcc does not: asked for no longer, and named.
void passOver(CompilerInvocation &Invocation, struct iov_sink *Sink)
{
	CodeGenOptions &CodeGen = Invocation.getCodeGenOpts();
	const std::pair<std::string *, const char *> Files[] = {
		{&CodeGen.SplitDwarfFile, "-gsplit-dwarf"},
		{&CodeGen.SplitDwarfOutput, "-gsplit-dwarf"},
		{&CodeGen.StackUsageOutput, "-fstack-usage"},
		{&CodeGen.OptRecordFile, "-fsave-optimization-record"},
		{&Invocation.getFrontendOpts().TimeTracePath, "-ftime-trace"},
		{&Invocation.getFrontendOpts().StatsFile, "-save-stats"},
		{&Invocation.getDiagnosticOpts().DiagnosticSerializationFile, "--serialize-diagnostics"},
	};
	std::string Names;
	for (const auto &[File, Name] : Files) {
		if (!File->empty() && Names.find(Name) == std::string::npos)
			Names += (Names.empty() ? "" : ", ") + std::string(Name);
		File->clear();
	}
	if (!Names.empty())
		say(Sink, DIAG_OPTION_PASSED_OVER,
		    ("iovcc writes no file for " + Names + "; the output is the same without").c_str());
}

} // namespace

extern "C" void clang_look_up(const char *arg, struct iov_clang_word *out)
{
	const llvm::opt::OptTable &Table = driver::getDriverOptTable();
	const char *const Line[] = {arg, "", "", "", ""};
	llvm::opt::InputArgList Args(std::begin(Line), std::end(Line));
	unsigned Next = 0;
	std::unique_ptr<llvm::opt::Arg> Found =
		Table.ParseOneArg(Args, Next, llvm::opt::Visibility(driver::options::ClangOption));

	*out = {};
	if (Found && !Found->getOption().matches(driver::options::OPT_UNKNOWN))
		out->words = Next;
	else
		suggest(Table, arg, out);
}

bool iov::optionsServed(CompilerInvocation &Invocation, struct iov_sink *Sink)
{
	if (refuse(Invocation, Sink))
		return false;
	passOver(Invocation, Sink);
	return true;
}
