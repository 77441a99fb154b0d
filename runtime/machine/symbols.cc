// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/symbols.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

namespace flushdep {
namespace {

// The executable's file, mapped for as long as this lives.
class ExecutableFile {
 public:
  ExecutableFile() {
    const int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    struct stat status = {};
    if (fstat(fd, &status) == 0 && status.st_size > 0) {
      size_ = static_cast<uint64_t>(status.st_size);
      void* memory = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
      if (memory != MAP_FAILED) data_ = static_cast<const char*>(memory);
    }
    close(fd);
  }
  ~ExecutableFile() {
    if (data_ != nullptr) munmap(const_cast<char*>(data_), size_);
  }
  ExecutableFile(const ExecutableFile&) = delete;
  ExecutableFile& operator=(const ExecutableFile&) = delete;

  // `count` of T at an offset; null if the file does not hold them.
  template <typename T>
  const T* At(uint64_t offset, uint64_t count = 1) const {
    if (data_ == nullptr || offset > size_ || count > (size_ - offset) / sizeof(T)) return nullptr;
    return reinterpret_cast<const T*>(data_ + offset);
  }

 private:
  const char* data_ = nullptr;
  uint64_t size_ = 0;
};

// What is added to the file's addresses where a PIE was loaded.
uint64_t LoadBias() {
  const uint64_t headers = getauxval(AT_PHDR);
  const auto* header = reinterpret_cast<const Elf64_Phdr*>(headers);
  for (uint64_t i = 0; i < getauxval(AT_PHNUM); i++)
    if (header[i].p_type == PT_PHDR) return headers - header[i].p_vaddr;
  return 0;
}

struct SymbolTable {
  const Elf64_Sym* symbols = nullptr;
  uint64_t count = 0;
  const char* names = nullptr;
  uint64_t names_size = 0;

  bool IsFunctionNamed(const Elf64_Sym& symbol, std::string_view name) const {
    if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_shndx == SHN_UNDEF) return false;
    if (symbol.st_name >= names_size || names_size - symbol.st_name <= name.size()) return false;
    const char* text = names + symbol.st_name;
    return memcmp(text, name.data(), name.size()) == 0 && text[name.size()] == '\0';
  }
};

// The full table, or else the dynamic one that a stripped file keeps.
SymbolTable FindTable(const ExecutableFile& file) {
  SymbolTable table;
  const auto* header = file.At<Elf64_Ehdr>(0);
  if (header == nullptr || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return table;
  const auto* sections = file.At<Elf64_Shdr>(header->e_shoff, header->e_shnum);
  if (sections == nullptr) return table;
  for (uint32_t wanted : {SHT_SYMTAB, SHT_DYNSYM}) {
    for (unsigned i = 0; i < header->e_shnum; i++) {
      const Elf64_Shdr& section = sections[i];
      if (section.sh_type != wanted || section.sh_link >= header->e_shnum) continue;
      const Elf64_Shdr& strings = sections[section.sh_link];
      table.count = section.sh_size / sizeof(Elf64_Sym);
      table.symbols = file.At<Elf64_Sym>(section.sh_offset, table.count);
      table.names_size = strings.sh_size;
      table.names = file.At<char>(strings.sh_offset, strings.sh_size);
      if (table.symbols != nullptr && table.names != nullptr) return table;
    }
  }
  return SymbolTable();
}

}  // namespace

int FindFunction(std::string_view name, FunctionBounds* bounds) {
  const ExecutableFile file;
  const SymbolTable table = FindTable(file);
  const uint64_t bias = LoadBias();
  int result = -ENOENT;
  for (uint64_t i = 0; i < table.count; i++) {
    const Elf64_Sym& symbol = table.symbols[i];
    if (!table.IsFunctionNamed(symbol, name)) continue;
    const FunctionBounds found = {bias + symbol.st_value, bias + symbol.st_value + symbol.st_size};
    if (result == 0 && found.start != bounds->start) return -EEXIST;
    *bounds = found;
    result = 0;
  }
  return result;
}

}  // namespace flushdep
