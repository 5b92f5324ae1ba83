// SPDX-License-Identifier: Apache-2.0
// Owns: rules on the unoptimised IR about what local variables hold: bytes that are read and that no way to the place
// has written (an error: the optimiser would make anything of them, in silence), and padding in the keys and values
// that are handed to map helpers. Per variable and byte: may it have been written, has it surely been written. Data
// flow: forward over the blocks to a fixed point; "may" joins by or, "surely" by and. A way that reads what nothing has
// written has no meaning from there on and leads nowhere, so that the first turn of `total += i` is found. A variable
// whose address goes where it cannot be followed (a call, a store, assembly) may have been written whole from there on.
#include "frontend/clang/memory.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace iov
{

namespace
{

constexpr uint64_t MaxBytes = 4096; // of a variable that is followed; the stack has 512
// Of instructions in one function, over all its variables: then no more is looked at.
constexpr uint64_t MaxVisits = 20000000;

struct State {
	BitVector May, Surely;
	bool Reached = false;

	void write(uint64_t From, uint64_t Bytes)
	{
		uint64_t End = std::min<uint64_t>(From + Bytes, May.size());
		if (From >= End)
			return;
		May.set(From, End);
		Surely.set(From, End);
	}
	bool join(const State &Other)
	{
		if (!Other.Reached)
			return false;
		BitVector OldMay = May, OldSurely = Surely;
		bool First = !Reached;
		Reached = true;
		May |= Other.May;
		Surely &= Other.Surely;
		return First || OldMay != May || OldSurely != Surely;
	}
	// None of the bytes has been written on any way here.
	bool isFresh(uint64_t From, uint64_t Bytes) const
	{
		return From < May.size() && May.find_first_in(From, std::min<uint64_t>(From + Bytes, May.size())) < 0;
	}
};

// What one instruction does with the variable.
struct Access {
	enum { Read, Write, MayWrite, Begin, Key } Kind;
	uint64_t From, Bytes;
	Instruction *At;
};

class Variable
{
	AllocaInst *Slot;
	const DataLayout &DL;
	uint64_t Size;
	DenseMap<const Instruction *, SmallVector<Access, 2>> Accesses;

	void note(decltype(Access::Kind) Kind, uint64_t From, uint64_t Bytes, Instruction *At)
	{
		Accesses[At].push_back({Kind, From, Bytes, At});
	}

	// `Known` false: somewhere in the variable.
	bool follow(Value *Pointer, uint64_t Offset, bool Known)
	{
		for (Use &U : Pointer->uses()) {
			auto *I = dyn_cast<Instruction>(U.getUser());
			if (!I)
				return false;
			if (auto *Load = dyn_cast<LoadInst>(I)) {
				if (Load->isVolatile() || isBitFieldUpdate(Load))
					continue;
				// From somewhere: an error only when no byte was written.
				note(Access::Read, Known ? Offset : 0,
				     Known ? DL.getTypeStoreSize(Load->getType()).getFixedValue() : Size, I);
			} else if (auto *Store = dyn_cast<StoreInst>(I)) {
				if (Store->getValueOperand() == Pointer)
					note(Access::MayWrite, 0, Size, I);
				else if (Known)
					note(Access::Write, Offset,
					     DL.getTypeStoreSize(Store->getValueOperand()->getType()), I);
				else
					note(Access::MayWrite, 0, Size, I);
			} else if (auto *GEP = dyn_cast<GetElementPtrInst>(I)) {
				APInt Step(DL.getIndexTypeSizeInBits(GEP->getType()), 0);
				bool Constant = Known && GEP->accumulateConstantOffset(DL, Step) &&
						Step.getSExtValue() + (int64_t)Offset >= 0;
				if (!follow(GEP, Constant ? Offset + Step.getSExtValue() : 0, Constant))
					return false;
			} else if (!followCall(I, U, Offset, Known)) {
				return false;
			}
		}
		return true;
	}

	bool followCall(Instruction *I, const Use &U, uint64_t Offset, bool Known)
	{
		if (auto *Mem = dyn_cast<MemIntrinsic>(I)) {
			auto *Length = dyn_cast<ConstantInt>(Mem->getLength());
			bool Fixed = Known && Length;
			if (U.getOperandNo() == 0)
				note(Fixed ? Access::Write : Access::MayWrite, Fixed ? Offset : 0,
				     Fixed ? Length->getZExtValue() : Size, I);
			return true; // copying bytes that were never written is what assigning a struct does
		}
		if (auto *Intrinsic = dyn_cast<IntrinsicInst>(I)) {
			if (Intrinsic->getIntrinsicID() == Intrinsic::lifetime_start)
				note(Access::Begin, 0, Size, I);
			if (Intrinsic->isLifetimeStartOrEnd() || isa<DbgInfoIntrinsic>(Intrinsic))
				return true;
		}
		if (!isa<CallBase>(I))
			return false; // a phi, a comparison, a cast to a number: not followed
		if (Known && !Offset)
			note(Access::Key, U.getOperandNo(), Size, I);
		note(Access::MayWrite, 0, Size, I);
		return true;
	}

	// Setting a bit-field reads the bits beside it: load, and, perhaps or, store to where the load was from.
	static bool isBitFieldUpdate(const LoadInst *Load)
	{
		const User *Last = Load->hasOneUse() ? *Load->user_begin() : nullptr;
		for (unsigned Opcode : {Instruction::And, Instruction::Or})
			if (Last && Last->hasOneUse() && cast<Instruction>(Last)->getOpcode() == Opcode)
				Last = *Last->user_begin();
		const auto *Store = dyn_cast_or_null<StoreInst>(Last);
		return Store && Store->getPointerOperand() == Load->getPointerOperand();
	}

	// Whether the first thing that happens from `I` on, in its block, may write all of the variable.
	bool startsWritten(const Instruction *I) const
	{
		for (; I; I = I->getNextNode()) {
			auto Found = Accesses.find(I);
			if (Found == Accesses.end() || Found->second.front().Kind == Access::Begin)
				continue;
			const Access &A = Found->second.front();
			return A.Kind == Access::MayWrite || (A.Kind == Access::Write && !A.From && A.Bytes >= Size);
		}
		return false;
	}

      public:
	Variable(AllocaInst *A, const DataLayout &Layout) : Slot(A), DL(Layout), Size(0)
	{
		std::optional<TypeSize> Bytes = A->getAllocationSize(DL);
		if (Bytes && !Bytes->isScalable() && Bytes->getFixedValue() <= MaxBytes)
			Size = Bytes->getFixedValue();
	}

	bool isFollowed() { return Size && follow(Slot, 0, true); }

	// Most variables are written whole where they begin: nothing to follow.
	bool isSuspect() const
	{
		bool Begins = false, Asks = false, Written = true;
		for (const auto &Entry : Accesses) {
			for (const Access &A : Entry.second) {
				Asks |= A.Kind == Access::Read || A.Kind == Access::Key;
				Begins |= A.Kind == Access::Begin;
				if (A.Kind == Access::Begin)
					Written &= startsWritten(A.At);
			}
		}
		return Asks && !(Written && (Begins || startsWritten(Slot)));
	}

	// Calls See(access, state before it) for reads and keys; ends the way at a read of what nothing wrote.
	template <class Visitor> void apply(const BasicBlock &Block, State &S, Visitor See)
	{
		for (const Instruction &I : Block) {
			auto Found = S.Reached ? Accesses.find(&I) : Accesses.end();
			if (Found == Accesses.end())
				continue;
			for (const Access &A : Found->second) {
				if (A.Kind == Access::Read || A.Kind == Access::Key)
					See(A, S);
				if (A.Kind == Access::Read && S.isFresh(A.From, A.Bytes))
					S.Reached = false;
				if (A.Kind == Access::Write)
					S.write(A.From, A.Bytes);
				if (A.Kind == Access::MayWrite)
					S.May.set();
				if (A.Kind == Access::Begin)
					S.May.reset(), S.Surely.reset();
			}
		}
	}

	State fresh(bool Surely) const
	{
		State S;
		S.May.resize(Size, false);
		S.Surely.resize(Size, Surely);
		return S;
	}

	// Returns the number of blocks visited.
	template <class Visitor> uint64_t run(Function &F, ArrayRef<BasicBlock *> Order, Visitor See)
	{
		uint64_t Visits = 0;
		DenseMap<const BasicBlock *, State> In;
		auto Ignore = [](const Access &, const State &) {};
		bool Changed = true;

		for (BasicBlock *B : Order)
			In[B] = fresh(B != &F.getEntryBlock());
		In[&F.getEntryBlock()].Reached = true;
		for (int Round = 0; Changed && Round < 64; Round++) {
			Changed = false;
			Visits += F.getInstructionCount();
			for (BasicBlock *B : Order) {
				State S = In[B];
				apply(*B, S, Ignore);
				for (BasicBlock *Next : successors(B))
					Changed |= In[Next].join(S);
			}
		}
		if (Changed) // no fixed point: what has been written is not known yet
			return Visits;
		for (BasicBlock *B : Order) {
			State S = In[B];
			apply(*B, S, See);
		}
		return Visits;
	}
};

struct iov_span spanOf(const DebugLoc &Loc, std::string &File)
{
	struct iov_span S = {};
	S.insn = -1;
	if (!Loc)
		return S;
	File = Loc->getFilename().str();
	S.file = File.c_str();
	S.line = Loc.getLine();
	S.col = Loc.getCol();
	return S;
}

const DILocalVariable *declared(AllocaInst *Slot)
{
	for (DbgVariableRecord *Record : findDVRDeclares(Slot))
		return Record->getVariable();
	for (DbgDeclareInst *Declare : findDbgDeclares(Slot))
		return Declare->getVariable();
	return nullptr;
}

const DIType *bare(const DIType *T)
{
	while (const auto *D = dyn_cast_or_null<DIDerivedType>(T)) {
		if (D->getTag() == dwarf::DW_TAG_pointer_type)
			return nullptr;
		T = D->getBaseType();
	}
	return T;
}

// The member or element of a variable at an offset, as C writes it: ".port", "[3]".
std::string path(const DIType *T, uint64_t At)
{
	const auto *Whole = dyn_cast_or_null<DICompositeType>(bare(T));
	if (!Whole)
		return "";
	if (Whole->getTag() == dwarf::DW_TAG_array_type && Whole->getElements().size() == 1) {
		const DIType *Element = bare(Whole->getBaseType());
		uint64_t Size = Element ? Element->getSizeInBits() / 8 : 0;
		return Size ? "[" + std::to_string(At / Size) + "]" + path(Element, At % Size) : "";
	}
	if (Whole->getTag() != dwarf::DW_TAG_structure_type)
		return "";
	for (const DINode *Node : Whole->getElements()) {
		const auto *Member = dyn_cast<DIDerivedType>(Node);
		if (!Member || Member->getTag() != dwarf::DW_TAG_member || Member->isBitField())
			continue;
		uint64_t From = Member->getOffsetInBits() / 8, Size = Member->getSizeInBits() / 8;
		if (At >= From && At < From + Size)
			return (Member->getName().empty() ? "" : "." + Member->getName().str()) +
			       path(Member->getBaseType(), At - From);
	}
	return "";
}

// The bytes of a struct that belong to no member.
void padding(const DIType *T, uint64_t At, BitVector &Bytes)
{
	const auto *Struct = dyn_cast_or_null<DICompositeType>(bare(T));
	if (!Struct || Struct->getTag() != dwarf::DW_TAG_structure_type)
		return;
	uint64_t Size = Struct->getSizeInBits() / 8;
	BitVector Used(Size);
	for (const DINode *Node : Struct->getElements()) {
		const auto *Member = dyn_cast<DIDerivedType>(Node);
		if (!Member || Member->getTag() != dwarf::DW_TAG_member)
			continue;
		uint64_t From = Member->getOffsetInBits() / 8;
		uint64_t End = (Member->getOffsetInBits() + Member->getSizeInBits() + 7) / 8;
		if (From < End && End <= Size)
			Used.set(From, End);
		padding(Member->getBaseType(), At + From, Bytes);
	}
	for (uint64_t I = 0; I < Size; I++)
		if (!Used[I] && At + I < Bytes.size())
			Bytes.set(At + I);
}

// bpf_map_update_elem(map, key, value, flags) and its kind, by number.
bool takesMapMemory(const Instruction *Call, uint64_t Argument)
{
	const auto *Callee = dyn_cast<ConstantExpr>(cast<CallBase>(Call)->getCalledOperand());
	const auto *Number = Callee && Callee->getOpcode() == Instruction::IntToPtr
				     ? dyn_cast<ConstantInt>(Callee->getOperand(0))
				     : nullptr;
	if (!Number)
		return false;
	uint64_t Id = Number->getZExtValue();
	return (Argument == 1 && Id >= 1 && Id <= 3) || (Argument == 2 && Id == 2) || (Argument == 1 && Id == 87);
}

// A call to the helper through a local copy of its pointer, as -O0 style IR has it: load of a constant global.
bool isMapHelper(const Instruction *Call, uint64_t Argument)
{
	if (takesMapMemory(Call, Argument))
		return true;
	const auto *Load = dyn_cast<LoadInst>(cast<CallBase>(Call)->getCalledOperand());
	const auto *Global = Load ? dyn_cast<GlobalVariable>(Load->getPointerOperand()) : nullptr;
	StringRef Name = Global ? Global->getName() : StringRef();
	if (Name == "bpf_map_lookup_elem" || Name == "bpf_map_delete_elem" || Name == "bpf_map_push_elem")
		return Argument == 1;
	return Name == "bpf_map_update_elem" && (Argument == 1 || Argument == 2);
}

class Checker
{
	struct iov_sink *Sink;
	Function &F;
	SmallPtrSet<const DILocalVariable *, 8> Said;

	void read(const DILocalVariable *V, const Access &A, const State &S)
	{
		if (!S.isFresh(A.From, A.Bytes))
			return;
		if (!A.At->getDebugLoc() || !Said.insert(V).second)
			return;
		std::string File;
		bool Part = A.Bytes < S.May.size();
		std::string Name = V->getName().str() + (Part ? path(V->getType(), A.From) : "");
		struct iov_diag *D = diag_add(Sink, DIAG_UNINITIALISED, spanOf(A.At->getDebugLoc(), File),
					      "`%s` is read here, and nothing has written it", Name.c_str());
		declaration(D, V,
			    !Part          ? "all of its " + std::to_string(S.May.size()) + " bytes are read"
			    : A.Bytes == 1 ? "byte " + std::to_string(A.From) + " of its " +
						     std::to_string(S.May.size()) + " is read"
					   : "bytes " + std::to_string(A.From) + " to " +
						     std::to_string(A.From + A.Bytes - 1) + " of its " +
						     std::to_string(S.May.size()) + " are read");
		note(D, IOV_NOTE_HINT,
		     "give `" + V->getName() + "` a value where it is declared: " +
			     (isa_and_nonnull<DICompositeType>(bare(V->getType())) ? "`= {}` clears it" : "`= 0`"));
	}

	void declaration(struct iov_diag *D, const DILocalVariable *V, const std::string &Bytes)
	{
		std::string File = V->getFilename().str();
		struct iov_span S = {};
		S.insn = -1;
		S.file = File.c_str();
		S.line = V->getLine();
		diag_note(D, IOV_NOTE_WHY, S, "`%s` is declared here, in function `%s`; %s", V->getName().str().c_str(),
			  F.getName().str().c_str(), Bytes.c_str());
	}

	static void note(struct iov_diag *D, enum iov_note_kind Kind, const Twine &Text)
	{
		struct iov_span S = {};
		S.insn = -1;
		diag_note(D, Kind, S, "%s", Text.str().c_str());
	}

	// A member of a structure of which nothing has written a byte.
	static std::string unwrittenMember(const DILocalVariable *V, const State &S)
	{
		const auto *Struct = dyn_cast_or_null<DICompositeType>(bare(V->getType()));
		if (!Struct || Struct->getTag() != dwarf::DW_TAG_structure_type)
			return "";
		for (const DINode *Node : Struct->getElements()) {
			const auto *Member = dyn_cast<DIDerivedType>(Node);
			if (Member && Member->getTag() == dwarf::DW_TAG_member && !Member->isBitField() &&
			    !Member->getName().empty() && Member->getSizeInBits() >= 8 &&
			    S.isFresh(Member->getOffsetInBits() / 8, Member->getSizeInBits() / 8))
				return Member->getName().str();
		}
		return "";
	}

	void unwritten(const DILocalVariable *V, const Access &A, const std::string &What)
	{
		if (!Said.insert(V).second)
			return;
		std::string File;
		struct iov_diag *D = diag_add(Sink, DIAG_W_PADDING, spanOf(A.At->getDebugLoc(), File),
					      "map %s `%s` is handed to the map, and nothing has written it",
					      A.From == 2 ? "value" : "key", What.c_str());
		note(D, IOV_NOTE_WHY, "the map gets what the stack held there before");
		note(D, IOV_NOTE_HINT,
		     "give `" + V->getName() + "` a value where it is declared: " +
			     (isa_and_nonnull<DICompositeType>(bare(V->getType())) ? "`= {}` clears it" : "`= 0`"));
	}

	void key(const DILocalVariable *V, const Access &A, const State &S)
	{
		if (!isMapHelper(A.At, A.From) || Said.contains(V))
			return;
		if (S.May.none()) {
			unwritten(V, A, V->getName().str());
			return;
		}
		std::string Member = unwrittenMember(V, S);
		if (!Member.empty()) {
			unwritten(V, A, V->getName().str() + "." + Member);
			return;
		}
		BitVector Pad(S.May.size());
		padding(V->getType(), 0, Pad);
		Pad.reset(S.May);
		if (Pad.none() || !Said.insert(V).second)
			return;
		std::string File;
		int First = Pad.find_first(), End = First;
		while (End < (int)Pad.size() && Pad[End])
			End++;
		struct iov_diag *D = diag_add(Sink, DIAG_W_PADDING, spanOf(A.At->getDebugLoc(), File),
					      "map %s `%s` has %u bytes of padding that were never written",
					      A.From == 2 ? "value" : "key", V->getName().str().c_str(), Pad.count());
		note(D, IOV_NOTE_WHY,
		     "bytes " + Twine(First) + " to " + Twine(End - 1) + " of " + Twine(S.May.size()) +
			     " belong to no member, and a map compares and copies them too");
		note(D, IOV_NOTE_HINT,
		     "__builtin_memset(&" + V->getName() + ", 0, sizeof(" + V->getName() + ")); first");
	}

      public:
	Checker(struct iov_sink *S, Function &Function) : Sink(S), F(Function) {}

	void check()
	{
		std::vector<BasicBlock *> Order;
		uint64_t Visits = 0;
		for (Instruction &I : F.getEntryBlock()) {
			auto *Slot = dyn_cast<AllocaInst>(&I);
			const DILocalVariable *V = Slot ? declared(Slot) : nullptr;
			if (!V || V->isArtificial())
				continue;
			Variable Var(Slot, F.getParent()->getDataLayout());
			if (!Var.isFollowed() || !Var.isSuspect())
				continue;
			if (Visits > MaxVisits)
				return;
			if (Order.empty()) {
				ReversePostOrderTraversal<Function *> RPO(&F);
				Order.assign(RPO.begin(), RPO.end());
			}
			Visits += Var.run(F, Order, [&](const Access &A, const State &S) {
				if (A.Kind == Access::Read)
					read(V, A, S);
				else
					key(V, A, S);
			});
		}
	}
};

// Which variable an array or a structure on the stack is: codegen's IOV_VARIABLE_NOTE. What has no constant size is
// made anew by the optimiser, without the note, but with its place: IOV_ARRAYS.
void nameVariables(Function &F)
{
	LLVMContext &C = F.getContext();
	auto Number = [&](unsigned N) { return ConstantAsMetadata::get(ConstantInt::get(Type::getInt32Ty(C), N)); };
	for (Instruction &I : instructions(F)) {
		auto *Slot = dyn_cast<AllocaInst>(&I);
		if (!Slot || !(Slot->isArrayAllocation() || Slot->getAllocatedType()->isAggregateType()))
			continue;
		const DILocalVariable *V = declared(Slot);
		if (!V || V->getName().empty())
			continue;
		MDString *Name = MDString::get(C, V->getName()), *File = MDString::get(C, V->getFilename());
		Slot->setMetadata("iov.variable", MDNode::get(C, {Name, File, Number(V->getLine())}));
		const DebugLoc &At = Slot->getDebugLoc();
		if (!isa<ConstantInt>(Slot->getArraySize()) && At)
			F.getParent()
				->getOrInsertNamedMetadata("iov.arrays")
				->addOperand(MDNode::get(C, {Name, Number(At.getLine()), Number(At.getCol())}));
	}
}

} // namespace

void checkMemory(Module &M, struct iov_sink *Sink)
{
	for (Function &F : M)
		if (!F.isDeclaration() && F.getSubprogram()) {
			Checker(Sink, F).check();
			nameVariables(F);
		}
}

} // namespace iov
