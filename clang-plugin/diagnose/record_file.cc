// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/diagnose/record_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>

#include "checker/report/json_nesting.h"
#include "clang-plugin/diagnose/output_file.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

namespace flushdep::plugin {
namespace {

// The unit that a header line is of; nothing for any other line.
std::optional<std::string> UnitOfHeader(llvm::StringRef line) {
  if (!line.contains("\"header\"") || NestsTooDeep({line.data(), line.size()})) return std::nullopt;
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(line);
  if (!value) {
    llvm::consumeError(value.takeError());
    return std::nullopt;
  }
  const llvm::json::Object* object = value->getAsObject();
  if (object == nullptr || object->getString("header") == std::nullopt) return std::nullopt;
  return object->getString("program").value_or("").str();
}

// An exclusive lock on a file of its own: the record file itself is replaced.
// The lock file is removed by whoever holds it, and a waiter that was left with a removed
// one notices and starts again.
class UpdateLock {
 public:
  explicit UpdateLock(const std::string& path) : path_(path) {
    while (true) {
      fd_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
      if (fd_ < 0) return;
      while (flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
      }
      llvm::sys::fs::file_status ours;
      llvm::sys::fs::file_status named;
      if (!llvm::sys::fs::status(fd_, ours) && !llvm::sys::fs::status(path_, named) &&
          ours.getUniqueID() == named.getUniqueID())
        return;
      close(fd_);
    }
  }
  ~UpdateLock() {
    if (fd_ < 0) return;
    unlink(path_.c_str());
    close(fd_);
  }
  UpdateLock(const UpdateLock&) = delete;
  UpdateLock& operator=(const UpdateLock&) = delete;
  bool held() const { return fd_ >= 0; }

 private:
  const std::string path_;
  int fd_ = -1;
};

}  // namespace

std::string WithoutUnit(llvm::StringRef text, llvm::StringRef unit) {
  std::string kept;
  bool ours = false;
  while (!text.empty()) {
    const auto [line, rest] = text.split('\n');
    if (const std::optional<std::string> of = UnitOfHeader(line)) ours = *of == unit;
    if (!ours) (kept += line) += '\n';
    text = rest;
  }
  return kept;
}

bool UpdateRecordFile(llvm::StringRef path, llvm::StringRef unit, llvm::StringRef records,
                      std::string* error) {
  const UpdateLock lock(path.str() + ".lock");
  if (!lock.held()) {
    *error = "cannot write '" + path.str() + "': " + std::generic_category().message(errno);
    return false;
  }
  std::string whole;
  if (auto old = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                             /*RequiresNullTerminator=*/false))
    whole = WithoutUnit((*old)->getBuffer(), unit);
  whole += records;
  return WriteWholeFile(path, whole, error);
}

}  // namespace flushdep::plugin
