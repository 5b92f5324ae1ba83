// SPDX-License-Identifier: Apache-2.0
#include "frontend/clang/sink.h"

extern "C" {
#include "asm/base/text.h"
#include "asm/isa/catalogue.h"
}

#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Basic/DiagnosticSema.h"
#include "clang/Lex/LexDiagnostic.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using llvm::StringRef;

namespace iov
{

static std::string sourceLine(const SourceManager &SM, SourceLocation Loc)
{
	bool Invalid = false;
	auto [File, Offset] = SM.getDecomposedLoc(Loc);
	StringRef Text = SM.getBufferData(File, &Invalid);
	if (Invalid || Offset > Text.size())
		return {};
	size_t Before = Text.rfind('\n', Offset), Begin = Before == StringRef::npos ? 0 : Before + 1;
	return Text.slice(Begin, std::min(Text.find_first_of("\r\n", Offset), Text.size())).str();
}

uint32_t SinkConsumer::underline(const SourceManager &SM, SourceLocation Loc, const Diagnostic &Info)
{
	for (const CharSourceRange &R : Info.getRanges()) {
		SourceLocation Begin = SM.getFileLoc(R.getBegin()), End = SM.getFileLoc(R.getEnd());
		if (Begin != Loc || SM.getSpellingLineNumber(Begin) != SM.getSpellingLineNumber(End))
			continue;
		unsigned Tail = R.isTokenRange() ? Lexer::MeasureTokenLength(End, SM, *LangOpts) : 0;
		return SM.getFileOffset(End) + Tail - SM.getFileOffset(Begin);
	}
	return Lexer::MeasureTokenLength(Loc, SM, *LangOpts);
}

struct iov_span SinkConsumer::span(const SourceManager &SM, SourceLocation Loc, std::string &Keep)
{
	struct iov_span S = {};
	S.insn = -1;
	PresumedLoc P = SM.getPresumedLoc(Loc);
	if (P.isInvalid())
		return S;
	Keep = sourceLine(SM, Loc);
	S.file = P.getFilename();
	S.line = P.getLine();
	S.col = P.getColumn();
	S.text = Keep.c_str();
	return S;
}

struct iov_span SinkConsumer::span(const SourceManager &SM, SourceRange Range, std::string &Keep) const
{
	SourceLocation Begin = SM.getFileLoc(Range.getBegin()), End = SM.getFileLoc(Range.getEnd());
	struct iov_span S = span(SM, Begin, Keep);
	if (!S.file || !LangOpts)
		return S;
	if (SM.getFileID(Begin) == SM.getFileID(End) && SM.getFileOffset(End) >= SM.getFileOffset(Begin) &&
	    SM.getSpellingLineNumber(Begin) == SM.getSpellingLineNumber(End))
		S.len = SM.getFileOffset(End) - SM.getFileOffset(Begin) + Lexer::MeasureTokenLength(End, SM, *LangOpts);
	return S;
}

void SinkConsumer::includeStack(const SourceManager &SM, SourceLocation Loc)
{
	FileID File = SM.getFileID(Loc);
	if (File == LastFile)
		return;
	LastFile = File;
	for (PresumedLoc P = SM.getPresumedLoc(Loc); P.isValid() && P.getIncludeLoc().isValid();
	     P = SM.getPresumedLoc(P.getIncludeLoc())) {
		std::string Keep;
		diag_note(Last, IOV_NOTE_PLAIN, span(SM, P.getIncludeLoc(), Keep), "in a file included from here");
	}
}

void SinkConsumer::macroStack(const SourceManager &SM, SourceLocation Loc)
{
	for (int Depth = 0; Loc.isMacroID() && Depth < 6; Depth++) {
		std::string Keep;
		StringRef Name = Lexer::getImmediateMacroName(Loc, SM, *LangOpts);
		SourceLocation Spelling = SM.getSpellingLoc(Loc);
		if (!Name.empty() && !SM.isMacroArgExpansion(Loc) && SM.getFilename(Spelling) != "")
			diag_note(Last, IOV_NOTE_PLAIN, span(SM, Spelling, Keep), "expanded from macro '%s'",
				  Name.str().c_str());
		Loc = SM.getImmediateMacroCallerLoc(Loc);
	}
}

void SinkConsumer::fixIts(const SourceManager &SM, const Diagnostic &Info)
{
	for (const FixItHint &Fix : Info.getFixItHints()) {
		if (Fix.isNull() || !LangOpts)
			continue;
		std::string Keep;
		struct iov_span S = span(SM, SM.getFileLoc(Fix.RemoveRange.getBegin()), Keep);
		std::string Old = Lexer::getSourceText(Fix.RemoveRange, SM, *LangOpts).str();
		StringRef Code = StringRef(Fix.CodeToInsert).trim("\n");
		if (Old.empty() && Code.empty())
			continue;
		if (Old.empty())
			diag_note(Last, IOV_NOTE_HINT, S, "insert '%s'", Code.str().c_str());
		else if (Code.empty())
			diag_note(Last, IOV_NOTE_HINT, S, "remove '%s'", Old.c_str());
		else
			diag_note(Last, IOV_NOTE_HINT, S, "write '%s' instead of '%s'", Code.str().c_str(),
				  Old.c_str());
	}
}

static enum iov_diag_id idOf(DiagnosticsEngine::Level Level, bool InSource)
{
	if (Level < DiagnosticsEngine::Warning)
		return DIAG_CLANG_NOTE;
	if (Level == DiagnosticsEngine::Warning)
		return DIAG_CLANG_WARNING;
	if (!InSource)
		return DIAG_CLANG_OPTION;
	return Level == DiagnosticsEngine::Fatal ? DIAG_CLANG_FATAL : DIAG_CLANG_ERROR;
}

bool SinkConsumer::isRepeated(const struct iov_span &S, const std::string &Message)
{
	return !Seen.insert((llvm::Twine(S.file) + ":" + llvm::Twine(S.line) + ":" + llvm::Twine(S.col) + ":" + Message)
				    .str())
			.second;
}

struct iov_diag *SinkConsumer::add(enum iov_diag_id Id, const SourceManager &SM, SourceRange Range,
				   const std::string &Message)
{
	std::string Keep;
	struct iov_span S = span(SM, Range, Keep);
	Repeated = isRepeated(S, Message);
	if (Repeated)
		return nullptr;
	Last = diag_add(Sink, Id, S, "%s", Message.c_str());
	includeStack(SM, SM.getFileLoc(Range.getBegin()));
	if (LangOpts)
		macroStack(SM, Range.getBegin());
	return Last;
}

#define RETURNS "return an error code: a program always ends by returning"
#define OPERANDS                                                                                                       \
	"operands are registers of BPF, r0 to r9: \"r\" for any, \"=r\" for what is written, \"+r\" for both, "        \
	"\"i\" for a constant"
#define NO_LIBRARY "BPF has no C library, and its headers do not help: leave it to user space, or write it in C"

// What Clang refuses for BPF and our catalogue explains. `Word`: where the text says that it is about that, or nullptr.
static const struct {
	unsigned Clang;
	const char *Word;
	enum iov_diag_id Ours;
	const char *Hint;
} Renamed[] = {
	{diag::err_thread_unsupported, nullptr, DIAG_THREAD_LOCAL,
	 "a map of type BPF_MAP_TYPE_PERCPU_ARRAY has one copy of its values for every CPU"},
	{diag::err_builtin_longjmp_unsupported, nullptr, DIAG_MACHINE, RETURNS},
	{diag::err_builtin_setjmp_unsupported, nullptr, DIAG_MACHINE, RETURNS},
	{diag::err_type_unsupported, "_Float16", DIAG_FLOATING_POINT,
	 "use integers, scaled where fractions are needed"},
	{diag::err_type_unsupported, "__bf16", DIAG_FLOATING_POINT, "use integers, scaled where fractions are needed"},
	{diag::err_type_unsupported, "__float128", DIAG_FLOATING_POINT,
	 "use integers, scaled where fractions are needed"},
	{diag::err_typecheck_field_variable_size, nullptr, DIAG_VARIABLE_ARRAY, "give the array a constant size"},
	{diag::err_asm_invalid_output_constraint, nullptr, DIAG_BACKEND_ASM, OPERANDS},
	{diag::err_asm_invalid_input_constraint, nullptr, DIAG_BACKEND_ASM, OPERANDS},
	{diag::err_asm_invalid_global_var_reg, nullptr, DIAG_MACHINE,
	 "use a variable; helpers and contexts give what registers held"},
	{diag::err_asm_unknown_register_name, nullptr, DIAG_BACKEND_ASM, OPERANDS},
	{diag::ext_implicit_lib_function_decl_c99, nullptr, DIAG_LIBRARY_FUNCTION, NO_LIBRARY},
};

// "call to undeclared function 'bpf_…'": the catalogue may know it, or one of nearly that name.
static void suggestHelper(struct iov_diag *D, StringRef Text)
{
	StringRef Name = Text.split('\'').second.split('\'').first;
	const char *Best = nullptr;
	unsigned Least = 4;
	if (!Name.consume_front("bpf_"))
		return;
	for (uint32_t Id = 1; Id <= catalogue_helper_count(); Id++) {
		const char *Known = catalogue_helper(Id)->name;
		unsigned Distance = Name.size() > 5 && StringRef(Known).starts_with(Name) && Name != Known
					    ? 1
					    : text_distance(Name.str().c_str(), Known, 3);
		if (Distance < Least)
			Least = Distance, Best = Known;
	}
	if (Best && !Least)
		hint(D, "#include <bpf/bpf_helpers.h>");
	else if (Best)
		hint(D, llvm::Twine("the helper that is named nearly so is bpf_") + Best + "()");
	else
		hint(D, "no helper is named so: bpf-helpers(7) lists them, <bpf/bpf_helpers.h> declares them");
}

// What a message of Clang's asks for on this target.
static const struct {
	unsigned Clang;
	const char *Within, *Hint;
} Hinted[] = {
	{diag::err_pp_file_not_found, "'linux/",
	 "it is one of the kernel's headers for user space (Debian: linux-libc-dev); or include \"vmlinux.h\", which "
	 "iovcc has"},
	{diag::err_pp_file_not_found, "'asm/",
	 "it is one of the kernel's headers for user space (Debian: linux-libc-dev); or include \"vmlinux.h\", which "
	 "iovcc has"},
	{diag::err_typecheck_decl_incomplete_type, "'struct bpf_iter_",
	 "vmlinux.h has it, and linux/bpf.h from Linux 6.4 on"},
};

static const char *hintFor(unsigned Clang, StringRef Text)
{
	for (const auto &H : Hinted)
		if (H.Clang == Clang && Text.contains(H.Within))
			return H.Hint;
	return nullptr;
}

void SinkConsumer::HandleDiagnostic(DiagnosticsEngine::Level Level, const Diagnostic &Info)
{
	DiagnosticConsumer::HandleDiagnostic(Level, Info);
	SmallString<256> Text;
	Info.FormatDiagnostic(Text);
	StringRef Flag = DiagnosticIDs::getWarningOptionForDiag(Info.getID());
	bool InSource = Info.hasSourceManager() && Info.getLocation().isValid();
	struct iov_span S = {};
	std::string Keep;
	S.insn = -1;
	if (InSource) {
		SourceLocation Loc = Info.getSourceManager().getFileLoc(Info.getLocation());
		S = span(Info.getSourceManager(), Loc, Keep);
		if (LangOpts && S.file)
			S.len = underline(Info.getSourceManager(), Loc, Info);
	}
	if (Level == DiagnosticsEngine::Note && Last) {
		if (Repeated || Info.getID() == diag::note_include_header_or_declare)
			return; // no header would help
		diag_note(Last, IOV_NOTE_PLAIN, S, "%s", Text.c_str());
	} else {
		std::string Message = Text.str().str();
		if (!Flag.empty() && Level >= DiagnosticsEngine::Warning)
			Message += (" [-W" + Flag + "]").str();
		enum iov_diag_id Id = idOf(Level, InSource || LangOpts);
		const char *Hint = hintFor(Info.getID(), Text);
		for (const auto &R : Renamed)
			if (R.Clang == Info.getID() && Level >= DiagnosticsEngine::Error &&
			    (!R.Word || Text.str().contains(R.Word)))
				Id = R.Ours, Hint = R.Hint;
		Repeated = InSource && isRepeated(S, Message);
		if (!Repeated)
			Last = diag_add(Sink, Id, S, "%s", Message.c_str());
		if (!Repeated && Hint)
			hint(Last, Hint);
		if (!Repeated && Info.getID() == diag::ext_implicit_function_decl_c99)
			suggestHelper(Last, Text);
	}
	if (!InSource || Repeated)
		return;
	if (Level != DiagnosticsEngine::Note)
		includeStack(Info.getSourceManager(), Info.getSourceManager().getFileLoc(Info.getLocation()));
	if (LangOpts)
		macroStack(Info.getSourceManager(), Info.getLocation());
	fixIts(Info.getSourceManager(), Info);
}

} // namespace iov
