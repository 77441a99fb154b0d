#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# flushdep report: records joined, thresholds, and files that are not as they should be.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell_test.sh"
flushdep=$bin/flushdep
# What a statement behind a pipe finds counts.
shopt -s lastpipe

header() { echo "{\"schema\":1,\"header\":\"flushdep\",\"kind\":\"$1\",\"version\":\"0\",\"program\":\"p\",\"pid\":1,\"cpus\":4}"; }
# record KIND RULE SEVERITY FINGERPRINT EVENTS
record() {
  echo "{\"schema\":1,\"kind\":\"$1\",\"rule\":\"$2\",\"severity\":\"$3\",\"fingerprint\":\"$4\"," \
    "\"message\":\"message of $1\",\"site\":\"/src/a.c:7:2\",\"events\":[${5:-}],\"path\":[],\"count\":1}" | tr -d '\n'
  echo
}
one=0123456789abcdef two=fedcba9876543210
event='{"role":"free","stack":[{"function":"f","file":"/src/a.c","line":7,"column":2,"inlined":false}]}'
put='{"role":"put","stack":[{"module":"/bin/p","offset":4096}]}'

# Nothing found.
header runtime >empty.jsonl
run "$flushdep" report empty.jsonl
expect_status 0
expect_out "0 findings in 1 file"

# Static and runtime with one fingerprint are one finding, with the longer stacks.
{ header static && record static FD001 error $one; } >static.jsonl
{ header runtime && record runtime FD001 error $one "$event,$put" && record runtime FD001 error $one; } >runtime.jsonl
run "$flushdep" report static.jsonl runtime.jsonl
expect_status 1
expect_out "error: message of runtime [FD001 unflushed-free]"
expect_out "found by: static, runtime (2 times)"
expect_out "at: /src/a.c:7:2"
expect_out "    f /src/a.c:7:2"
expect_out "/bin/p+0x1000"
expect_out "1 finding in 2 files"
# With two fingerprints they are two.
{ header static && record static FD001 error $two; } >other.jsonl
run "$flushdep" report other.jsonl runtime.jsonl
expect_out "2 findings in 2 files"
expect_no_out "static, runtime"

# --fail-on, with values above, at and below.
{ header static && record static FD001 possible $one; } >possible.jsonl
{ header runtime && record runtime FA001 advice $two; } >advice.jsonl
for case in "error possible.jsonl 0" "possible possible.jsonl 1" "possible advice.jsonl 0" "advice advice.jsonl 1"; do
  read -r threshold file expected <<<"$case"
  run "$flushdep" report --fail-on=$threshold $file
  expect_status "$expected"
done
run "$flushdep" report possible.jsonl
expect_status 0
run "$flushdep" report --fail-on=sometimes possible.jsonl
expect_status 2
expect_err "--fail-on takes error, possible or advice, not 'sometimes'"
run "$flushdep" report --fail-on
expect_status 2
run "$flushdep" report --nope possible.jsonl
expect_status 2
expect_err "unknown option '--nope'"

# Cut off: named with file and line; what could be read is shown all the same.
head -c $(($(stat -c %s runtime.jsonl) - 20)) runtime.jsonl >cut.jsonl
run "$flushdep" report cut.jsonl
expect_status 3
expect_err "cut.jsonl:3: the line is cut off"
expect_out "1 finding in 1 file"
# A last line without its newline is whole.
head -c $(($(stat -c %s runtime.jsonl) - 1)) runtime.jsonl >whole.jsonl
run "$flushdep" report whole.jsonl
expect_status 1
expect_no_err "cut off"

# The units of a build in one file.
{ header static && record static FD001 error $one && header static | sed 's/"p"/"q"/' && record static FD002 error $two; } >units.jsonl
run "$flushdep" report units.jsonl
expect_status 1
expect_no_err "header"
expect_out "2 findings in 1 file"

# A process that became another program goes on in its file, behind a header of its own.
again() { header runtime | sed "s/\"p\"/\"$1\"/; s/\"pid\":1/\"pid\":$2/"; }
{ header runtime && header runtime && again q 1; } >exec.jsonl
run "$flushdep" report exec.jsonl
expect_status 0
expect_no_err "header"
expect_out "0 findings in 1 file"
{ header runtime && record runtime FD001 error $one && again q 1 && record runtime FD001 error $one; } >exec.jsonl
run "$flushdep" report exec.jsonl
expect_status 1
expect_no_err "header"
expect_out "found by: runtime (2 times)"
# No other process does, and no header is in the middle of another line, or of another schema.
# bad_header TEXT: TEXT is at line 2, and what follows is still shown
bad_header() {
  { header runtime && cat && record runtime FD001 error $one; } >exec.jsonl
  run "$flushdep" report exec.jsonl
  expect_status 3
  expect_err "exec.jsonl:2: $1"
  expect_out "1 finding in 1 file"
}
again p 2 | bad_header "a second header line"
header static | bad_header "a second header line"
header replay | bad_header "a second header line"
again p null | bad_header "a second header line"
again p '"1"' | bad_header "'pid' is the text '1', which no record has"
header dynamic | bad_header "'kind' is 'dynamic'"
header runtime | sed 's/"header":"flushdep"/"header":"other"/' | bad_header "'header' is 'other'"
{ printf '{"schema":1,"kind":"runtime","mess' && header runtime; } | bad_header "no JSON"
header runtime | sed 's/"schema":1/"schema":2/' | bad_header "record of schema 2"
# The runtime's own file.
cat >exec.c <<'END'
#include <flushdep.h>
#include <unistd.h>
int main(int argc, char **argv) {
  flushdep_cpu_current();
  if (argc == 1) execl("/proc/self/exe", argv[0], "again", (char *)0);
  return 0;
}
END
run "$bin/flushdep-clang" --flushdep-summary=none exec.c -o exec
expect_status 0
FLUSHDEP_OPTIONS=log_path=own run ./exec
expect_status 0
run "$flushdep" report own.*.jsonl
expect_status 0
[[ $(grep -c '"header"' own.*.jsonl) == 2 ]] || problem "no two headers"

# bad NAME MESSAGE: the line on stdin, between good ones, gives the message at line 2.
bad() {
  { header static && cat && record static FD002 error $two; } >bad.jsonl
  run "$flushdep" report bad.jsonl
  expect_status 3
  expect_err "bad.jsonl:2: $1"
  expect_out "[FD002 free-while-mapped]"
}
echo 'no json' | bad "no JSON"
echo '[1]' | bad "no JSON object"
echo '{"schema":2,"kind":"static"}' | bad "record of schema 2; this flushdep reads schema 1"
echo '{"schema":1,"kind":"static"}' | bad "no text 'rule'"
record static FD099 error $one | bad "'rule' is 'FD099'"
record static FD001 fatal $one | bad "'severity' is 'fatal'"
record dynamic FD001 error $one | bad "'kind' is 'dynamic'"
record static FD001 error xyz | bad "'fingerprint' is 'xyz'"
header static | bad "a second header line"
# with FIELDS: a good record, but with these instead of its own
with() { record runtime FD001 error $one | sed "s/,\"events\":.*/,$1}/"; }
for value in -5 0 1.5 true '[]' '{"a":1}'; do
  with "\"count\":$value" | bad "'count' is '$value', which no record has"
done
with '"count":"x"' | bad "'count' is the text 'x', which no record has"
for key in pid time cpu mm pfn; do
  with "\"$key\":\"x\"" | bad "'$key' is the text 'x', which no record has"
  with "\"$key\":-1" | bad "'$key' is '-1', which no record has"
done
with '"va":5' | bad "'va' is '5', which no record has"
with '"va":"0xy"' | bad "'va' is '0xy', which no record has"
with '"site":7' | sed 's/"site":"[^"]*",//' | bad "'site' is '7', which no record has"
with '"class":[]' | bad "'class' is '[]', which no record has"
with '"path":["a",1]' | bad "'path' is '[\"a\",1]', which no record has"
with '"events":"x"' | bad "'events' is 'x', which no record has"
with '"events":null' | bad "'events' is 'null', which no record has"
with '"events":[1,{"role":"bogus"}]' | bad "'events' has '1', which no record has"
with '"events":[{"role":"bogus"}]' | bad "'role' is 'bogus', which no record has"
with '"events":[{"role":"free","stack":{}}]' | bad "'stack' is '{}', which no record has"
with '"events":[{"role":"free","stack":["f"]}]' | bad "'stack' has 'f', which no record has"
with '"events":[{"role":"free","stack":[{"line":-7}]}]' | bad "'line' is '-7', which no record has"
with '"events":[{"role":"free","stack":[{"file":7}]}]' | bad "'file' is '7', which no record has"
long=$(printf '%80s' '' | tr ' ' x)
with "\"count\":\"$long\"" | bad "'count' is the text '${long:0:60}...', which no record has"
with '"count":"\\u001b\\n"' | bad "'count' is the text '\x1b\n'"
expect_no_err $'\e'
# What a producer may write: nothing of what does not apply, and large numbers.
{ header runtime && with '"time":null,"pid":null,"cpu":null,"mm":null,"pfn":18446744073709551615,"va":"0xffff","class":"","path":["a"],"count":18446744073709551615' &&
  with '"va":null'; } >sparse.jsonl
run "$flushdep" report sparse.jsonl
expect_status 1
[[ -z $err ]] || problem "a good record is refused"
expect_out "runtime (18446744073709551615 times)"
# Text is shown as text, and cannot look like more lines or steer the terminal.
{ header runtime && with '"events":[{"role":"free","stack":[{"function":"f\\u001bc","file":"a\\nb.c"}]}]' |
  sed 's/message of runtime/a\\u001b[31m\\u0007\\r\\t\\u007f\\u009b1m\\nerror: forged \\u00e9/; s|/src/a.c:7:2|a.c\\nb:1:1|'; } >forged.jsonl
run "$flushdep" report forged.jsonl
expect_status 1
expect_out 'error: a\x1b[31m\x07\r\t\x7f\u009b1m\nerror: forged é [FD001'
expect_out 'at: a.c\nb:1:1'
expect_out 'f\x1bc a\nb.c'
[[ $(count "$out" '^error: ') == 1 ]] || problem "a line is forged"
# deep N: N opening brackets
deep() { printf "%$1s" "" | tr ' ' '['; }
for start in '{"schema":1,"kind":"runtime","a":' '{"schema":1,"header":"flushdep","a":{"b":' ''; do
  { printf '%s' "$start" && deep 1000000 && echo; } | bad "nested deeper than 64 levels"
done
{ printf '{"schema":1,"a":"\\"[\\\\",' && printf '"b":' && deep 1000000 && echo; } | bad "nested deeper than 64 levels"
# Brackets in text are text, also behind an escaped quote.
{ header static && record static FD001 error $one | sed "s/message of static/\\\\\"$(deep 200){$(deep 100)\\\\\\\\/"; } >text.jsonl
run "$flushdep" report text.jsonl
expect_status 1
expect_out "[[[[{[[[["
expect_out "1 finding in 1 file"

record static FD001 error $one >headless.jsonl
run "$flushdep" report headless.jsonl
expect_status 3
expect_err "headless.jsonl:1: the header line is missing"
expect_out "1 finding"
: >nothing.jsonl
run "$flushdep" report nothing.jsonl
expect_status 3
expect_err "nothing.jsonl:1: the file is empty"
run "$flushdep" report missing.jsonl static.jsonl
expect_status 3
expect_err "missing.jsonl: cannot be read: No such file or directory"
expect_out "1 finding"

# Summaries.
cat >a.o.fds <<'END'
{"schema":1,"unit":"a.c","functions":{"seen":5,"relevant":3,"analysed":2,
 "given_up":[{"function":"f","reason":"too many paths"}]},"findings":0,
 "ignored":[{"rule":"FD001","why":"batched","where":"a.c:9"}]}
END
run "$flushdep" report a.o.fds a.o.fds
expect_status 0
expect_out "functions: 10 seen, 6 relevant, 4 analysed, 2 given up"
expect_out "given up: too many paths: f, f"
expect_out "silenced: a.c:9: FD001: batched"
sed 's/too many paths/a\\nb\\u001b/; s/batched/c\\u0007/' a.o.fds >forged.o.fds
run "$flushdep" report forged.o.fds
expect_out 'given up: a\nb\x1b: f'
expect_out 'FD001: c\x07'
echo '{}' >b.o.fds
run "$flushdep" report a.o.fds b.o.fds
expect_status 3
expect_err "b.o.fds:1: no summary of the plugin"
expect_out "functions: 5 seen"
{ printf '{"schema":1,"functions":' && deep 1000000; } >deep.o.fds
run "$flushdep" report deep.o.fds a.o.fds
expect_status 3
expect_err "deep.o.fds:1: no summary of the plugin"
expect_out "functions: 5 seen"
expect_out "no summary: deep.o.fds"
# A compiler that adds to such a file leaves the line alone.
echo 'int x;' >unit.c
{ printf '{"schema":1,"header":"flushdep","a":' && deep 1000000 && echo; } >added.jsonl
run "$bin/flushdep-clang" --flushdep-summary=none --flushdep-records="$work/added.jsonl" -c unit.c
expect_status 0
[[ $(tail -n 1 added.jsonl) == *unit.c* ]] || problem "the unit's header is not there"

finish
