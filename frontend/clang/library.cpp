// SPDX-License-Identifier: Apache-2.0
// Owns: which functions that are called without a body a C library would define: those that Clang knows as such, and
// those that the host's own headers declare (<pthread.h>). codegen refuses the calls that are left in the end.
#include "frontend/clang/rules.h"

#include "clang/Basic/Builtins.h"

using namespace clang;
using llvm::StringRef;

namespace iov
{

namespace
{

// Folders of the C library's headers below a system folder; others' (bpf/, linux/, xdp/) may declare what BPF has.
bool isLibraryFolder(StringRef Folder)
{
	return llvm::is_contained({StringRef("sys"), StringRef("bits"), StringRef("arpa"), StringRef("net"),
				   StringRef("netinet"), StringRef("rpc"), StringRef("gnu")},
				  Folder);
}

// A header of the host's, standing in one of the folders that are searched without any option.
StringRef hostHeader(const Rules &R, SourceLocation Loc)
{
	if (Loc.isInvalid() || !R.SM.isInSystemHeader(Loc))
		return {};
	StringRef File = R.SM.getFilename(R.SM.getFileLoc(Loc));
	for (const char *const *Dir = R.Out.SystemDirs; Dir && *Dir; Dir++) {
		StringRef Rest = File;
		if (!Rest.consume_front(*Dir) || !Rest.consume_front("/"))
			continue;
		if (!Rest.contains('/') || isLibraryFolder(Rest.split('/').first))
			return File;
	}
	return {};
}

} // namespace

void noteLibrary(const Rules &R)
{
	for (const Decl *D : R.AST.getTranslationUnitDecl()->decls()) {
		const auto *F = dyn_cast<FunctionDecl>(D);
		if (!F || !F->getIdentifier() || !F->isUsed(false) || F->isDefined() || F->hasAttr<SectionAttr>())
			continue;
		unsigned Builtin = F->getBuiltinID();
		StringRef Name = F->getName(), Header = hostHeader(R, F->getCanonicalDecl()->getLocation());
		bool IsLibrary = Builtin && (R.AST.BuiltinInfo.isLibFunction(Builtin) ||
					     R.AST.BuiltinInfo.isPredefinedLibFunction(Builtin));
		Name.consume_front("__builtin_");
		if (IsLibrary || !Header.empty())
			R.Out.Library.emplace_back(Name.str(), Header.str());
	}
}

} // namespace iov
