#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# run_checks.sh CLANG PLUGIN TOP CASE: one thing that the plugin does besides
# warning, seen from outside: files, exit status, messages.
set -eu
clang=$1 plugin=$2 top=$3 case=$4
inputs=$top/tests/plugin/inputs
protocols=$top/tests/plugin/protocols
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >bad.c <<'C'
#include "mm.h"
int bad(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (!map)
		return 1;
	mermap_put(map);
	/* a comment before the call */ __free_page(page);
	return 0;
}
C
cat >good.c <<'C'
#include "mm.h"
int good(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	flush_tlb_all();
	__free_page(page);
	return 0;
}
C

fail() {
  echo "FAIL: $*" >&2
  [ ! -f err ] || cat err >&2
  exit 1
}
# compile STATUS ARGS...: runs the compiler, stderr in ./err.
compile() {
  want=$1
  shift
  status=0
  "$clang" -I"$inputs" -fplugin="$plugin" "$@" 2>err || status=$?
  [ "$status" = "$want" ] || fail "exit status $status, not $want: $*"
}
says() { grep -qF -- "$1" err || fail "stderr lacks: $1"; }
quiet() { [ ! -s err ] || fail "stderr is not empty"; }
arg() { printf -- '-fplugin-arg-FlushdepPlugin-%s' "$1"; }

case $case in
alone)
  # A plugin that lies apart from its protocols would be silent about everything.
  mkdir -p apart/lib
  cp "$plugin" apart/lib/FlushdepPlugin.so
  plugin=$work/apart/lib/FlushdepPlugin.so
  compile 1 -c bad.c -o bad.o
  says "error: flushdep: no protocols in ../share/flushdep/protocols"
  mkdir -p apart/share/flushdep/protocols
  compile 1 -c bad.c -o bad.o
  says "error: flushdep: no protocols in ../share/flushdep/protocols"
  ;;
object)
  # The analysis leaves no trace in the object.
  for flags in "-O0" "-O2 -g"; do
    for file in bad good; do
      # shellcheck disable=SC2086
      "$clang" -I"$inputs" $flags -c $file.c -o plain.o
      # shellcheck disable=SC2086
      compile 0 $flags -c $file.c -o with.o
      cmp plain.o with.o || fail "objects differ"
    done
  done
  ;;
summary)
  compile 0 -c bad.c -o bad.o
  [ -f bad.o.fds ] || fail "no summary beside the object"
  grep -q '"schema":1,"unit":"bad.c"' bad.o.fds || fail "unit"
  grep -q '"functions":{"seen":1,"relevant":1,"analysed":1,"given_up":\[\]},"findings":1' \
    bad.o.fds || fail "counts: $(cat bad.o.fds)"
  compile 0 -c good.c
  grep -q '"findings":0' good.o.fds || fail "summary of the default object"
  rm -f -- *.fds
  compile 0 -fsyntax-only bad.c
  compile 0 -E bad.c -o bad.i
  compile 0 -S bad.c -o bad.s
  compile 0 -c bad.c -o /dev/null
  compile 0 -c bad.c -o bad.o "$(arg summary=none)"
  compile 1 -c bad.c -o bad.o "$(arg error)"
  [ -z "$(ls ./*.fds /dev/null.fds 2>/dev/null)" ] || fail "a summary without an object"
  compile 0 -fsyntax-only bad.c "$(arg summary=mine.json)"
  grep -q '"findings":1' mine.json || fail "summary=FILE"
  [ -z "$(ls ./*.tmp 2>/dev/null)" ] || fail "temporary files left"
  compile 0 -fsyntax-only bad.c "$(arg coverage)"
  says "flushdep: bad.c: 1 functions, 1 relevant, 1 analysed, 0 given up, 1 findings, 0 ignored"
  ;;
link)
  # What the driver deletes after linking gets no summary.
  echo 'int main(void) { return 0; }' >main.c
  mkdir tmp
  TMPDIR=$work/tmp compile 0 main.c -o main
  [ -z "$(ls tmp)" ] || fail "left in the temporary folder: $(ls tmp)"
  ;;
records)
  compile 0 -c bad.c -o bad.o "$(arg records=out.jsonl)"
  [ "$(wc -l <out.jsonl)" = 2 ] || fail "header and one record"
  python3 - out.jsonl "$work/bad.c" <<'PY'
import json, sys
header, record = [json.loads(line) for line in open(sys.argv[1])]
assert header["header"] == "flushdep" and header["kind"] == "static", header
assert header["program"] == sys.argv[2], header
assert header["functions"] == {"seen": 1, "relevant": 1, "analysed": 1, "given_up": []}, header
assert record["rule"] == "FD001" and record["severity"] == "error", record
assert [e["role"] for e in record["events"]] == ["free", "put", "map", "alloc"], record
frames = [e["stack"][0] for e in record["events"]]
assert all(len(e["stack"]) == 1 for e in record["events"])
assert [f["line"] for f in frames] == [10, 9, 5, 4], frames
assert all(f["file"] == sys.argv[2] and f["function"] == "bad" for f in frames), frames
assert frames[0]["column"] == 34, frames
assert record["site"] == sys.argv[2] + ":10:34", record
assert record["path"] == ["assuming 'map' is non-null"], record
PY
  # A unit replaces its own part of the file and leaves the others'.
  compile 0 -c good.c -o good.o "$(arg records=out.jsonl)"
  [ "$(wc -l <out.jsonl)" = 3 ] || fail "a second unit adds its header"
  compile 0 -c bad.c -o bad.o "$(arg records=out.jsonl)"
  [ "$(wc -l <out.jsonl)" = 3 ] || fail "the same unit again replaces its part"
  [ "$(grep -c '"rule":"FD001"' out.jsonl)" = 1 ] || fail "one finding after three compiles"
  compile 0 -c bad.c -o bad.o "$(arg records=out.jsonl)" "$(arg no-FD001)"
  [ "$(grep -c '"rule"' out.jsonl)" = 0 ] || fail "findings that are gone stay in the file"
  # Compiles that run at once lose nothing.
  for i in 1 2 3 4 5 6 7 8; do
    cp bad.c "many_$i.c"
    "$clang" "-fplugin=$plugin" -I "$inputs" -c "many_$i.c" -o "many_$i.o" "$(arg records=many.jsonl)" 2>/dev/null &
  done
  wait
  [ "$(grep -c '"rule":"FD001"' many.jsonl)" = 8 ] || fail "findings of parallel compiles"
  [ ! -e many.jsonl.lock ] || fail "the lock file is left behind"
  # What is no file is written to, not replaced.
  compile 0 -c bad.c -o bad.o "$(arg records=/dev/null)"
  [ -c /dev/null ] || fail "/dev/null was replaced"
  compile 1 -c bad.c -o bad.o "$(arg records=/no/such/folder/out.jsonl)"
  says "cannot write '/no/such/folder/out.jsonl'"
  ;;
fingerprint)
  # The same finding keeps its fingerprint when lines move, paths differ or it comes
  # preprocessed, and another line has another one.
  print_of() { sed -n 's/.*"fingerprint":"\([0-9a-f]*\)".*/\1/p' "$1"; }
  compile 0 -c bad.c -o bad.o "$(arg records=1.jsonl)"
  mkdir moved
  { echo; echo '/* more */'; cat bad.c; } >moved/other.c
  compile 0 -c moved/other.c -o bad.o "$(arg records=2.jsonl)"
  "$clang" -I"$inputs" -E bad.c -o bad.i
  compile 0 -c bad.i -o bad.o "$(arg records=3.jsonl)"
  sed 's/__free_page(page)/__free_pages(page, 0)/' bad.c >changed.c
  compile 0 -c changed.c -o bad.o "$(arg records=4.jsonl)"
  one=$(print_of 1.jsonl)
  [ ${#one} = 16 ] || fail "fingerprint '$one'"
  [ "$one" = "$(print_of 2.jsonl)" ] || fail "lines moved: $one $(print_of 2.jsonl)"
  [ "$one" = "$(print_of 3.jsonl)" ] || fail "preprocessed: $one $(print_of 3.jsonl)"
  [ "$one" != "$(print_of 4.jsonl)" ] || fail "another line, same fingerprint"
  ;;
debug_info)
  # Line and function are those that debug info has for the call instruction.
  { echo '#define RELEASE(p) __free_pages(p, 0)'; sed 's/__free_page(page)/RELEASE(page)/' bad.c; } >macro.c
  compile 0 -g -O1 -c macro.c -o macro.o "$(arg records=out.jsonl)"
  line=$(sed -n 's/.*"site":"[^"]*:\([0-9]*\):[0-9]*".*/\1/p' out.jsonl)
  [ "$line" = 11 ] || fail "line $line"

  offset=$(objdump -dr macro.o | awk '/__free_pages/ {sub(":.*", "", $1); print $1}')
  offset=$(printf '0x%x' $((0x$offset - 1)))
  "${LLVM_SYMBOLIZER:-llvm-symbolizer-19}" --obj=macro.o "$offset" >symbols
  grep -q "macro.c:$line:" symbols || fail "debug info says $(cat symbols), the record $line"
  ;;
dependencies)
  compile 0 -MD -MF bad.d -c bad.c -o bad.o "$(arg protocol="$protocols"/extra.yaml)"
  grep -q 'extra\.yaml' bad.d || fail "given protocol is no dependency"
  grep -q 'share/flushdep/protocols/mermap\.yaml' bad.d || fail "shipped protocol is none"
  tr -d '\\\n' <bad.d | grep -q '^bad.o: *bad.c ' || fail "the source comes first: $(cat bad.d)"
  compile 0 -MMD -MF bad.d -c bad.c -o bad.o
  grep -q 'mermap\.yaml' bad.d || fail "-MMD"
  ;;
protocols)
  compile 1 -c bad.c -o bad.o "$(arg protocol=missing.yaml)"
  says "missing.yaml: cannot read protocol file: No such file or directory"
  [ ! -f bad.o ] || fail "an object in spite of the error"
  compile 1 -c bad.c -o bad.o "$(arg protocol="$protocols"/bad_key.yaml)"
  says "bad_key.yaml:7:9: unknown key 'whenever' beside 'free'; allowed: when"
  compile 1 -c bad.c -o bad.o "$(arg protocol="$protocols"/bad_syntax.yaml)"
  says "bad_syntax.yaml:"
  says "YAML syntax"
  compile 1 -c bad.c -o bad.o "$(arg protocol="$work")"
  says "cannot read protocol file"
  # A later file wins: there flush_tlb_all() is a local flush.
  compile 0 -c good.c -o good.o
  quiet
  compile 0 -c good.c -o good.o "$(arg protocol="$protocols"/extra.yaml)"
  says "[FD003 insufficient-flush]"
  ;;
options)
  compile 0 -c bad.c -o bad.o
  says "warning: page 'page' is freed without a TLB flush"
  compile 1 -c bad.c -o bad.o "$(arg error)"
  says "error: page 'page' is freed without a TLB flush"
  compile 1 -c bad.c -o bad.o "$(arg error=FD001)"
  compile 1 -c bad.c -o bad.o "$(arg error=unflushed-free)"
  compile 0 -c bad.c -o bad.o "$(arg error=FD002)"
  compile 0 -c bad.c -o bad.o "$(arg no-FD001)"
  quiet
  compile 0 -c bad.c -o bad.o "$(arg no-FD002)"
  says "[FD001"
  compile 1 -Werror -c bad.c -o bad.o
  says "error: page 'page'"
  compile 0 -w -c bad.c -o bad.o
  quiet
  compile 1 -c bad.c -o bad.o "$(arg colour)"
  says "argument 'colour': unknown; allowed: protocol=FILE"
  compile 1 -c bad.c -o bad.o "$(arg error=FD099)"
  says "no rule is called 'FD099'"
  compile 1 -c bad.c -o bad.o "$(arg records=)"
  says "a file name is missing"
  ;;
ignored)
  sed 's,/\* a comment.*\*/,FLUSHDEP_IGNORE("FD001"\, "the caller flushes");,' bad.c >ignored.c
  compile 0 -I"$top" -include checker/event/annotations.h -c ignored.c -o ignored.o
  quiet
  grep -q '"findings":0,"ignored":\[{"rule":"FD001","why":"the caller flushes","where":"ignored.c:10"}\]' \
    ignored.o.fds || fail "summary: $(cat ignored.o.fds)"
  ;;
version-*)
  other=${case#version-}
  command -v "$other" >/dev/null || exit 77
  status=0
  "$other" -I"$inputs" -fplugin="$plugin" -c good.c -o good.o 2>err || status=$?
  [ "$status" = 1 ] || fail "exit status $status"
  says "FlushdepPlugin.so was built for clang 19"
  says "clang version ${other#clang-}"
  says "compile with clang-19"
  ;;
gcc)
  # What annotations.h says to clang, gcc must not even see.
  command -v gcc-12 >/dev/null || exit 77
  for file in attributes ignore; do
    source=$top/tests/plugin/engine/$file.c
    gcc-12 -std=gnu11 -Wall -Wextra -Werror -I"$top" -I"$inputs" -c "$source" -o a.o
    gcc-12 -std=gnu11 -I"$top" -I"$inputs" -E "$source" >a.i
    ! grep -q 'annotate(' a.i || fail "$file.c: gcc sees annotations"
  done
  ;;
*)
  fail "no such case"
  ;;
esac
