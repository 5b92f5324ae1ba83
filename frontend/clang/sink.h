// SPDX-License-Identifier: Apache-2.0
// Owns: the way from Clang's world into the sink: its diagnostics, and those of the rules, with places as spans.
#ifndef IOV_FRONTEND_CLANG_SINK_H
#define IOV_FRONTEND_CLANG_SINK_H

#include "frontend/clang/clang.h"

#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/SourceManager.h"

#include <set>
#include <string>

namespace iov
{

// Clang's diagnostics into the sink. A note belongs to the error or warning before it.
class SinkConsumer : public clang::DiagnosticConsumer
{
	struct iov_sink *Sink;
	struct iov_diag *Last = nullptr;
	clang::FileID LastFile; // whose "In file included from" has been said
	const clang::LangOptions *LangOpts = nullptr;
	std::set<std::string> Seen; // a macro that repeats its argument repeats its errors
	bool Repeated = false;

	uint32_t underline(const clang::SourceManager &SM, clang::SourceLocation Loc, const clang::Diagnostic &Info);
	void includeStack(const clang::SourceManager &SM, clang::SourceLocation Loc);
	void macroStack(const clang::SourceManager &SM, clang::SourceLocation Loc);
	void fixIts(const clang::SourceManager &SM, const clang::Diagnostic &Info);
	bool isRepeated(const struct iov_span &S, const std::string &Message);

      public:
	// Functions that C gives a body for inlining alone, and their places FILE:LINE:COL: codegen's IOV_INLINE_MARK.
	std::vector<std::pair<std::string, std::string>> Inlines;
	// Functions that a C library would define, and the headers that declare them, or "": IOV_LIBRARY_MARK.
	std::vector<std::pair<std::string, std::string>> Library;
	// The place of each line of assembly outside functions: IOV_ASM_PLACES.
	std::vector<std::string> AsmPlaces;
	const char *const *SystemDirs = nullptr; // as in struct iov_clang_job

	std::set<std::string> Deprecated; // functions that have been warned of: once in a file is enough

	struct iov_timing *Timing = nullptr;

	explicit SinkConsumer(struct iov_sink *S) : Sink(S) {}

	void BeginSourceFile(const clang::LangOptions &LO, const clang::Preprocessor *) override { LangOpts = &LO; }
	void EndSourceFile() override { LangOpts = nullptr; }
	void HandleDiagnostic(clang::DiagnosticsEngine::Level Level, const clang::Diagnostic &Info) override;

	// Where something stands. The source line lives in `Keep` until the sink has copied it.
	static struct iov_span span(const clang::SourceManager &SM, clang::SourceLocation Loc, std::string &Keep);
	// The same for a range, which is underlined when it stands on one line.
	struct iov_span span(const clang::SourceManager &SM, clang::SourceRange Range, std::string &Keep) const;
	// A diagnostic of a rule, with its include and macro stacks; nullptr when it has been said.
	struct iov_diag *add(enum iov_diag_id Id, const clang::SourceManager &SM, clang::SourceRange Range,
			     const std::string &Message);
};

// What to write instead; D may be nullptr.
inline void hint(struct iov_diag *D, const llvm::Twine &Text)
{
	struct iov_span Nowhere = {};
	Nowhere.insn = -1;
	if (D)
		diag_note(D, IOV_NOTE_HINT, Nowhere, "%s", Text.str().c_str());
}

} // namespace iov

#endif
