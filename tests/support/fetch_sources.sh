#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#   fetch_sources PACKAGE...   Debian's source packages, unpacked as they came from upstream into the
#                              current folder; false, and the reason in apt.log, if they can't be had
#
# By the system's own keys and servers, with lists of our own.
# shellcheck shell=bash
fetch_sources() {
  mkdir -p apt/parts apt/lists/partial apt/cache/archives/partial sources
  sed 's/^Types: deb$/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >apt/parts/debian.sources
  local options=(-o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$PWD/apt/parts"
    -o "Dir::State::lists=$PWD/apt/lists" -o "Dir::Cache=$PWD/apt/cache" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update >apt.log 2>&1 &&
    (cd sources && apt-get "${options[@]}" source --download-only "$@" >>../apt.log 2>&1) &&
    for archive in sources/*.orig.tar.{gz,xz,bz2}; do
      [[ ! -e $archive ]] || tar -xf "$archive" || return 1
    done
}
