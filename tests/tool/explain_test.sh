#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# flushdep explain: every rule, by id and name.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell_test.sh"
flushdep=$bin/flushdep

run "$flushdep" explain FD001
expect_status 0
expect_out "FD001 unflushed-free (error)"
expect_out "Meaning:"
expect_out "Remedy:"
by_id=$out
run "$flushdep" explain unflushed-free
[[ $out == "$by_id" ]] || problem "another text by name than by id"
longest=$(awk '{if (length > n) n = length} END {print n}' <<<"$out")
((longest <= 80)) || problem "a line of $longest characters"

run "$flushdep" explain list
expect_status 0
expect_out "FD001  unflushed-free"
expect_out "FA004  early-flush"
rules=$(awk '{print $1, $2}' <<<"$out")
[[ $(wc -l <<<"$rules") == $(grep -c '^FLUSHDEP_RULE' "$SOURCE/checker/rules/catalogue.def") ]] ||
  problem "not every rule is listed"
while read -r id name; do
  run "$flushdep" explain "$id"
  expect_status 0
  expect_out "$id $name ("
done <<<"$rules"

run "$flushdep" explain FD001 FD002
expect_out "FD001 unflushed-free"
expect_out "FD002 free-while-mapped"
run "$flushdep" explain FD099
expect_status 2
expect_err "unknown rule 'FD099'"
run "$flushdep" explain unflushd-free
expect_status 2
expect_err "did you mean 'unflushed-free'?"
run "$flushdep" explain --all
expect_status 2
expect_err "unknown option '--all'"


# The manual is made from the catalogue: FLUSHDEP_UPDATE_GOLDEN=1 makes it anew.
run "$flushdep" explain --markdown
expect_status 0
[[ -z ${FLUSHDEP_UPDATE_GOLDEN:-} ]] || cp out "$SOURCE/docs/rules.md" 2>/dev/null ||
  printf '%s\n' "$out" >"$SOURCE/docs/rules.md"
diff <(printf '%s\n' "$out") "$SOURCE/docs/rules.md" >/dev/null ||
  problem "docs/rules.md is not what flushdep explain --markdown says"

finish
