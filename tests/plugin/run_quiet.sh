#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# run_quiet.sh DRIVER TOP: the plugin says nothing about the shim's headers, each alone, nor about the
# documentation's examples; and it was there all the time, since it finds what is put behind all of them.
set -eu
driver=$1 top=$2
include=$top/kernel-shim/include
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
noisy=0
quiet() {
  name=$1
  shift
  "$driver" --flushdep-kernel -Wflushdep -fsyntax-only "$@" >"$work/out" 2>&1 && [ ! -s "$work/out" ] && return
  echo "$name:" >&2
  cat "$work/out" >&2
  noisy=$((noisy + 1))
}

headers=$(cd "$include" && find . -name '*.h' | sed 's,^\./,,' | sort)
for header in $headers; do
  echo "#include <$header>" >"$work/unit.c"
  quiet "$header" "$work/unit.c"
done
examples=$(find "$top/docs/examples" -name '*.c')
for example in $examples; do quiet "$example" "$example"; done

for header in $headers; do echo "#include <$header>"; done >"$work/all.c"
cat >>"$work/all.c" <<'END'
void planted(struct page *page);
void planted(struct page *page)
{
	if (set_direct_map_invalid_noflush(page))
		return;
	__free_page(page);
}
END
"$driver" --flushdep-kernel -Wflushdep -fsyntax-only "$work/all.c" >"$work/out" 2>&1
if [ "$(grep -c 'warning:' "$work/out")" != 1 ] || ! grep -q 'FD001 unflushed-free' "$work/out"; then
  echo "the planted free was not what was found:" >&2
  cat "$work/out" >&2
  exit 1
fi
echo "$(echo "$headers" | wc -l) headers, $(echo "$examples" | wc -l) examples, $noisy noisy"
[ $noisy -eq 0 ]
