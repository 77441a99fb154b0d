// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/holes.h"

#include <string.h>
#include <unistd.h>

#include <atomic>

#include "checker/report/reporter.h"
#include "runtime/machine/text.h"

namespace flushdep {
namespace {

constexpr const HoleMaker* kBestFirst[] = {&kGuardHoles, &kUffdHoles, &kMprotectHoles};

const HoleMaker& MakerOf(Holes choice) {
  if (choice == Holes::Guard) return kGuardHoles;
  if (choice == Holes::Uffd) return kUffdHoles;
  return kMprotectHoles;
}

}  // namespace

const HoleMaker& ChooseHoles(Holes choice) {
  if (choice == Holes::Auto) {
    for (const HoleMaker* maker : kBestFirst)
      if (maker->probe()) return *maker;
    return kMprotectHoles;
  }
  const HoleMaker& maker = MakerOf(choice);
  if (maker.probe()) return maker;
  Text text;
  text << "holes=" << maker.name << " is not possible: " << maker.missing
       << "; run with holes=auto, which takes what the host has";
  Die(2, text.view());
}

void SayHoleRefused(const HoleMaker& maker, int error) {
  static constinit std::atomic<bool> said{false};
  if (said.exchange(true)) return;
  Text text;
  text << "flushdep: the host refused to change the direct map (holes=" << maker.name << ", "
       << strerrorname_np(error) << "), and flushdep_direct_map_set() fails with -ENOMEM. ";
  if (&maker == &kMprotectHoles)
    text << "Pages scattered outside the direct map take up to two mappings each: raise "
            "vm.max_map_count, or use a host with guard markers (Linux 6.15) or userfaultfd\n";
  else
    text << "Is the host's memory full, or was it locked (mlockall())?\n";
  [[maybe_unused]] const ssize_t ignored =
      write(STDERR_FILENO, text.view().data(), text.view().size());
}

}  // namespace flushdep
