// SPDX-License-Identifier: Apache-2.0
// Owns: byte order. The types __be16 … and __le16 … say it; what comes out of htons() and its like is of the network's
// order, what comes out of ntohs() of the host's, and so is a number that is written down. A local variable has the
// order of all that is put into it. What nothing says is unknown and meets anything; only -Wiov-byte-order-strict asks.
#include "frontend/clang/rules.h"

using namespace clang;
using llvm::StringRef;

namespace iov
{

namespace
{

enum class Order { Any, Unknown, Host, Network };

bool isToNetwork(StringRef Name)
{
	return Name.ends_with("htons") || Name.ends_with("htonl") || Name.contains("cpu_to_be") ||
	       Name.ends_with("constant_htons") || Name.ends_with("constant_htonl");
}

bool isToHost(StringRef Name)
{
	return Name.ends_with("ntohs") || Name.ends_with("ntohl") || (Name.contains("be") && Name.contains("_to_cpu"));
}

bool isSwap(StringRef Name)
{
	return Name.contains_insensitive("swab") || Name.contains_insensitive("bswap") || Name.contains("to_le") ||
	       Name.contains_insensitive("swap");
}

Order orderOfType(QualType T)
{
	for (const auto *Named = T->getAs<TypedefType>(); Named; Named = Named->desugar()->getAs<TypedefType>()) {
		StringRef Name = Named->getDecl()->getName();
		if (Name.starts_with("__be") || (Name.starts_with("be") && Name.size() == 4))
			return Order::Network;
	}
	return Order::Unknown;
}

// A number whose bytes are all the same is the same in any order.
bool isPalindrome(const llvm::APSInt &Value, unsigned Bytes)
{
	uint64_t V = Value.getExtValue();
	for (unsigned I = 1; I < Bytes; I++)
		if (((V >> (8 * I)) & 0xff) != (V & 0xff))
			return false;
	return true;
}

class Orders
{
	const Rules &R;
	const FunctionFacts &F;
	unsigned Depth = 0;

	Order ofVariable(const VarDecl *V)
	{
		Order Known = orderOfType(V->getType());
		if (Known != Order::Unknown)
			return Known;
		llvm::ArrayRef<const Expr *> Values = F.valuesOf(V);
		if (Values.empty())
			return Order::Unknown;
		Known = Order::Any;
		for (const Expr *E : Values) {
			Order O = of(E);
			if (O == Order::Any)
				continue;
			if (Known != Order::Any && O != Known)
				return Order::Unknown;
			Known = O;
		}
		return Known == Order::Any ? Order::Unknown : Known;
	}

	// Both sides of &, |, ^ and ?: have one order, or it is not known.
	static Order join(Order A, Order B)
	{
		if (A == B || B == Order::Any)
			return A;
		return A == Order::Any ? B : Order::Unknown;
	}

	Order ofBinary(const BinaryOperator *B)
	{
		switch (B->getOpcode()) {
		case BO_And:
		case BO_Or:
		case BO_Xor:
			return join(of(B->getLHS()), of(B->getRHS()));
		case BO_Assign:
		case BO_Comma:
			return of(B->getRHS());
		default:
			return Order::Unknown;
		}
	}

	Order ofConstant(const Expr *E)
	{
		Expr::EvalResult Value;
		if (!E->getType()->isIntegerType() || E->isValueDependent() || !E->EvaluateAsInt(Value, R.AST))
			return Order::Unknown;
		return Value.Val.getInt().isZero() ? Order::Any : Order::Host;
	}

	Order compute(const Expr *E)
	{
		if (isFromMacro(R, E->getBeginLoc(), isToNetwork))
			return Order::Network;
		if (isFromMacro(R, E->getBeginLoc(), isToHost))
			return Order::Host;
		if (isFromMacro(R, E->getBeginLoc(), isSwap))
			return Order::Unknown;
		if (const auto *Cast = dyn_cast<ExplicitCastExpr>(E))
			return orderOfType(Cast->getType()) != Order::Unknown ? Order::Network
			       : isa<IntegerLiteral>(plain(E))                ? of(Cast->getSubExpr())
									      : Order::Unknown;
		if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
			if (const auto *V = dyn_cast<VarDecl>(Ref->getDecl()))
				return ofVariable(V);
		// An enumerator may stand for anything: TCP_FLAG_SYN is of the network's order.
		if (const auto *Ref = dyn_cast<DeclRefExpr>(E); Ref && isa<EnumConstantDecl>(Ref->getDecl()))
			return Order::Unknown;
		if (const auto *B = dyn_cast<BinaryOperator>(E); B && (B->isBitwiseOp() || B->isAssignmentOp()))
			return ofBinary(B);
		if (const auto *U = dyn_cast<UnaryOperator>(E))
			if (U->getOpcode() == UO_Not)
				return of(U->getSubExpr());
		if (const auto *C = dyn_cast<ConditionalOperator>(E))
			return join(of(C->getTrueExpr()), of(C->getFalseExpr()));
		if (isa<CallExpr>(E))
			return orderOfCall(cast<CallExpr>(E));
		Order Declared = orderOfType(E->getType());
		return Declared != Order::Unknown ? Declared : ofConstant(E);
	}

	Order orderOfCall(const CallExpr *Call)
	{
		const FunctionDecl *Callee = Call->getDirectCallee();
		StringRef Name = Callee && Callee->getIdentifier() ? Callee->getName() : StringRef();
		if (isToNetwork(Name))
			return Order::Network;
		return isToHost(Name) ? Order::Host : orderOfType(Call->getType());
	}

      public:
	Orders(const Rules &Shared, const FunctionFacts &Facts) : R(Shared), F(Facts) {}

	Order of(const Expr *E)
	{
		E = E->IgnoreParenImpCasts();
		if (Depth > 8 || !E->getType()->isIntegerType())
			return Order::Unknown;
		Depth++;
		Order Result = compute(E);
		Depth--;
		return Result;
	}

	static unsigned bytes(ASTContext &AST, const Expr *E)
	{
		QualType T = E->IgnoreParenImpCasts()->getType();
		return T->isIntegerType() ? AST.getTypeSizeInChars(T).getQuantity() : 0;
	}

	void explain(struct iov_diag *D, const Expr *Network, const Expr *Host)
	{
		if (!D)
			return;
		const VarDecl *N = variable(Network), *V = variable(Host);
		const Expr *From = N && orderOfType(N->getType()) == Order::Unknown ? F.valueOf(N) : nullptr;
		const Expr *Value = V ? F.valueOf(V) : nullptr;
		if (From)
			R.why(D, From->getSourceRange(),
			      "`" + N->getName() + "` has the network's byte order from here");
		if (Value)
			R.why(D, Value->getSourceRange(), "`" + V->getName() + "` has the host's");
	}

	void fix(struct iov_diag *D, const Expr *Network, const Expr *Host)
	{
		unsigned Bytes = bytes(R.AST, Network);
		std::string Text = R.source(Host);
		if (!D || Bytes < 2)
			return;
		const char *Name = Bytes == 2 ? "bpf_htons" : Bytes == 4 ? "bpf_htonl" : "bpf_cpu_to_be64";
		if (Text.front() == '`')
			hint(D, llvm::Twine(Name) + "(" + StringRef(Text).trim('`') + ")");
	}

	void meet(const Expr *Left, const Expr *Right, SourceRange Range, const char *What)
	{
		Order A = of(Left), B = of(Right);
		const Expr *Network = A == Order::Network ? Left : Right, *Other = A == Order::Network ? Right : Left;
		Order O = A == Order::Network ? B : A;
		Expr::EvalResult Value;

		if ((A != Order::Network) == (B != Order::Network) || O == Order::Any || bytes(R.AST, Network) < 2)
			return;
		if (Other->EvaluateAsInt(Value, R.AST) && isPalindrome(Value.Val.getInt(), bytes(R.AST, Network)))
			return;
		if (O == Order::Unknown) {
			strict(Network, Other, Range, What);
			return;
		}
		struct iov_diag *D = R.report(DIAG_W_BYTE_ORDER, Range,
					      R.source(Network) + " is in network byte order and " + What + " " +
						      R.source(Other) + ", which is not");
		explain(D, Network, Other);
		fix(D, Network, Other);
	}

	// Only a plain integer variable or field: what is computed has been converted, for all that is known.
	void strict(const Expr *Network, const Expr *Other, SourceRange Range, const char *What)
	{
		const Expr *E = Other->IgnoreParenImpCasts();
		if (!isa<DeclRefExpr>(E) && !isa<MemberExpr>(E))
			return;
		R.report(DIAG_W_BYTE_ORDER_STRICT, Range,
			 R.source(Network) + " is in network byte order and " + What + " " + R.source(Other) +
				 ", whose type `" + E->getType().getAsString() + "` does not tell");
	}

	// A field or variable that is declared __be… gets a value; what is only known by its values gets another.
	void set(QualType To, const Expr *Target, const Expr *Value, SourceRange Range)
	{
		if (orderOfType(To) == Order::Network && of(Value) == Order::Host)
			setHost(Target, Value, Range);
	}

	void setHost(const Expr *Target, const Expr *Value, SourceRange Range)
	{
		Expr::EvalResult Constant;
		unsigned Bytes = bytes(R.AST, Target);
		if (Bytes < 2 || (Value->EvaluateAsInt(Constant, R.AST) && isPalindrome(Constant.Val.getInt(), Bytes)))
			return;
		struct iov_diag *D = R.report(DIAG_W_BYTE_ORDER, Range,
					      R.source(Target) + " is declared in network byte order and gets " +
						      R.source(Value) + ", which is not");
		fix(D, Target, Value);
	}
};

} // namespace

void checkByteOrder(const Rules &R, const FunctionFacts &F)
{
	Orders O(R, F);
	for (const BinaryOperator *B : F.Comparisons)
		O.meet(B->getLHS(), B->getRHS(), B->getSourceRange(), "is compared with");
	for (const BinaryOperator *B : F.Assignments)
		O.set(B->getLHS()->getType(), B->getLHS(), B->getRHS(), B->getSourceRange());
	for (const SwitchStmt *S : F.Switches) {
		if (O.of(S->getCond()) != Order::Network)
			continue;
		for (const SwitchCase *C = S->getSwitchCaseList(); C; C = C->getNextSwitchCase())
			if (const auto *Case = dyn_cast<CaseStmt>(C))
				O.meet(S->getCond(), Case->getLHS(), Case->getLHS()->getSourceRange(),
				       "is compared with");
	}
}

} // namespace iov
