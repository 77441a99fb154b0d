#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# flushdep check: same findings as the plugin, coverage, statuses, bad input.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell_test.sh"
flushdep=$bin/flushdep

# A page is freed between put and flush; the twin flushes first.
cat >code.h <<'END'
#include <linux/gfp.h>
#include <linux/mermap.h>
#include <asm/tlbflush.h>
END
body() {
  cat <<END
#include "code.h"
void $1(void);
void $1(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct mermap_alloc *map;

	if (!page)
		return;
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (map)
		mermap_put(map);
	$2
	__free_page(page);
}
END
}
body bad "" >bad.c
body good "flush_tlb_all();" >good.c
echo 'int broken( {' >broken.c
echo 'nop' >asm.s
kernel='"--flushdep-kernel", "-c"'
entry() { echo "{\"directory\": \"$work\", \"file\": \"$1\", \"arguments\": [$2, \"$1\"]}"; }
database() { mkdir -p "$1" && shift_dir=$1 && shift && (IFS=, && echo "[$*]") >"$shift_dir/compile_commands.json"; }
cc="\"$bin/flushdep-clang\""
database both "$(entry bad.c "$cc, $kernel")" "$(entry good.c "$cc, $kernel")" "$(entry asm.s "$cc, \"-c\"")"
database clean "$(entry good.c "$cc, $kernel")"
database broken "$(entry broken.c "$cc, \"-c\"")" "$(entry bad.c "$cc, $kernel")"

# The whole database.
run "$flushdep" check -p both --records=all.jsonl
expect_status 1
expect_err "bad.c:14:2: warning:"
expect_err "[FD001 unflushed-free]"
expect_no_err "good.c"
[[ $(count "$err" 'FD001') == 1 ]] || problem "not one warning"
expect_out "functions: "
expect_out "units: 2 analysed or tried, 0 failed, 0 crashed, 1 not C or C++"
expect_out "findings: 1"
# Nothing is left beside the sources.
[[ -z $(ls ./*.o ./*.fds 2>/dev/null) ]] || problem "the check wrote files"

# The records are the plugin's, fingerprint included.
run "$bin/flushdep-clang" --flushdep-kernel --flushdep-records=plugin.jsonl --flushdep-summary=none -c bad.c
run "$flushdep" report all.jsonl plugin.jsonl
expect_out "found by: static (2 times)"
expect_out "1 finding in 2 files"

# Chosen files, database by file name, several at a time.
run "$flushdep" check -p both/compile_commands.json -j2 good.c
expect_status 0
expect_out "findings: 0"
expect_out "units: 1 analysed"
run "$flushdep" check -pclean -j 1
expect_status 0
run "$flushdep" check -p both bad.c
expect_status 1

# Options of the command count: the rule is off.
database quiet "$(entry bad.c "$cc, \"-Wno-flushdep-unflushed-free\", $kernel")"
run "$flushdep" check -p quiet
expect_status 0
expect_out "findings: 0"
# An error of the command is a finding here, not a failed compile.
database strict "$(entry bad.c "$cc, \"-Werror=flushdep\", \"-Werror\", $kernel")"
run "$flushdep" check -p strict
expect_status 1
expect_out "0 failed"

# A command for gcc, with what clang does not know and what would write files.
echo 'int f(void) { return 1; }' >plain.c
database gcc "$(entry plain.c '"gcc", "-O2", "-fconserve-stack", "-mpreferred-stack-boundary=3", "-fno-allow-store-data-races", "-mrecord-mcount", "-Wp,-MMD,dep.d", "-MD", "-MF", "dep2.d", "-fplugin=none.so", "-fplugin-arg-none-x", "-Werror", "-Wstrange-name", "-o", "plain.o", "-c"')"
run "$flushdep" check -p gcc
expect_status 0
expect_no_err "error"
for file in dep.d dep2.d plain.o; do expect_no_file $file; done

# Bad input: status 3, and the rest is still done.
run "$flushdep" check -p nowhere
expect_status 3
expect_err "compile_commands.json' does not exist"
run "$flushdep" check -p both missing.c bad.c
expect_status 3
expect_err "'missing.c' does not exist"
expect_err "[FD001 unflushed-free]"
run "$flushdep" check -p both broken.c
expect_status 3
expect_err "'broken.c' is not in the compilation database"
run "$flushdep" check -p broken
expect_status 3
expect_err "broken.c:1:"
expect_err "'broken.c' could not be analysed"
expect_err "[FD001 unflushed-free]"
expect_out "1 failed"
mkdir -p empty && echo '[]' >empty/compile_commands.json
run "$flushdep" check -p empty
expect_out "units: 0 analysed"
echo '[{"directory": "/", "file": "x.c"}]' >empty/compile_commands.json
run "$flushdep" check -p empty
expect_status 3
expect_err "empty/compile_commands.json'"
mkdir -p garbage && echo 'garbage' >garbage/compile_commands.json
run "$flushdep" check -p garbage
expect_status 3
run "$flushdep" check -p clean --protocol=missing.yaml
expect_status 3
expect_err "missing.yaml' does not exist"
echo 'nonsense: [' >wrong.yaml
run "$flushdep" check -p clean --protocol=wrong.yaml
expect_status 3
expect_err "wrong.yaml"
run "$flushdep" check -p clean --records=no/such/folder.jsonl
expect_status 3
expect_err "cannot write 'no/such/folder.jsonl'"

# A protocol of the user's is used.
printf 'flushdep-protocol: 1\nfunctions:\n  - name: my_flush\n    effects:\n      - {flush: all}\n' >mine.yaml
body mine "my_flush();" | sed '1a void my_flush(void);' >mine.c
database mine "$(entry mine.c "$cc, $kernel")"
run "$flushdep" check -p mine
expect_status 1
run "$flushdep" check -p mine --protocol=mine.yaml
expect_status 0

# What is believed of a function, and who said so.
run "$flushdep" check -p mine --protocol=mine.yaml --explain-function=my_flush
expect_status 0
expect_err "my_flush"
expect_err "declared by"
expect_err "mine.yaml:3"
expect_err "flush: all"
run "$flushdep" check -p mine --explain-function=my_flush
expect_status 1
expect_err "not declared and without a body here"
run "$flushdep" check -p mine --protocol=mine.yaml --deep --quiet
expect_status 0

# Of a shipped function the shipped file is named, of an attribute the line, and of a body what is
# reached from it.
printf '#include "code.h"\nvoid my_own(void) __attribute__((annotate("flushdep:flush local")));\nvoid outer(struct page *page);\nvoid outer(struct page *page) { my_own(); __free_page(page); }\n' >told.c
database told "$(entry told.c "$cc, $kernel")"
run "$flushdep" check -p told --explain-function=mermap_get --quiet
expect_err "share/flushdep/protocols/mermap.yaml:"
expect_err "map: 1, handle: ret, failure: null"
run "$flushdep" check -p told --explain-function=my_own --quiet
expect_err "told.c:2"
expect_err "flush: local"
run "$flushdep" check -p told --explain-function=outer --quiet
expect_err "told.c:4"

# Many units, several at a time: every one once, in the database's order, whatever -j is, and the
# joined records say for each what was looked at.
entries=()
for i in 1 2 3 4 5 6 7 8; do
  body "many_$i" "$([[ $((i % 2)) == 0 ]] && echo 'flush_tlb_all();')" >many_$i.c
  entries+=("$(entry many_$i.c "$cc, $kernel")")
done
database many "${entries[@]}"
for jobs in 1 3 8; do
  run "$flushdep" check -p many -j $jobs --records=many_$jobs.jsonl
  expect_status 1
  expect_out "functions: "
  expect_out "units: 8 analysed or tried, 0 failed, 0 crashed"
  expect_out "findings: 4"
  # Not on a terminal: no progress.
  expect_no_err "[1/8]"
  order=$(grep -o 'many_[0-9].c:[0-9]*:[0-9]*: warning' <<<"$err" | tr '\n' ' ')
  [[ $jobs == 1 ]] && first=$order
  [[ $order == "$first" && $(wc -w <<<"$order") == 8 ]] || problem "-j $jobs: warnings are '$order'"
  [[ $(count "$(<many_$jobs.jsonl)" '"functions":{"seen":') == 8 ]] || problem "-j $jobs: coverage"
  run "$flushdep" report many_$jobs.jsonl
  expect_status 1
  expect_out "4 findings in 1 file"
done
if command -v script >/dev/null; then
  run script -qec "'$flushdep' check -p many -j 2" /dev/null
  expect_out "[1/8]"
  expect_out "[8/8]"
  run script -qec "'$flushdep' check -p many -j 2 --quiet" /dev/null
  expect_no_out "[1/8]"
fi

# What is too much for the ordinary bounds is said by name, and --deep finds what is in it.
{
  echo '#include "code.h"'
  echo 'void deep(struct page **pages, struct page *page, int *flags);'
  echo 'void deep(struct page **pages, struct page *page, int *flags) {'
  echo '  struct mermap_alloc *map;'
  for i in 0 1 2 3 4 5; do
    echo "  if (flags[$i]) { map = mermap_get(pages[$i], PAGE_SIZE, PAGE_KERNEL); if (map) mermap_put(map); }"
  done
  echo '  map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);'
  echo '  if (map) mermap_put(map);'
  for i in 0 1 2 3 4 5; do echo "  if (flags[$i] > 1) __free_page(pages[$i]);"; done
  echo '  __free_page(page);'
  echo '}'
} >deep.c
database deep "$(entry deep.c "$cc, $kernel")"
run "$flushdep" check -p deep
expect_status 0
expect_out "functions: "
expect_out "1 given up"
expect_out "given up: too many states: deep"
run "$flushdep" check -p deep --deep
expect_status 1
expect_out "0 given up"
expect_err "deep.c:19:3: warning: page 'page' is freed"

# A protocol that nests without end is an error of that file, not a crash.
mkdir plain
echo 'int x;' >plain/x.c
database plain "$(entry plain/x.c "$cc, $kernel")"
printf 'flushdep-protocol: 1\nfunctions: %s' "$(yes '{a: ' | head -n 1000000 | tr -d '\n')" >deep.yaml
run "$flushdep" check -p plain --protocol=deep.yaml
expect_status 3
expect_err "deep.yaml:2:4012: nested deeper than 1000 levels"
expect_no_err "killed by"

# Wrong usage.
run "$flushdep" check bad.c
expect_status 2
expect_err "name the build folder with -p BUILD"
run "$flushdep" check -p
expect_status 2
expect_err "'-p' needs a value"
run "$flushdep" check -p both -j 0
expect_status 2
expect_err "-j takes a number from 1"
run "$flushdep" check -p both --fail-on=all
expect_status 2
run "$flushdep" check -p both --frob
expect_status 2
expect_err "unknown option '--frob'"

finish
