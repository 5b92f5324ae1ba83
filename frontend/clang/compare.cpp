// SPDX-License-Identifier: Apache-2.0
// Owns: comparisons that do not say what they seem to: of pointers into different packets, of a pointer with itself
// plus an offset, of a number with a bound that it cannot reach, of a pointer with NULL after it was dereferenced.
#include "frontend/clang/rules.h"

#include <map>

using namespace clang;
using llvm::StringRef;

namespace iov
{

namespace
{

bool isPacketField(StringRef Name)
{
	return Name == "data" || Name == "data_end" || Name == "data_meta";
}

// `E` as a chain of pointer arithmetic ends in a variable or a field: that, or nullptr.
const Expr *base(const Expr *E)
{
	for (int Depth = 0; Depth < 32; Depth++) {
		E = plain(E);
		if (const auto *B = dyn_cast<BinaryOperator>(E); B && B->isAdditiveOp())
			E = B->getLHS()->getType()->isPointerType() || !B->getRHS()->getType()->isPointerType()
				    ? B->getLHS()
				    : B->getRHS();
		else if (const auto *U = dyn_cast<UnaryOperator>(E); U && U->getOpcode() == UO_AddrOf)
			E = U->getSubExpr();
		else if (const auto *A = dyn_cast<ArraySubscriptExpr>(E))
			E = A->getBase();
		else
			break;
	}
	return E;
}

class Comparisons
{
	const Rules &R;
	const FunctionFacts &F;

	// The context that a packet pointer came from.
	const VarDecl *packet(const Expr *E, unsigned Depth = 0)
	{
		E = base(E);
		if (const auto *M = dyn_cast<MemberExpr>(E))
			return isPacketField(M->getMemberDecl()->getName()) && M->isArrow() ? variable(M->getBase())
											    : nullptr;
		const VarDecl *V = variable(E), *Found = nullptr;
		llvm::ArrayRef<const Expr *> Values = V && Depth < 8 ? F.valuesOf(V) : llvm::ArrayRef<const Expr *>();
		for (const Expr *Value : Values) {
			if (const VarDecl *Self = variable(base(Value)); Self == V)
				continue;
			const VarDecl *Context = packet(Value, Depth + 1);
			if (!Context || (Found && Found != Context))
				return nullptr;
			Found = Context;
		}
		return Found;
	}

	bool isContext(const VarDecl *V)
	{
		const auto *Record =
			V->getType()->isPointerType() ? V->getType()->getPointeeType()->getAs<RecordType>() : nullptr;
		StringRef Name = Record && Record->getDecl()->getIdentifier() ? Record->getDecl()->getName() : "";
		return isa<ParmVarDecl>(V) && (Name == "xdp_md" || Name == "__sk_buff" || Name == "sk_msg_md");
	}

	bool comparePackets(const BinaryOperator *B)
	{
		const VarDecl *Left = packet(B->getLHS()), *Right = Left ? packet(B->getRHS()) : nullptr;
		if (!Right || Left == Right || !isContext(Left) || !isContext(Right))
			return false;
		struct iov_diag *D =
			R.report(DIAG_W_PACKETS, B->getSourceRange(),
				 "a pointer into the packet of `" + Left->getName() +
					 "` is compared with one into the packet of `" + Right->getName() + "`");
		hint(D, "take data and data_end from the same context");
		return true;
	}

	// p + n < p, p > p + n: overflow, which pointers do not have.
	bool compareWithItself(const BinaryOperator *B)
	{
		const Expr *Left = plain(B->getLHS()), *Right = plain(B->getRHS());
		const Expr *Sum = B->getOpcode() == BO_LT ? Left : B->getOpcode() == BO_GT ? Right : nullptr;
		const Expr *Other = Sum == Left ? Right : Left;
		const auto *Add = Sum ? dyn_cast<BinaryOperator>(Sum) : nullptr;
		const VarDecl *V = variable(Other);
		if (!Add || Add->getOpcode() != BO_Add || !V || !V->getType()->isPointerType() ||
		    !Add->getType()->isPointerType() || variable(Add->getLHS()) != V ||
		    !Add->getRHS()->IgnoreParenImpCasts()->getType()->isUnsignedIntegerType())
			return false;
		struct iov_diag *D = R.report(DIAG_W_REMOVED_CHECK, B->getSourceRange(),
					      "this check is always false, and the compiler removes it");
		R.why(D, Add->getSourceRange(),
		      "C gives no meaning to a pointer that overflows: " + R.source(Add) + " is never below `" +
			      V->getName() + "`");
		hint(D, "check the number: " + R.source(Add->getRHS()) + " against the largest that makes sense");
		return true;
	}

	// The largest value that an unsigned expression can have because of how it is written; false: nothing is known.
	bool maximum(const Expr *E, uint64_t &Max, const Expr *&Because, unsigned Depth = 0)
	{
		E = plain(E);
		if (Depth > 4 || !E->getType()->isIntegerType())
			return false;
		if (const auto *B = dyn_cast<BinaryOperator>(E)) {
			Expr::EvalResult Value;
			if (!B->getRHS()->EvaluateAsInt(Value, R.AST) || !Value.Val.getInt().isStrictlyPositive())
				return false;
			Max = Value.Val.getInt().getZExtValue();
			Because = B;
			if (B->getOpcode() == BO_And)
				return true;
			Max--;
			return B->getOpcode() == BO_Rem && B->getType()->isUnsignedIntegerType();
		}
		const VarDecl *V = variable(E);
		const Expr *Only = V ? F.valueOf(V) : nullptr;
		return Only && maximum(Only, Max, Because, Depth + 1);
	}

	void compareWithBound(const BinaryOperator *B)
	{
		Expr::EvalResult Value;
		uint64_t Max = 0, Bound;
		const Expr *Because = nullptr;
		if (!B->isRelationalOp() || B->getBeginLoc().isMacroID() || !B->getRHS()->EvaluateAsInt(Value, R.AST) ||
		    Value.Val.getInt().isNegative() || !maximum(B->getLHS(), Max, Because))
			return;
		Bound = Value.Val.getInt().getZExtValue();
		bool Always = (B->getOpcode() == BO_LT && Max < Bound) || (B->getOpcode() == BO_LE && Max <= Bound);
		bool Never = (B->getOpcode() == BO_GT && Max <= Bound) || (B->getOpcode() == BO_GE && Max < Bound);
		if (!Always && !Never)
			return;
		struct iov_diag *D = R.report(DIAG_W_REMOVED_CHECK, B->getSourceRange(),
					      llvm::Twine("this check is always ") + (Always ? "true" : "false") +
						      ", and the compiler removes it");
		R.why(D, Because->getSourceRange(),
		      R.source(B->getLHS()) + " is at most " + llvm::Twine(Max) + ": " + R.source(Because));
		hint(D, "one of the two is enough: the mask, or the check");
	}

      public:
	Comparisons(const Rules &Shared, const FunctionFacts &Facts) : R(Shared), F(Facts) {}

	void check(const BinaryOperator *B)
	{
		if (comparePackets(B) || compareWithItself(B))
			return;
		compareWithBound(B);
	}
};

// Walks statements in their order. What was dereferenced on the way, unconditionally, is not NULL.
class Dereferences
{
	const Rules &R;

      public:
	using Set = std::map<const VarDecl *, const Expr *>;

      private:
	static const VarDecl *pointer(const Expr *E)
	{
		const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
		const auto *V = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
		return V && V->isLocalVarDeclOrParm() && V->getType()->isPointerType() ? V : nullptr;
	}

	// An expression's own accesses, without what it evaluates only sometimes.
	void accesses(const Stmt *S, Set &Known)
	{
		if (!S || isa<UnaryExprOrTypeTraitExpr>(S) || isa<StmtExpr>(S) || isa<ConditionalOperator>(S) ||
		    isa<BinaryConditionalOperator>(S) || isa<ChooseExpr>(S) || isa<GenericSelectionExpr>(S))
			return;
		if (const auto *U = dyn_cast<UnaryOperator>(S)) {
			if (U->getOpcode() == UO_AddrOf)
				return; // &p->member computes an address
			const VarDecl *V = U->getOpcode() == UO_Deref ? pointer(U->getSubExpr()) : nullptr;
			if (V && !V->getType()->getPointeeType().isVolatileQualified())
				Known.try_emplace(V, U);
		}
		if (const auto *C = dyn_cast<CallExpr>(S); C && C->getBuiltinCallee())
			return; // __builtin_preserve_access_index() and its like do not access
		if (const auto *M = dyn_cast<MemberExpr>(S); M && M->isArrow() && !M->getType()->isArrayType())
			if (const VarDecl *V = pointer(M->getBase()))
				Known.try_emplace(V, M);
		if (const auto *B = dyn_cast<BinaryOperator>(S); B && B->isLogicalOp()) {
			accesses(B->getLHS(), Known);
			return;
		}
		for (const Stmt *Child : S->children())
			accesses(Child, Known);
	}

	// Whatever S may assign to is not known any more.
	void forget(const Stmt *S, Set &Known)
	{
		if (!S)
			return;
		const Expr *To = nullptr;
		if (const auto *B = dyn_cast<BinaryOperator>(S); B && B->isAssignmentOp())
			To = B->getLHS();
		if (const auto *U = dyn_cast<UnaryOperator>(S))
			To = U->isIncrementDecrementOp() || U->getOpcode() == UO_AddrOf ? U->getSubExpr() : nullptr;
		if (To)
			if (const VarDecl *V = pointer(To))
				Known.erase(V);
		if (isa<LabelStmt>(S) || isa<SwitchCase>(S) || isa<AsmStmt>(S))
			Known.clear();
		for (const Stmt *Child : S->children())
			forget(Child, Known);
	}

	const VarDecl *nullChecked(const Expr *E)
	{
		E = E->IgnoreParenImpCasts();
		if (const auto *U = dyn_cast<UnaryOperator>(E); U && U->getOpcode() == UO_LNot)
			return nullChecked(U->getSubExpr());
		if (const auto *B = dyn_cast<BinaryOperator>(E); B && B->isLogicalOp())
			return nullChecked(B->getLHS());
		if (const auto *B = dyn_cast<BinaryOperator>(E); B && B->isEqualityOp())
			return B->getRHS()->isNullPointerConstant(R.AST, Expr::NPC_ValueDependentIsNotNull)
				       ? pointer(B->getLHS())
				       : nullptr;
		return pointer(E);
	}

	void checkIf(const IfStmt *S, const Set &Known)
	{
		const VarDecl *V = S->getIfLoc().isMacroID() ? nullptr : nullChecked(S->getCond());
		auto Found = V ? Known.find(V) : Known.end();
		if (Found == Known.end())
			return;
		struct iov_diag *D = R.report(DIAG_W_REMOVED_CHECK, S->getCond()->getSourceRange(),
					      "`" + V->getName() +
						      "` was dereferenced before: the compiler takes it "
						      "for not NULL and removes this check");
		R.why(D, Found->second->getSourceRange(), "here: " + R.source(Found->second));
		hint(D, "check `" + V->getName() + "` before it is used");
	}

      public:
	explicit Dereferences(const Rules &Shared) : R(Shared) {}

	void walk(const CompoundStmt *Block, Set Known)
	{
		for (const Stmt *S : Block->body()) {
			const auto *If = dyn_cast<IfStmt>(S);
			if (If)
				checkIf(If, Known);
			if (If)
				forget(If->getCond(), Known);
			if (isa<DeclStmt>(S) || isa<Expr>(S) || isa<ReturnStmt>(S)) {
				Set Here;
				accesses(S, Here);
				forget(S, Here);
				forget(S, Known);
				for (auto &Entry : Here)
					Known.try_emplace(Entry.first, Entry.second);
				continue;
			}
			for (const Stmt *Child : S->children())
				if (const auto *Inner = dyn_cast_or_null<CompoundStmt>(Child))
					walk(Inner, isa<IfStmt>(S) ? Known : Set());
			forget(S, Known);
		}
	}
};

} // namespace

void checkComparisons(const Rules &R, const FunctionFacts &F)
{
	Comparisons C(R, F);
	for (const BinaryOperator *B : F.Comparisons)
		C.check(B);
}

void checkDereferences(const Rules &R, const FunctionDecl *F)
{
	if (const auto *Body = dyn_cast_or_null<CompoundStmt>(F->getBody()))
		Dereferences(R).walk(Body, Dereferences::Set());
}

} // namespace iov
