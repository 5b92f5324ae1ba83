// SPDX-License-Identifier: Apache-2.0
// Owns: what the files of the rules on the AST share. A rule looks at the functions that are the user's, not at system
// headers; it reports into the sink and never stops a compile: what becomes of a warning is decided by its -Wiov option
// (frontend/warnings.c). Functions are visited once each, right after they were parsed.
#ifndef IOV_FRONTEND_CLANG_RULES_H
#define IOV_FRONTEND_CLANG_RULES_H

#include "frontend/clang/sink.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"
#include "clang/Frontend/CompilerInstance.h"

namespace iov
{

// The consumer of an action, and the rules beside it.
std::unique_ptr<clang::ASTConsumer> withRules(std::unique_ptr<clang::ASTConsumer> Inner, clang::CompilerInstance &CI,
					      SinkConsumer &Out);

// One function, while its body is looked at.
class FunctionFacts
{
	// What is assigned to each local variable; a nullptr stands for what cannot be known (++, its address).
	llvm::DenseMap<const clang::VarDecl *, llvm::SmallVector<const clang::Expr *, 2>> Values;

      public:
	const clang::FunctionDecl *Function = nullptr;
	llvm::SmallVector<const clang::BinaryOperator *, 32> Comparisons, Assignments;
	llvm::SmallVector<const clang::SwitchStmt *, 4> Switches;

	void assign(const clang::Expr *To, const clang::Expr *Value);
	void assign(const clang::VarDecl *To, const clang::Expr *Value) { Values[To].push_back(Value); }
	// The one value that a local variable ever has, or nullptr.
	const clang::Expr *valueOf(const clang::VarDecl *V) const;
	// All values that a local variable gets are known and there is at least one.
	llvm::ArrayRef<const clang::Expr *> valuesOf(const clang::VarDecl *V) const;
};

struct Rules {
	clang::ASTContext &AST;
	const clang::SourceManager &SM;
	SinkConsumer &Out;

	struct iov_diag *report(enum iov_diag_id Id, clang::SourceRange Range, const llvm::Twine &Message) const
	{
		return Out.add(Id, SM, Range, Message.str());
	}
	void why(struct iov_diag *D, clang::SourceRange Range, const llvm::Twine &Message) const;
	std::string source(const clang::Expr *E) const; // as it is written, when it is short and of one line
	bool isUsers(clang::SourceLocation Loc) const { return Loc.isValid() && !SM.isInSystemHeader(Loc); }
};

// E without parentheses and casts of any kind.
const clang::Expr *plain(const clang::Expr *E);
// The variable that E names, or nullptr.
const clang::VarDecl *variable(const clang::Expr *E);
// Whether a macro of one of these names wrote E, perhaps through others.
bool isFromMacro(const Rules &R, clang::SourceLocation Loc, bool (*IsWanted)(llvm::StringRef));

void checkByteOrder(const Rules &R, const FunctionFacts &F);                 // order.cpp
void checkComparisons(const Rules &R, const FunctionFacts &F);               // compare.cpp
void checkDereferences(const Rules &R, const clang::FunctionDecl *F);        // compare.cpp
void checkCall(const Rules &R, const clang::CallExpr *Call, bool IsDropped); // calls.cpp
void checkContext(const Rules &R, const clang::FunctionDecl *F);             // calls.cpp
void noteLibrary(const Rules &R);                                            // library.cpp

} // namespace iov

#endif
