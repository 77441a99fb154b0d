// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What instrumented code looks up by itself (clang-plugin/pass/check.cc): a byte for each page of
// the window, 1 where every thread may load and store at the host's own address and nobody has to
// be told. Only pages of the direct map become that, when they are first asked about; so the table
// costs memory for what is used.
#ifndef FLUSHDEP_RUNTIME_ACCESS_PLAIN_PAGES_H_
#define FLUSHDEP_RUNTIME_ACCESS_PLAIN_PAGES_H_

#include <cstdint>

namespace flushdep {

// A page of the direct map that was found present. No lock: if it is taken out at the same time,
// one of the two sees what the other did.
void NotePlain(uint64_t pfn);
// Pages that are not any more: after their bits say so.
void ForgetPlain(uint64_t pfn, uint64_t npages);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_ACCESS_PLAIN_PAGES_H_
