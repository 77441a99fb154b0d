#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# run_docs.sh CLANG PLUGIN TOP: the examples of docs/protocol.md do what the
# text says. Each is the fenced block after its "test:" comment.
set -eu
clang=$1 plugin=$2 top=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

example() {
  awk -v mark="<!-- test: $1 -->" '
    $0 == mark { found = 1; next }
    found && /^```/ { if (inside) exit; inside = 1; next }
    inside { print }' "$top/docs/protocol.md" >"$work/$2"
  [ -s "$work/$2" ] || { echo "no example '$1'" >&2; exit 1; }
}
verify() {
  "$clang" -fsyntax-only -I"$top" -fplugin="$plugin" -Xclang -verify \
    -Xclang -verify-ignore-unexpected=note "$@"
}

example protocol window.yaml
example code code.c
example attributes attributes.c
verify -fplugin-arg-FlushdepPlugin-protocol="$work/window.yaml" "$work/code.c"
verify "$work/attributes.c"
