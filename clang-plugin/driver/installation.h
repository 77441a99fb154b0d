// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the parts of flushdep are: the layout of docs/contract.md below a
// prefix, which is found from the running binary. A build tree and an install
// prefix are alike. Pure path arithmetic; nothing is opened.
#ifndef FLUSHDEP_CLANG_PLUGIN_DRIVER_INSTALLATION_H_
#define FLUSHDEP_CLANG_PLUGIN_DRIVER_INSTALLATION_H_

#include <string>

namespace flushdep::driver {

struct Installation {
  std::string prefix;           // holds bin/, lib/ and share/
  std::string plugin;           // lib/FlushdepPlugin.so
  std::string pass;             // lib/FlushdepPass.so
  std::string runtime;          // lib/libflushdep_rt.a
  std::string kernel_runtime;   // lib/libflushdep_kernel.a
  std::string kunit_main;       // lib/libflushdep_kunit_main.a
  std::string protocols;        // share/flushdep/protocols
  std::string headers;          // share/flushdep/include
  std::string kernel_headers;   // share/flushdep/kernel/include
  std::string clang;            // the clang that flushdep was built for, or $FLUSHDEP_CLANG
  std::string clang_resources;  // that clang's resource folder (built-in headers below include/)
};

// Of the running binary (/proc/self/exe). Empty prefix if that cannot be read.
Installation FindInstallation();

}  // namespace flushdep::driver

#endif  // FLUSHDEP_CLANG_PLUGIN_DRIVER_INSTALLATION_H_
