// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/modules.h"

#include <elf.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

namespace flushdep {
namespace {

struct Search {
  uint64_t pc;
  ModuleAddress* out;
};

bool Holds(const dl_phdr_info& info, uint64_t pc) {
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = info.dlpi_phdr[i];
    const uint64_t start = info.dlpi_addr + header.p_vaddr;
    if (header.p_type == PT_LOAD && pc >= start && pc - start < header.p_memsz) return true;
  }
  return false;
}

void CopyHex(const unsigned char* bytes, size_t size, char* out, size_t capacity) {
  size_t n = 0;
  for (size_t i = 0; i < size && n + 2 < capacity; ++i) {
    out[n++] = "0123456789abcdef"[bytes[i] >> 4];
    out[n++] = "0123456789abcdef"[bytes[i] & 15];
  }
  out[n] = '\0';
}

// The GNU build id among the notes of one PT_NOTE segment.
void ReadBuildId(const char* notes, size_t size, char* out, size_t capacity) {
  const auto align = [](size_t n) { return (n + 3) & ~size_t{3}; };
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    memcpy(&note, notes, sizeof(note));
    const size_t name = sizeof(note);
    const size_t desc = name + align(note.n_namesz);
    const size_t total = desc + align(note.n_descsz);
    if (total > size) return;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
        memcmp(notes + name, "GNU", 4) == 0) {
      CopyHex(reinterpret_cast<const unsigned char*>(notes + desc), note.n_descsz, out, capacity);
      return;
    }
    notes += total;
    size -= total;
  }
}

int Visit(dl_phdr_info* info, size_t, void* data) {
  Search& search = *static_cast<Search*>(data);
  if (!Holds(*info, search.pc)) return 0;
  ModuleAddress& out = *search.out;
  out.offset = search.pc - info->dlpi_addr;
  if (info->dlpi_name != nullptr && info->dlpi_name[0] != '\0') {
    strncpy(out.path, info->dlpi_name, sizeof(out.path) - 1);
  } else {
    const ssize_t size = readlink("/proc/self/exe", out.path, sizeof(out.path) - 1);
    out.path[size > 0 ? size : 0] = '\0';
  }
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    if (header.p_type == PT_NOTE && out.build_id[0] == '\0')
      ReadBuildId(reinterpret_cast<const char*>(info->dlpi_addr + header.p_vaddr), header.p_memsz,
                  out.build_id, sizeof(out.build_id));
  }
  return 1;
}

}  // namespace

bool FindModule(uint64_t pc, ModuleAddress* out) {
  memset(out, 0, sizeof(*out));
  out->offset = pc;
  Search search{pc, out};
  return dl_iterate_phdr(Visit, &search) != 0;
}

}  // namespace flushdep
