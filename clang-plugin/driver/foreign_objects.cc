// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/driver/foreign_objects.h"

#include "checker/event/events.h"
#include "clang-plugin/pass/stamp.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

namespace flushdep::driver {
namespace {

using llvm::StringRef;
using llvm::object::ObjectFile;
using llvm::object::SectionRef;

StringRef ContentsOf(const ObjectFile& object, StringRef name) {
  for (const SectionRef& section : object.sections()) {
    llvm::Expected<StringRef> section_name = section.getName();
    if (!section_name) {
      llvm::consumeError(section_name.takeError());
      continue;
    }
    if (*section_name != name) continue;
    llvm::Expected<StringRef> contents = section.getContents();
    if (contents) return *contents;
    llvm::consumeError(contents.takeError());
  }
  return {};
}

// .comment holds one line per compiler that took part ("GCC: (Debian) 12.2.0",
// "Debian clang version 19"); empty for hand-written assembler.
StringRef CompilerOf(const ObjectFile& object) {
  return ContentsOf(object, ".comment").ltrim('\0').split('\0').first;
}

// Why the object must not be linked; empty if it may.
std::string Judge(StringRef file, const ObjectFile& object) {
  StringRef notes = ContentsOf(object, kStampSection);
  if (notes.empty()) {
    StringRef compiler = CompilerOf(object);
    if (compiler.empty()) return "";
    return ("'" + file + "' was not compiled by flushdep-clang (but by: " + compiler + ")").str();
  }
  std::optional<StampFields> stamp = ReadStamp(notes);
  if (!stamp) return ("'" + file + "' has a damaged " + kStampSection + " section").str();
  if (stamp->events_version != FLUSHDEP_EVENTS_VERSION)
    return ("'" + file + "' was compiled for event version " + llvm::Twine(stamp->events_version) +
            ", the runtime has version " + llvm::Twine(FLUSHDEP_EVENTS_VERSION))
        .str();
  return "";
}

bool IsRelocatable(StringRef file) {
  llvm::file_magic magic;
  return !llvm::identify_magic(file, magic) && magic == llvm::file_magic::elf_relocatable;
}

}  // namespace

std::vector<std::string> FindForeignObjects(llvm::ArrayRef<std::string> linker_inputs) {
  std::vector<std::string> foreign;
  for (const std::string& file : linker_inputs) {
    if (!IsRelocatable(file)) continue;
    auto buffer = llvm::MemoryBuffer::getFile(file, false, false);
    if (!buffer) continue;
    auto object = ObjectFile::createELFObjectFile((*buffer)->getMemBufferRef());
    if (!object) {
      llvm::consumeError(object.takeError());
      continue;
    }
    std::string problem = Judge(file, **object);
    if (!problem.empty()) foreign.push_back(problem);
  }
  return foreign;
}

}  // namespace flushdep::driver
