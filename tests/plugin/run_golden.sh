#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# run_golden.sh CLANG PLUGIN DIR NAME: the diagnostics of DIR/golden/NAME.c are
# DIR/golden/NAME.txt behind its licence line, byte for byte. FLUSHDEP_UPDATE_GOLDEN=1 writes them anew.
set -eu
clang=$1 plugin=$2 dir=$3 name=$4
cd "$dir/golden"
out=$(mktemp)
trap 'rm -f "$out"' EXIT
echo '# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception' >"$out"
"$clang" -fsyntax-only -fno-color-diagnostics -I"../inputs" -fplugin="$plugin" "$name.c" \
  2>>"$out"
if [ "${FLUSHDEP_UPDATE_GOLDEN:-}" = 1 ]; then
  cp "$out" "$name.txt"
  exit 0
fi
diff -u "$name.txt" "$out" || {
  echo "diagnostics changed; FLUSHDEP_UPDATE_GOLDEN=1 accepts the new ones" >&2
  exit 1
}
