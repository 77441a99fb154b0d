// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --flushdep-fingerprint: one hash over everything besides source and flags
// that decides what a compile gives and reports. For caches, which otherwise
// hand out old objects and hide findings of a newer plugin or protocol.
#ifndef FLUSHDEP_CLANG_PLUGIN_DRIVER_FINGERPRINT_H_
#define FLUSHDEP_CLANG_PLUGIN_DRIVER_FINGERPRINT_H_

#include <string>
#include <vector>

#include "clang-plugin/driver/installation.h"

namespace flushdep::driver {

struct CompilerFingerprint {
  std::string hex;      // 32 digits; empty on failure
  std::string problem;  // the file that cannot be read, and why
};

// Of clang and its LLVM libraries, driver, plugin, pass, the shipped protocols and the
// files `more`. Contents count, not times. Reads about 200 MB.
CompilerFingerprint FingerprintOf(const Installation& installation,
                                  const std::vector<std::string>& more);

}  // namespace flushdep::driver

#endif  // FLUSHDEP_CLANG_PLUGIN_DRIVER_FINGERPRINT_H_
