// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/report.h"

namespace flushdep {

std::string_view ReportKindName(ReportKind kind) {
  switch (kind) {
    case ReportKind::Static:
      return "static";
    case ReportKind::Runtime:
      return "runtime";
    case ReportKind::Replay:
      return "replay";
  }
  return "";
}

std::string_view RoleName(Role role) {
  switch (role) {
    case Role::Alloc:
      return "alloc";
    case Role::Map:
      return "map";
    case Role::Put:
      return "put";
    case Role::Flush:
      return "flush";
    case Role::Free:
      return "free";
    case Role::Access:
      return "access";
    case Role::Drop:
      return "drop";
    case Role::Handover:
      return "handover";
  }
  return "";
}

}  // namespace flushdep
