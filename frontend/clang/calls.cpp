// SPDX-License-Identifier: Apache-2.0
// Owns: rules about calls of helpers, and about the context that a program gets.
#include "frontend/clang/rules.h"

extern "C" {
#include "asm/isa/catalogue.h"
}

using namespace clang;
using llvm::StringRef;

namespace iov
{

namespace
{

// Helpers without whose success what follows works with wrong data.
const StringRef MustSucceed[] = {
	"bpf_xdp_adjust_head",
	"bpf_xdp_adjust_meta",
	"bpf_xdp_adjust_tail",
	"bpf_xdp_load_bytes",
	"bpf_skb_load_bytes",
	"bpf_skb_change_head",
	"bpf_skb_load_bytes_relative",
	"bpf_skb_change_proto",
	"bpf_skb_adjust_room",
	"bpf_skb_get_tunnel_key",
	"bpf_fib_lookup",
	"bpf_skb_vlan_push",
	"bpf_skb_vlan_pop",
	"bpf_skb_change_tail",
	"bpf_dynptr_read",
};

// Helpers whose result is the program's verdict: without it nothing happens.
const StringRef Verdicts[] = {
	"bpf_redirect",        "bpf_redirect_map",     "bpf_redirect_peer",    "bpf_redirect_neigh",
	"bpf_sk_redirect_map", "bpf_sk_redirect_hash", "bpf_msg_redirect_map", "bpf_msg_redirect_hash",
};

const struct {
	StringRef Name;
	const char *Hint;
} Deprecated[] = {
	{"bpf_probe_read", "bpf_probe_read_kernel() or bpf_probe_read_user() says which memory is meant"},
	{"bpf_probe_read_str", "bpf_probe_read_kernel_str() or bpf_probe_read_user_str() says which memory is meant"},
	{"bpf_perf_event_read", "bpf_perf_event_read_value() tells errors from values"},
	{"load_byte", "read the packet through data and data_end, or with bpf_skb_load_bytes()"},
	{"load_half", "read the packet through data and data_end, or with bpf_skb_load_bytes()"},
	{"load_word", "read the packet through data and data_end, or with bpf_skb_load_bytes()"},
};

// A helper is a variable that holds its number, or (a kfunc, a builtin) a function.
StringRef calleeName(const CallExpr *Call)
{
	const auto *Ref = dyn_cast<DeclRefExpr>(plain(Call->getCallee()));
	return Ref && Ref->getDecl()->getIdentifier() ? Ref->getDecl()->getName() : StringRef();
}

bool isContextName(StringRef Name)
{
	for (uint32_t Id = 1; Id <= catalogue_prog_type_count(); Id++) {
		const struct iov_prog_type *Type = catalogue_prog_type(Id);
		if (Type && Type->ctx_name && Name == Type->ctx_name)
			return true;
	}
	return false;
}

} // namespace

void checkCall(const Rules &R, const CallExpr *Call, bool IsDropped)
{
	StringRef Name = calleeName(Call);
	if (!Name.starts_with("bpf_") && !Name.starts_with("load_"))
		return;
	for (const auto &Old : Deprecated)
		if (Name == Old.Name && R.Out.Deprecated.insert(Name.str()).second)
			hint(R.report(DIAG_W_DEPRECATED, Call->getCallee()->getSourceRange(),
				      Name + "() has been replaced"),
			     Old.Hint);
	if (!IsDropped)
		return;
	if (llvm::is_contained(MustSucceed, Name)) {
		struct iov_diag *D = R.report(DIAG_W_UNCHECKED, Call->getSourceRange(),
					      Name + "() can fail, and nothing looks at its result");
		hint(D, "if (" + Name + "(…)) return …; or (void)" + Name + "(…) where failure is no matter");
	} else if (llvm::is_contained(Verdicts, Name)) {
		struct iov_diag *D = R.report(DIAG_W_UNCHECKED, Call->getSourceRange(),
					      "the result of " + Name +
						      "() is the verdict that makes it happen, and is "
						      "dropped");
		hint(D, "return " + Name + "(…);");
	}
}

void checkContext(const Rules &R, const FunctionDecl *F)
{
	const auto *Section = F->getAttr<SectionAttr>();
	if (!Section || F->getNumParams() != 1 || !F->getParamDecl(0)->getType()->isPointerType())
		return;
	const auto *Record = F->getParamDecl(0)->getType()->getPointeeType()->getAs<RecordType>();
	const struct iov_section_name *Row = catalogue_section(Section->getName().str().c_str());
	const struct iov_prog_type *Type = Row ? catalogue_prog_type(Row->type) : nullptr;
	if (!Record || !Type || !Type->ctx_name || !Record->getDecl()->getIdentifier())
		return;
	StringRef Name = Record->getDecl()->getName();
	// The registers stand at the beginning of what perf events and probes get.
	if (Name == Type->ctx_name || Name == "pt_regs" || !isContextName(Name))
		return;
	struct iov_diag *D = R.report(DIAG_W_CONTEXT, F->getParamDecl(0)->getSourceRange(),
				      "a program in section \"" + Section->getName() + "\" gets struct " +
					      Type->ctx_name + ", not struct " + Name);
	hint(D, llvm::Twine("struct ") + Type->ctx_name + " *" + F->getParamDecl(0)->getName());
}

} // namespace iov
