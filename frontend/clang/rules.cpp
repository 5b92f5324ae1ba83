// SPDX-License-Identifier: Apache-2.0
#include "frontend/clang/rules.h"

#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Frontend/MultiplexConsumer.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using llvm::StringRef;

namespace iov
{

const Expr *plain(const Expr *E)
{
	return E->IgnoreParenCasts();
}

const VarDecl *variable(const Expr *E)
{
	const auto *Ref = dyn_cast<DeclRefExpr>(plain(E));
	return Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
}

bool isFromMacro(const Rules &R, SourceLocation Loc, bool (*IsWanted)(StringRef))
{
	for (int Depth = 0; Loc.isMacroID() && Depth < 16; Depth++) {
		if (IsWanted(Lexer::getImmediateMacroName(Loc, R.SM, R.AST.getLangOpts())))
			return true;
		Loc = R.SM.getImmediateMacroCallerLoc(Loc);
	}
	return false;
}

void Rules::why(struct iov_diag *D, SourceRange Range, const llvm::Twine &Message) const
{
	std::string Keep;
	struct iov_span S = Out.span(SM, Range, Keep);
	if (D)
		diag_note(D, IOV_NOTE_WHY, S, "%s", Message.str().c_str());
}

std::string Rules::source(const Expr *E) const
{
	CharSourceRange Range =
		CharSourceRange::getTokenRange(SM.getFileLoc(E->getBeginLoc()), SM.getFileLoc(E->getEndLoc()));
	StringRef Text = Lexer::getSourceText(Range, SM, AST.getLangOpts());
	return Text.size() > 60 || Text.contains('\n') || Text.empty() ? std::string("this") : ("`" + Text + "`").str();
}

void FunctionFacts::assign(const Expr *To, const Expr *Value)
{
	if (const VarDecl *V = variable(To))
		Values[V].push_back(Value);
}

llvm::ArrayRef<const Expr *> FunctionFacts::valuesOf(const VarDecl *V) const
{
	auto Found = Values.find(V);
	if (Found == Values.end() || !V->isLocalVarDecl() || V->isStaticLocal() ||
	    llvm::is_contained(Found->second, nullptr))
		return {};
	return Found->second;
}

const Expr *FunctionFacts::valueOf(const VarDecl *V) const
{
	llvm::ArrayRef<const Expr *> All = valuesOf(V);
	return All.size() == 1 ? All[0] : nullptr;
}

namespace
{

class BodyVisitor : public RecursiveASTVisitor<BodyVisitor>
{
	const Rules &R;
	FunctionFacts &F;
	llvm::SmallPtrSet<const Stmt *, 16> Dropped; // calls whose result nobody takes

	void drops(const Stmt *S)
	{
		const auto *E = dyn_cast_or_null<Expr>(S);
		if (E && isa<CallExpr>(E->IgnoreParens()))
			Dropped.insert(E->IgnoreParens());
	}

      public:
	BodyVisitor(const Rules &Shared, FunctionFacts &Facts) : R(Shared), F(Facts) {}

	bool VisitCompoundStmt(CompoundStmt *S)
	{
		for (const Stmt *Child : S->body())
			drops(Child);
		return true;
	}
	// The last expression of a statement expression is its value.
	bool TraverseStmtExpr(StmtExpr *S, DataRecursionQueue * = nullptr)
	{
		Stmt *Last = S->getSubStmt()->body_empty() ? nullptr : S->getSubStmt()->body_back();
		VisitCompoundStmt(S->getSubStmt());
		if (const auto *E = dyn_cast_or_null<Expr>(Last))
			Dropped.erase(E->IgnoreParens());
		for (Stmt *Child : S->getSubStmt()->body())
			if (!TraverseStmt(Child))
				return false;
		return true;
	}
	bool VisitIfStmt(IfStmt *S)
	{
		drops(S->getThen());
		drops(S->getElse());
		return true;
	}
	bool VisitForStmt(ForStmt *S)
	{
		drops(S->getBody());
		drops(S->getInc());
		return true;
	}
	bool VisitCaseStmt(CaseStmt *S)
	{
		drops(S->getSubStmt());
		return true;
	}
	bool VisitDefaultStmt(DefaultStmt *S)
	{
		drops(S->getSubStmt());
		return true;
	}
	bool VisitLabelStmt(LabelStmt *S)
	{
		drops(S->getSubStmt());
		return true;
	}
	bool VisitSwitchStmt(SwitchStmt *S)
	{
		F.Switches.push_back(S);
		return true;
	}
	bool VisitVarDecl(VarDecl *V)
	{
		if (V->hasInit())
			F.assign(V, V->getInit());
		return true;
	}
	bool VisitBinaryOperator(BinaryOperator *B)
	{
		if (B->isComparisonOp())
			F.Comparisons.push_back(B);
		if (B->getOpcode() == BO_Assign)
			F.Assignments.push_back(B);
		if (B->isAssignmentOp())
			F.assign(B->getLHS(), B->getOpcode() == BO_Assign ? B->getRHS() : nullptr);
		return true;
	}
	bool VisitUnaryOperator(UnaryOperator *U)
	{
		if (U->isIncrementDecrementOp() || U->getOpcode() == UO_AddrOf)
			F.assign(U->getSubExpr(), nullptr);
		return true;
	}
	bool VisitGCCAsmStmt(GCCAsmStmt *S)
	{
		for (unsigned I = 0; I < S->getNumOutputs(); I++)
			F.assign(S->getOutputExpr(I), nullptr);
		return true;
	}
	bool VisitCallExpr(CallExpr *C)
	{
		checkCall(R, C, Dropped.contains(C));
		return true;
	}
	// What sizeof and typeof name is not evaluated.
	bool TraverseUnaryExprOrTypeTraitExpr(UnaryExprOrTypeTraitExpr *, DataRecursionQueue * = nullptr)
	{
		return true;
	}
	bool TraverseTypeLoc(TypeLoc) { return true; }
};

class RulesConsumer : public MultiplexConsumer
{
	CompilerInstance &CI;
	SinkConsumer &Out;
	llvm::SmallVector<const VarDecl *, 8> Maps;

	static std::vector<std::unique_ptr<ASTConsumer>> only(std::unique_ptr<ASTConsumer> Inner)
	{
		std::vector<std::unique_ptr<ASTConsumer>> List;
		List.push_back(std::move(Inner));
		return List;
	}

	void checkFunction(const Rules &R, FunctionDecl *D)
	{
		checkContext(R, D);
		FunctionFacts F;
		F.Function = D;
		BodyVisitor(R, F).TraverseStmt(D->getBody());
		checkByteOrder(R, F);
		checkComparisons(R, F);
		checkDereferences(R, D);
	}

	// FILE:LINE:COL
	static std::string place(const Rules &R, SourceLocation Loc)
	{
		PresumedLoc P = R.SM.getPresumedLoc(R.SM.getFileLoc(Loc));
		if (P.isInvalid())
			return "";
		return (P.getFilename() + (":" + llvm::Twine(P.getLine())) + ":" + llvm::Twine(P.getColumn())).str();
	}

	void noteInline(const Rules &R, const FunctionDecl *D)
	{
		if (D->isInlined() && D->getStorageClass() == SC_None && !D->hasAttr<AlwaysInlineAttr>())
			Out.Inlines.emplace_back(D->getName().str(), place(R, D->getLocation()));
	}

	void checkIFunc(const Rules &R, const FunctionDecl *D)
	{
		StringRef Resolver = D->getAttr<IFuncAttr>()->getResolver();
		hint(R.report(DIAG_ALIAS, D->getLocation(),
			      "`" + D->getName() + "` is an ifunc: no loader would call its resolver `" + Resolver +
				      "`"),
		     "decide by a constant that user space sets: `const volatile int which;`");
	}

	// LLVM sees the module's assembly as one text, of which it counts the lines.
	void noteAsm(const Rules &R, const FileScopeAsmDecl *D)
	{
		const StringLiteral *Text = D->getAsmString();
		StringRef Bytes = Text->isOrdinary() ? Text->getString() : StringRef();
		for (size_t At = 0; At < Bytes.size(); At = std::min(Bytes.find('\n', At), Bytes.size()) + 1)
			Out.AsmPlaces.push_back(place(
				R, Text->getLocationOfByte(At, R.SM, R.AST.getLangOpts(), R.AST.getTargetInfo())));
	}

	// What `__uint(type, …)` says: the length of the array that the member points at.
	static uint64_t mapType(const RecordDecl *Map)
	{
		for (const FieldDecl *F : Map->fields()) {
			const auto *To = F->getType()->getAs<PointerType>();
			const auto *Array =
				To ? dyn_cast<ConstantArrayType>(To->getPointeeType().getTypePtr()) : nullptr;
			if (Array && F->getName() == "type")
				return Array->getSize().getZExtValue();
		}
		return 0;
	}

	// Maps that others use without a word in this file: pinned ones, those that programs are attached to, arenas.
	static bool isForOthers(const VarDecl *V)
	{
		const auto *Record = V->getType()->getAs<RecordType>();
		if (!Record)
			return false;
		for (const FieldDecl *F : Record->getDecl()->fields())
			if (F->getName() == "pinning")
				return true;
		uint64_t Type = mapType(Record->getDecl());
		return Type == 15 /* SOCKMAP */ || Type == 18 /* SOCKHASH */ || Type == 33 /* ARENA */;
	}

	// iproute2 reads maps of its own struct from there.
	static bool isOfIproute(const VarDecl *V)
	{
		const auto *Record = V->getType()->getAs<RecordType>();
		return Record && Record->getDecl()->getIdentifier() && Record->getDecl()->getName() == "bpf_elf_map";
	}

	// A map's own file is the one that is compiled: what a header declares may be for another file's programs.
	void noteVariable(const Rules &R, const VarDecl *V)
	{
		const auto *Section = V->getAttr<SectionAttr>();
		if (!Section || !V->isThisDeclarationADefinition() ||
		    !R.SM.isInMainFile(R.SM.getFileLoc(V->getLocation())))
			return;
		if (Section->getName() == ".maps" && !isForOthers(V))
			Maps.push_back(V);
		if (Section->getName() != "maps" || isOfIproute(V))
			return;
		struct iov_diag *D = R.report(DIAG_W_DEPRECATED, V->getLocation(),
					      "map `" + V->getName() +
						      "` is defined in section \"maps\", which libbpf no "
						      "longer reads");
		hint(D, "define it in SEC(\".maps\") with __uint() and __type()");
	}

      public:
	RulesConsumer(std::unique_ptr<ASTConsumer> Inner, CompilerInstance &Instance, SinkConsumer &Sink)
	    : MultiplexConsumer(only(std::move(Inner))), CI(Instance), Out(Sink)
	{
	}

	bool HandleTopLevelDecl(DeclGroupRef Group) override
	{
		Rules R = {CI.getASTContext(), CI.getSourceManager(), Out};
		for (Decl *D : Group) {
			auto *Function = dyn_cast<FunctionDecl>(D);
			auto *Variable = dyn_cast<VarDecl>(D);
			if (CI.getDiagnostics().hasErrorOccurred())
				break;
			if (Function && Function->doesThisDeclarationHaveABody() &&
			    R.isUsers(Function->getLocation())) {
				timing_mark(Out.Timing, "Clang: headers, source, IR");
				checkFunction(R, Function);
				noteInline(R, Function);
				timing_mark(Out.Timing, "rules of the C subset");
			}
			if (Function && Function->hasAttr<IFuncAttr>())
				checkIFunc(R, Function);
			if (Variable)
				noteVariable(R, Variable);
			if (const auto *Assembly = dyn_cast<FileScopeAsmDecl>(D))
				noteAsm(R, Assembly);
		}
		return MultiplexConsumer::HandleTopLevelDecl(Group);
	}

	void HandleTranslationUnit(ASTContext &Context) override
	{
		Rules R = {Context, CI.getSourceManager(), Out};
		for (const VarDecl *V : Maps) {
			// One that a header declares is for other files.
			if (V->isReferenced() || V->getPreviousDecl() || CI.getDiagnostics().hasErrorOccurred())
				continue;
			struct iov_diag *D = R.report(DIAG_W_UNUSED_MAP, V->getLocation(),
						      "map `" + V->getName() + "` is not used in this file");
			hint(D, "remove it; where user space alone uses it: -Wno-iov-unused-map");
		}
		noteLibrary(R);
		MultiplexConsumer::HandleTranslationUnit(Context);
	}

	// Clang 19 ends in a crash when it completes the declaration of a function that an alias defines.
	void CompleteExternalDeclaration(DeclaratorDecl *D) override
	{
		Rules R = {CI.getASTContext(), CI.getSourceManager(), Out};
		if (!isa<FunctionDecl>(D) || !D->hasAttr<AliasAttr>()) {
			MultiplexConsumer::CompleteExternalDeclaration(D);
			return;
		}
		struct iov_diag *Said =
			R.report(DIAG_ALIAS, D->getLocation(),
				 "`" + D->getName() + "` is another name for a function, and is called");
		hint(Said, "call the function by its own name, `" + D->getAttr<AliasAttr>()->getAliasee() + "`");
	}
};

} // namespace

std::unique_ptr<ASTConsumer> withRules(std::unique_ptr<ASTConsumer> Inner, CompilerInstance &CI, SinkConsumer &Out)
{
	return Inner ? std::make_unique<RulesConsumer>(std::move(Inner), CI, Out) : nullptr;
}

} // namespace iov
