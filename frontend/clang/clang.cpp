// SPDX-License-Identifier: Apache-2.0
// Owns: the only C++ in the house. Clang's driver turns the arguments into a cc1 invocation, a CompilerInstance over a
// file system that also holds the virtual headers runs it, and every diagnostic lands in the sink.
// Invariants: no LLVM pass runs here (codegen.c has the pipeline); nothing is written to disk or printed; objects are
// not freed at the end (-disable-free), since the process that compiles ends right after.
// Source: clang/docs/InternalsManual.rst, and the headers of LLVM 19.
#include "frontend/clang/clang.h"

#include "frontend/clang/memory.h"
#include "frontend/clang/options.h"
#include "frontend/clang/rules.h"
#include "frontend/clang/sink.h"

#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Basic/Stack.h"
#include "clang/CodeGen/CodeGenAction.h"
#include "clang/Driver/Compilation.h"
#include "clang/Driver/Driver.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Frontend/TextDiagnosticPrinter.h"
#include "clang/Frontend/Utils.h"
#include "clang/Lex/Lexer.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm-c/Target.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassPlugin.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Timer.h"
#include "llvm/Support/VirtualFileSystem.h"

#include <map>

using namespace clang;
using iov::SinkConsumer;
using llvm::IntrusiveRefCntPtr;
using llvm::StringRef;

namespace
{

// The make rule of -M and -MD into memory, without the files that exist only there.
class MemoryDeps : public DependencyFileGenerator
{
	struct iov_buf *Out;

      public:
	MemoryDeps(const DependencyOutputOptions &Opts, const struct iov_clang_job *Job, struct iov_buf *O)
	    : DependencyFileGenerator(Opts), Out(O)
	{
		for (const char *const *D = Job->depends; D && *D; D++)
			addDependency(*D);
	}

	void maybeAddDependency(StringRef Filename, bool FromModule, bool IsSystem, bool IsModuleFile,
				bool IsMissing) override
	{
		if (!Filename.starts_with(IOV_VIRTUAL_ROOT "/"))
			DependencyFileGenerator::maybeAddDependency(Filename, FromModule, IsSystem, IsModuleFile,
								    IsMissing);
	}

	void finishedMainFile(DiagnosticsEngine &) override
	{
		std::string Text;
		llvm::raw_string_ostream OS(Text);
		outputDependencyFile(OS);
		buf_put(Out, Text.data(), Text.size());
	}
};

class PreprocessAction : public PreprocessorFrontendAction
{
	struct iov_buf *Out;

      public:
	explicit PreprocessAction(struct iov_buf *O) : Out(O) {}

	void ExecuteAction() override
	{
		SmallString<0> Text;
		llvm::raw_svector_ostream OS(Text);
		DoPrintPreprocessedInput(getCompilerInstance().getPreprocessor(), &OS,
					 getCompilerInstance().getPreprocessorOutputOpts());
		buf_put(Out, Text.data(), Text.size());
	}
	bool hasPCHSupport() const override { return true; }
};

// A file whose text is in memory already, and stays there.
class MemoryFile : public llvm::vfs::File
{
	llvm::vfs::Status Stat;
	StringRef Text;

      public:
	MemoryFile(llvm::vfs::Status S, StringRef T) : Stat(std::move(S)), Text(T) {}
	llvm::ErrorOr<llvm::vfs::Status> status() override { return Stat; }
	llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> getBuffer(const llvm::Twine &Name, int64_t, bool,
								     bool) override
	{
		return llvm::MemoryBuffer::getMemBuffer(Text, Name.str());
	}
	std::error_code close() override { return {}; }
};

llvm::vfs::Status resized(const llvm::vfs::Status &S, const llvm::Twine &Path, size_t Size)
{
	return llvm::vfs::Status::copyWithNewSize(llvm::vfs::Status::copyWithNewName(S, Path), Size);
}

// Tells job->saw of the files that Clang finds and reads. What it was told of as read is what Clang gets.
class WatchedFileSystem : public llvm::vfs::ProxyFileSystem
{
	const struct iov_clang_job *Job;
	std::map<std::string, std::unique_ptr<llvm::MemoryBuffer>> Read;

	void tell(const llvm::Twine &Path, const llvm::vfs::Status &S, const llvm::MemoryBuffer *Text)
	{
		llvm::sys::fs::UniqueID Which = S.getUniqueID();
		Job->saw(Job->saw_ud, Path.str().c_str(), Which.getDevice() * 0x9e3779b97f4a7c15 ^ Which.getFile(),
			 Text ? Text->getBufferStart() : nullptr, Text ? Text->getBufferSize() : 0);
	}

      public:
	WatchedFileSystem(IntrusiveRefCntPtr<llvm::vfs::FileSystem> Below, const struct iov_clang_job *J)
	    : ProxyFileSystem(std::move(Below)), Job(J)
	{
	}

	llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine &Path) override
	{
		auto S = ProxyFileSystem::status(Path);
		if (S && S->isRegularFile())
			tell(Path, *S, nullptr);
		return S;
	}

	llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine &Path) override
	{
		auto S = ProxyFileSystem::status(Path);
		if (!S || !S->isRegularFile())
			return ProxyFileSystem::openFileForRead(Path);
		std::unique_ptr<llvm::MemoryBuffer> &Text = Read[Path.str()];
		if (!Text) {
			auto Buffer = getUnderlyingFS().getBufferForFile(Path);
			if (!Buffer)
				return Buffer.getError();
			Text = std::move(*Buffer);
			tell(Path, *S, Text.get());
		}
		return std::make_unique<MemoryFile>(resized(*S, Path, Text->getBufferSize()), Text->getBuffer());
	}
};

// Gives job->shorten the large headers that Clang opens. Their size as Clang learns it is that of the text it gets.
class ShorteningFileSystem : public llvm::vfs::ProxyFileSystem
{
	const struct iov_clang_job *Job;
	std::map<std::string, StringRef> Done; // by path; what stays as it is has no data

	StringRef shorten(const llvm::Twine &Path, const llvm::vfs::Status &S)
	{
		if (S.getSize() < 65536 || !S.isRegularFile())
			return {};
		auto Known = Done.find(Path.str());
		if (Known != Done.end())
			return Known->second;
		auto Text = getUnderlyingFS().getBufferForFile(Path, static_cast<int64_t>(S.getSize()));
		const char *Shorter = nullptr;
		size_t Len = 0;
		if (Text)
			Shorter = Job->shorten(Job->shorten_ud, (*Text)->getBufferStart(), (*Text)->getBufferSize(),
					       &Len);
		return Done[Path.str()] = Shorter ? StringRef(Shorter, Len) : StringRef();
	}

      public:
	ShorteningFileSystem(IntrusiveRefCntPtr<llvm::vfs::FileSystem> Below, const struct iov_clang_job *J)
	    : ProxyFileSystem(std::move(Below)), Job(J)
	{
	}

	llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine &Path) override
	{
		auto S = ProxyFileSystem::status(Path);
		StringRef Text = S ? shorten(Path, *S) : StringRef();
		return Text.data() ? resized(*S, Path, Text.size()) : S;
	}

	llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine &Path) override
	{
		auto S = ProxyFileSystem::status(Path);
		StringRef Text = S ? shorten(Path, *S) : StringRef();
		if (!Text.data())
			return ProxyFileSystem::openFileForRead(Path);
		return std::make_unique<MemoryFile>(resized(*S, Path, Text.size()), Text);
	}
};

// The files that exist only in memory.
IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> memoryFiles(const struct iov_clang_job *Job)
{
	auto Memory = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
	std::map<const void *, const char *> Names;
	if (Job->folder)
		Memory->setCurrentWorkingDirectory(Job->folder);
	for (size_t I = 0; I < Job->file_count; I++) {
		const struct iov_virtual_file &F = Job->files[I];
		auto Name = Names.emplace(F.data, F.path);
		if (Job->folder && F.len && !Name.second)
			Memory->addHardLink(F.path, Name.first->second);
		else
			Memory->addFile(F.path, 0,
					llvm::MemoryBuffer::getMemBuffer(
						StringRef(static_cast<const char *>(F.data), F.len), F.path, false));
	}
	return Memory;
}

IntrusiveRefCntPtr<llvm::vfs::FileSystem> fileSystem(const struct iov_clang_job *Job)
{
	using namespace llvm::vfs;
	auto Memory = memoryFiles(Job);
	IntrusiveRefCntPtr<FileSystem> All = Memory;
	if (!Job->folder) {
		IntrusiveRefCntPtr<FileSystem> Disk = getRealFileSystem();
		if (Job->saw)
			Disk = llvm::makeIntrusiveRefCnt<WatchedFileSystem>(Disk, Job);
		auto Overlay = llvm::makeIntrusiveRefCnt<OverlayFileSystem>(Disk);
		Overlay->pushOverlay(Memory);
		All = Overlay;
	}
	if (Job->shorten)
		return llvm::makeIntrusiveRefCnt<ShorteningFileSystem>(All, Job);
	return All;
}

// Clang's driver reads the arguments. The cc1 arguments of its one compile, or empty when it diagnosed them.
std::vector<std::string> cc1Arguments(const struct iov_clang_job *Job, DiagnosticsEngine &Diags,
				      IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS)
{
	std::vector<const char *> Args = {"iovcc"};
	for (const char *const *A = Job->args; A && *A; A++)
		Args.push_back(*A);
	Args.push_back("--no-default-config");
	Args.push_back("--");
	Args.push_back(Job->input);
	driver::Driver D("iovcc", "bpfel", Diags, "iovcc", FS);
	D.setProbePrecompiled(false);
	D.ResourceDir = IOV_VIRTUAL_RESOURCES;
	std::unique_ptr<driver::Compilation> C(D.BuildCompilation(Args));
	std::vector<std::string> Out;
	if (!C || C->containsError() || Diags.hasErrorOccurred())
		return Out;
	for (const driver::Command &Cmd : C->getJobs()) {
		const llvm::opt::ArgStringList &List = Cmd.getArguments();
		if (List.empty() || StringRef(List[0]) != "-cc1")
			continue;
		Out.assign(List.begin() + 1, List.end());
		break;
	}
	return Out;
}

void addSystemDirs(const struct iov_clang_job *Job, HeaderSearchOptions &Opts)
{
	bool Standard = Opts.UseStandardSystemIncludes, Builtin = Opts.UseBuiltinIncludes;
	if (Builtin)
		Opts.AddPath(IOV_VIRTUAL_RESOURCES "/include", frontend::System, false, true);
	for (const char *const *Dir = Job->system_dirs; Standard && Dir && *Dir; Dir++)
		Opts.AddPath(*Dir, frontend::System, false, true);
	Opts.UseStandardSystemIncludes = false;
	Opts.UseBuiltinIncludes = false;
}

// What -disable-llvm-passes and the driver's own ways of showing things would be.
void adjust(CompilerInvocation &Invocation)
{
	Invocation.getCodeGenOpts().DisableLLVMPasses = true;
	Invocation.getFrontendOpts().DisableFree = true;
	Invocation.getDiagnosticOpts().ShowCarets = false;
	Invocation.getFrontendOpts().OutputFile.clear();
}

// An action with the rules on the AST beside it.
template <class Action> class RuledAction : public Action
{
	SinkConsumer &Out;

      public:
	template <class... Args> explicit RuledAction(SinkConsumer &O, Args... Rest) : Action(Rest...), Out(O) {}

	std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &CI, StringRef File) override
	{
		return iov::withRules(Action::CreateASTConsumer(CI, File), CI, Out);
	}
};

enum iov_status execute(const struct iov_clang_job *Job, CompilerInstance &CI, SinkConsumer &Out,
			struct iov_clang_result *Result)
{
	if (Job->action == IOV_CLANG_PREPROCESS) {
		PreprocessAction Act(&Result->out);
		return CI.ExecuteAction(Act) ? IOV_OK : IOV_DIAGNOSED;
	}
	if (Job->action == IOV_CLANG_SYNTAX_ONLY) {
		RuledAction<SyntaxOnlyAction> Act(Out);
		return CI.ExecuteAction(Act) ? IOV_OK : IOV_DIAGNOSED;
	}
	if (Job->action == IOV_CLANG_DEPS_ONLY) {
		PreprocessOnlyAction Act;
		return CI.ExecuteAction(Act) ? IOV_OK : IOV_DIAGNOSED;
	}
	auto *Context = new llvm::LLVMContext();
	RuledAction<EmitLLVMOnlyAction> Act(Out, Context);
	if (!CI.ExecuteAction(Act))
		return IOV_DIAGNOSED;
	std::unique_ptr<llvm::Module> M = Act.takeModule();
	if (!M)
		return IOV_DIAGNOSED;
	Result->context = llvm::wrap(Context);
	Result->module = llvm::wrap(M.release());
	return IOV_OK;
}

// What Clang's driver asks for itself. --analyze and -Xclang (-ast-dump) can ask for more, which is not done here.
bool isOurAction(frontend::ActionKind Kind, struct iov_sink *Sink)
{
	struct iov_span Nowhere = {};
	Nowhere.insn = -1;
	if (Kind == frontend::EmitObj || Kind == frontend::PrintPreprocessedInput ||
	    Kind == frontend::ParseSyntaxOnly || Kind == frontend::EmitBC || Kind == frontend::EmitLLVM ||
	    Kind == frontend::RunPreprocessorOnly || Kind == frontend::EmitAssembly || Kind == frontend::EmitLLVMOnly ||
	    Kind == frontend::EmitCodeGenOnly)
		return true;
	diag_add(Sink, DIAG_CLANG_OPTION, Nowhere, "an option asks Clang to do something else than compile");
	return false;
}

// LLVM drops what it does not know in silence when it is asked through its C interface, as codegen.c does.
bool knowsLLVMArguments(const struct iov_clang_job *Job, struct iov_sink *Sink)
{
	struct iov_span Nowhere = {};
	Nowhere.insn = -1;
	for (const char *const *A = Job->llvm_args; A && *A; A++) {
		StringRef Name = StringRef(*A).ltrim('-').split('=').first;
		if (llvm::cl::getRegisteredOptions().count(Name))
			continue;
		diag_add(Sink, DIAG_CLANG_OPTION, Nowhere, "unknown argument of -mllvm: '%s'", *A);
		return false;
	}
	return true;
}

// What codegen wants to know of the source (codegen.h says how).
void mark(llvm::Module &M, const SinkConsumer &Out)
{
	llvm::LLVMContext &C = M.getContext();
	for (const auto &[Name, Place] : Out.Inlines)
		if (llvm::Function *F = M.getFunction(Name))
			F->addFnAttr("iov-inline", Place) /* IOV_INLINE_MARK */;
	for (const auto &[Name, Header] : Out.Library)
		if (llvm::Function *F = M.getFunction(Name); F && F->isDeclaration())
			F->addFnAttr("iov-library", Header) /* IOV_LIBRARY_MARK */;
	for (const std::string &Place : Out.AsmPlaces)
		M.getOrInsertNamedMetadata("iov.asm") /* IOV_ASM_PLACES */
			->addOperand(llvm::MDNode::get(C, llvm::MDString::get(C, Place)));
}

} // namespace

extern "C" enum iov_status clang_run(const struct iov_clang_job *job, struct iov_sink *sink,
				     struct iov_clang_result *result)
{
	noteBottomOfStack();
	LLVMInitializeBPFTargetInfo();
	LLVMInitializeBPFTarget();
	LLVMInitializeBPFTargetMC();
	LLVMInitializeBPFAsmParser();
	LLVMInitializeBPFAsmPrinter();

	if (!knowsLLVMArguments(job, sink))
		return IOV_USAGE;
	auto FS = fileSystem(job);
	auto *Consumer = new SinkConsumer(sink);
	std::vector<const char *> Args;
	Args.push_back("iovcc");
	for (const char *const *A = job->args; A && *A; A++)
		Args.push_back(*A);
	IntrusiveRefCntPtr<DiagnosticOptions> DiagOpts = CreateAndPopulateDiagOpts(Args);
	DiagnosticsEngine Diags(new DiagnosticIDs, DiagOpts, Consumer, false);
	ProcessWarningOptions(Diags, *DiagOpts, false);
	std::vector<std::string> CC1 = cc1Arguments(job, Diags, FS);
	if (CC1.empty()) {
		struct iov_span nowhere = {};
		nowhere.insn = -1;
		if (!Diags.hasErrorOccurred())
			diag_add(sink, DIAG_CLANG_OPTION, nowhere,
				 "an option asks Clang for something else than to compile %s", job->input);
		return IOV_USAGE;
	}
	if (job->show_cc1) {
		buf_puts(&result->out, " \"iovcc\" \"-cc1\"");
		for (const std::string &A : CC1)
			buf_printf(&result->out, " \"%s\"", A.c_str());
		buf_putc(&result->out, '\n');
		return IOV_OK;
	}
	Args.clear();
	for (const std::string &A : CC1)
		Args.push_back(A.c_str());

	auto *CI = new CompilerInstance();
	if (!CompilerInvocation::CreateFromArgs(CI->getInvocation(), Args, Diags, "iovcc"))
		return IOV_USAGE;
	if (!isOurAction(CI->getFrontendOpts().ProgramAction, sink) || !iov::optionsServed(CI->getInvocation(), sink))
		return IOV_USAGE;
	adjust(CI->getInvocation());
	addSystemDirs(job, CI->getHeaderSearchOpts());
	CI->createDiagnostics(Consumer, false);
	CI->createFileManager(FS);
	CI->createSourceManager(CI->getFileManager());
	DependencyOutputOptions &Deps = CI->getDependencyOutputOpts();
	if (!Deps.OutputFile.empty()) {
		CI->addDependencyCollector(std::make_shared<MemoryDeps>(Deps, job, &result->deps));
		Deps.OutputFile.clear();
	}
	Consumer->Timing = job->timing;
	Consumer->SystemDirs = job->system_dirs;
	timing_mark(job->timing, "Clang: options");
	enum iov_status status = execute(job, *CI, *Consumer, result);
	timing_mark(job->timing, "Clang: headers, source, IR");
	if (status == IOV_OK && result->module) {
		llvm::Module &M = *llvm::unwrap(result->module);
		iov::checkMemory(M, sink);
		mark(M, *Consumer);
		timing_mark(job->timing, "rules of the C subset");
	}
	return status == IOV_OK && sink->errors ? IOV_DIAGNOSED : status;
}

extern "C" void clang_print_timers(void)
{
	llvm::TimerGroup::printAll(llvm::errs());
}

// LLVM's list of extensions names Polly, which the BPF pipeline has no use for: one that registers nothing.
llvm::PassPluginLibraryInfo getPollyPluginInfo();
llvm::PassPluginLibraryInfo getPollyPluginInfo()
{
	return {LLVM_PLUGIN_API_VERSION, "none", "", [](llvm::PassBuilder &) {}};
}
