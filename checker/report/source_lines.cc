// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/source_lines.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace flushdep {

void SourceFile::Unmap() {
  if (text_ != nullptr) munmap(text_, size_);
  text_ = nullptr;
}

std::string_view SourceFile::Read(std::string_view path) {
  Unmap();
  char name[4096];
  if (path.empty() || path.size() >= sizeof(name)) return {};
  memcpy(name, path.data(), path.size());
  name[path.size()] = '\0';
  const int fd = open(name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  struct stat info;
  if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0) {
    size_ = static_cast<size_t>(info.st_size);
    void* memory = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
    if (memory != MAP_FAILED) text_ = memory;
  }
  close(fd);
  if (text_ == nullptr) return {};
  return {static_cast<const char*>(text_), size_};
}

}  // namespace flushdep
