#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# scripts/setup and the other scripts' usage: no package is touched here.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell_test.sh"
setup=$SOURCE/scripts/setup

run "$setup" --list
expect_status 0
expect_out "clang-19"
base=$(wc -l <<<"$out")
run "$setup" --kernel --list
expect_out "linux-source-6.12"
(($(wc -l <<<"$out") > base)) || problem "--kernel adds nothing"
[[ -z $(sort <<<"$out" | uniq -d) ]] || problem "a package is listed twice"
run "$setup" --frob
expect_status 2
expect_err "unknown option '--frob'"

# Someone who is not root, on a machine where everything is missing.
mkdir -p fake
printf '#!/bin/sh\nexit 1\n' >fake/dpkg-query
printf '#!/bin/sh\necho "apt-get was called" >&2\nexit 1\n' >fake/apt-get
printf '#!/bin/sh\nexit 1\n' >fake/sudo
printf '#!/bin/sh\nexit 0\n' >fake/sleep
chmod +x fake/*
if command -v setpriv >/dev/null && ((EUID == 0)); then
  chmod 755 "$work" # for the other user
  cp "$setup" setup
  run env PATH="$work/fake:$PATH" setpriv --reuid=65534 --regid=65534 --clear-groups bash ./setup
  expect_status 3
  expect_err "these packages are missing, and installing them needs root"
  expect_err "clang-19"
  expect_err "apt-get install --no-install-recommends"
  expect_no_err "apt-get was called"
  # Root, with a mirror that is down: three tries, then a clear end.
  run env PATH="$work/fake:$PATH" "$setup"
  expect_status 1
  [[ $(count "$err" "apt-get was called") == 3 ]] || problem "not three tries"
  expect_err "is the network or the package mirror down?"
fi
# Everything is there: nothing is called.
printf '#!/bin/sh\nprintf installed\n' >fake/dpkg-query
run env PATH="$work/fake:$PATH" "$setup"
expect_status 0
expect_out "packages are installed"

for script in demo test kernel-check; do
  run "$SOURCE/scripts/$script" --frob
  expect_status 2
  expect_err "unknown option '--frob'"
  run "$SOURCE/scripts/$script" --help
  expect_status 0
done

finish
