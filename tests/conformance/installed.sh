#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The same from an install prefix: installed.sh BUILD PREFIX WORK.
set -euo pipefail
rm -rf "$2"
cmake --install "$1" --prefix "$2" >/dev/null
exec "$(dirname "$0")/run.sh" "$2" "$3"
