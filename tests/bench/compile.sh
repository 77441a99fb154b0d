# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The part of scripts/bench that measures how long compiling takes.
# shellcheck shell=bash disable=SC2154 # variables of scripts/bench

# CPU seconds of a compile, as a line "WAY FILE SECONDS" of the table.
compile_time() {
  local way=$1 file=$2 TIMEFORMAT='%U %S' used
  shift 2
  if ! used=$({ time "$@" -w -c "$file" -o "$sources/object.o" >/dev/null 2>&1; } 2>&1); then
    echo "bench: $file does not compile: $*" >&2
    exit 1
  fi
  echo "$way $file $used" >>"$table"
}

bench_compile() {
  local turn file flags clang=/usr/lib/llvm-19/bin/clang ours=$build/bin/flushdep-clang
  local -a shown=(-g -fno-omit-frame-pointer -fno-optimize-sibling-calls)
  sources=$(mktemp -d)
  # shellcheck source=tests/support/fetch_sources.sh
  source "$source_dir/tests/support/fetch_sources.sh"
  if ! (cd "$sources" && fetch_sources bzip2 zlib lua5.4); then
    echo "bench: the sources cannot be fetched: $(tail -1 "$sources/apt.log")" >&2
    exit 1
  fi
  : >"$table"
  for ((turn = 0; turn < runs; turn++)); do
    for file in "$sources"/bzip2-*/*.c "$sources"/zlib-*/*.c "$sources"/lua-*/src/*.c; do
      case $file in
        */bzip2-*) flags=(-O2 -D_FILE_OFFSET_BITS=64) ;;
        */zlib-*) flags=(-O3 -D_LARGEFILE64_SOURCE=1 -DHAVE_HIDDEN -DHAVE_UNISTD_H -DHAVE_STDARG_H) ;;
        *) flags=(-O2 -std=gnu99 -DLUA_COMPAT_5_3 -DLUA_USE_LINUX) ;;
      esac
      compile_time plain "$file" "$clang" "${flags[@]}"
      compile_time shown "$file" "$clang" "${shown[@]}" "${flags[@]}"
      compile_time asan "$file" "$clang" "${shown[@]}" -fsanitize=address "${flags[@]}"
      compile_time static "$file" "$ours" --flushdep-summary=none --flushdep-no-instrument "${flags[@]}"
      compile_time ours "$file" "$ours" --flushdep-summary=none "${flags[@]}"
    done
  done
  rm -rf "$sources"
  awk '
    { t = $3 + $4; k = $1 " " $2; if (!(k in best) || t < best[k]) best[k] = t }
    END {
      for (k in best) { split(k, part, " "); sum[part[1]] += best[k]; n[part[1]]++ }
      printf "\nCompiling %d files of bzip2, zlib and lua (CPU time, best of the turns): s, times clang with the\n", n["ours"]
      printf "same -g and frame pointers, times clang without\n"
      split("plain shown static ours asan", ways, " ")
      name["plain"] = "clang"; name["shown"] = "clang -g -fno-omit-frame-pointer ..."
      name["static"] = "flushdep-clang, analysis alone"; name["ours"] = "flushdep-clang"
      name["asan"] = "clang -g ... -fsanitize=address"
      for (i = 1; i <= 5; i++)
        printf "  %-40s %6.2f  %5.2f  %5.2f\n", name[ways[i]], sum[ways[i]], \
               sum[ways[i]] / sum["shown"], sum[ways[i]] / sum["plain"]
    }' "$table"
}
