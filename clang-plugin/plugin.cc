// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The door of FlushdepPlugin.so: registration, arguments, and the check that
// the clang that loaded us is the one we were built for.
#include <dlfcn.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "clang-plugin/consumer.h"
#include "clang/Basic/Version.h"
#include "clang/Frontend/FrontendPluginRegistry.h"

namespace {

using flushdep::plugin::PluginOptions;

// Clang's version text is "... clang version 14.0.6 ...".
int MajorVersionIn(const std::string& text) {
  const size_t at = text.find("version ");
  if (at == std::string::npos) return 0;
  int major = 0;
  for (size_t i = at + strlen("version "); i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i)
    major = major * 10 + (text[i] - '0');
  return major;
}

// Of the clang that loaded us. Its own library comes first in the search, and
// the function's name and type are the same in every version.
std::string VersionOfHost() {
  using FullVersion = std::string (*)();
  void* symbol = dlsym(RTLD_DEFAULT, "_ZN5clang19getClangFullVersionB5cxx11Ev");
  return symbol != nullptr ? reinterpret_cast<FullVersion>(symbol)() : "an unknown version";
}

// Another version's objects are laid out differently: nothing of Clang's may be touched
// before this, the diagnostics neither. So the message goes out by hand.
void RequireOwnClang() {
  const std::string host = VersionOfHost();
  if (MajorVersionIn(host) == CLANG_VERSION_MAJOR) return;
  const std::string message =
      "error: flushdep: FlushdepPlugin.so was built for clang " CLANG_VERSION_STRING
      ", but was loaded into " +
      host + "; compile with clang-" + std::to_string(CLANG_VERSION_MAJOR) +
      " (or flushdep-clang), or drop -fplugin\n";
  const ssize_t written = write(STDERR_FILENO, message.data(), message.size());
  (void)written;
  _exit(1);
}

class FlushdepAction : public clang::PluginASTAction {
 public:
  // Automatic, and after the code generator: a summary then only exists where an object does.
  ActionType getActionType() override { return AddAfterMainAction; }

  bool ParseArgs(const clang::CompilerInstance& compiler,
                 const std::vector<std::string>& arguments) override {
    RequireOwnClang();
    options_.protocol_dir = flushdep::plugin::ShippedProtocolDir();
    clang::DiagnosticsEngine& diagnostics = compiler.getDiagnostics();
    bool fine = true;
    for (const std::string& argument : arguments) {
      std::string error;
      if (flushdep::plugin::ParsePluginArgument(argument, options_, &error)) continue;
      fine = false;
      diagnostics.Report(
          diagnostics.getCustomDiagID(clang::DiagnosticsEngine::Error, "flushdep: %0"))
          << error;
    }
    return fine;
  }

  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance& compiler,
                                                        llvm::StringRef) override {
    return flushdep::plugin::MakeConsumer(compiler, options_);
  }

 private:
  PluginOptions options_;
};

const clang::FrontendPluginRegistry::Add<FlushdepAction> kRegistration(
    "FlushdepPlugin", "finds pages that change owner before the TLB was flushed");

}  // namespace
