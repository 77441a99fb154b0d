# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The part of scripts/bench that measures loads and stores: kernels that are nothing else, and
# bzip2 and lua (fetched), compiled in several ways; memcheck runs what plain clang made.
# shellcheck shell=bash disable=SC2154 # variables of scripts/bench

access_ways=(plain flushdep asan tsan)

# compile_in WAY FLAGS...: the compiler of a way.
compile_in() {
  local way=$1
  shift
  case $way in
    plain) clang-19 "$@" ;;
    asan) clang-19 -fsanitize=address "$@" ;;
    tsan) clang-19 -fsanitize=thread "$@" ;;
    flushdep) "$build/bin/flushdep-clang" --flushdep-no-static --flushdep-summary=none "$@" ;;
  esac
}

# Makes $made/WAY/kernels; the harness is never instrumented.
make_kernels() {
  local way=$1 main=$made/$1/main.o
  local -a linker=(clang++-19) known=()
  case $way in
    asan) linker+=(-fsanitize=address) ;;
    tsan) linker+=(-fsanitize=thread) ;;
    flushdep) linker=("$build/bin/flushdep-clang++" --flushdep-allow-foreign) known=(-DWITH_FLUSHDEP) ;;
  esac
  clang++-19 -std=c++20 "${shown[@]}" "${known[@]}" -c tests/bench/kernels_bench.cc -o "$main"
  compile_in "$way" "${shown[@]}" -c tests/bench/kernels.c -o "$made/$way/kernels.o"
  "${linker[@]}" "$made/$way/kernels.o" "$main" -lbenchmark -lpthread -o "$made/$way/kernels"
}

# Makes $made/WAY/bzip2 and lua.
make_packages() {
  local way=$1 file
  local -a lua=()
  for file in "$sources"/lua-*/src/*.c; do [[ $file == */luac.c ]] || lua+=("$file"); done
  compile_in "$way" -w "${shown[@]}" -D_FILE_OFFSET_BITS=64 -o "$made/$way/bzip2" \
    "$sources"/bzip2-*/{bzip2,blocksort,huffman,crctable,randtable,compress,decompress,bzlib}.c
  compile_in "$way" -w "${shown[@]}" -std=gnu99 -DLUA_COMPAT_5_3 -DLUA_USE_POSIX \
    "${lua[@]}" -lm -o "$made/$way/lua"
}

# took KEY NAME COMMAND...: the CPU seconds of a command, as a line of the table.
took() {
  local key=$1 name=$2 TIMEFORMAT='%U %S' used
  shift 2
  if ! used=$({ time "$@" >/dev/null 2>&1; } 2>&1); then
    echo "bench: failed: $*" >&2
    exit 1
  fi
  awk -v key="$key" -v name="$name" '{print key, name, $1 + $2}' <<<"$used" >>"$table"
}

# run_kernels KEY SECONDS COMMAND...: each kernel for at least so long.
run_kernels() {
  local key=$1 seconds=$2
  shift 2
  "$@" --benchmark_min_time="$seconds" --benchmark_format=csv 2>/dev/null |
    awk -F, -v key="$key" '/^"/ {gsub(/"/, ""); print key, $1, $4}' >>"$table"
}

run_access() {
  local way
  for way in "${access_ways[@]}"; do
    run_kernels "$way" 0.1 "$made/$way/kernels"
    took "$way" bzip2 "$made/$way/bzip2" -9kc "$made/large"
    took "$way" lua "$made/$way/lua" tests/bench/work.lua 6
  done
  FLUSHDEP_BENCH_INSIDE=1 run_kernels inside 0.1 "$made/flushdep/kernels"
}

# With small inputs, and so is what it is compared with; without debug information, which Debian 12's
# valgrind can not read.
run_memcheck() {
  local -a memcheck=(valgrind -q --tool=memcheck)
  strip -g "$made"/plain/{kernels,bzip2,lua}
  run_kernels plain-small 0.01 "$made/plain/kernels"
  run_kernels memcheck 0.01 "${memcheck[@]}" "$made/plain/kernels"
  took plain-small bzip2 "$made/plain/bzip2" -9kc "$made/small"
  took memcheck bzip2 "${memcheck[@]}" "$made/plain/bzip2" -9kc "$made/small"
  took plain-small lua "$made/plain/lua" tests/bench/work.lua 1
  took memcheck lua "${memcheck[@]}" "$made/plain/lua" tests/bench/work.lua 1
}

bench_access() {
  cmake --build "$build"
  command -v valgrind >/dev/null || "$source_dir/scripts/setup" --bench
  local -a shown=(-O2 -g -fno-omit-frame-pointer "-I$source_dir" "-I$source_dir/runtime/include")
  local turn way made sources
  made=$(mktemp -d)
  sources=$made/sources
  mkdir "$sources"
  # shellcheck source=tests/support/fetch_sources.sh
  source "$source_dir/tests/support/fetch_sources.sh"
  if ! (cd "$sources" && fetch_sources bzip2 lua5.4); then
    echo "bench: the sources cannot be fetched: $(tail -1 "$sources/apt.log")" >&2
    exit 1
  fi
  for way in "${access_ways[@]}"; do
    mkdir "$made/$way"
    make_kernels "$way"
    make_packages "$way"
  done
  cat "$sources"/{bzip2,lua}-*/{,src/}*.[ch] >"$made/small" 2>/dev/null || true
  for turn in 1 2 3 4 5 6 7 8; do cat "$made/small"; done >"$made/large"
  : >"$table"
  for ((turn = 0; turn < runs; turn++)); do run_access; done
  run_memcheck
  rm -rf "$made"
  # The best of each, since what disturbs only adds.
  awk '
    { k = $1 SUBSEP $2; if (!(k in t) || $3 < t[k]) t[k] = $3
      if ($3 > worst[k]) worst[k] = $3
      if (!($2 in seen)) { seen[$2]; name[++count] = $2 } }
    END {
      printf "\nLoads and stores, -O2, as a multiple of clang (best of the turns, CPU time); how far the\n"
      printf "slowest turn of flushdep-clang was from its best; memcheck with a small input:\n"
      columns = split("flushdep asan tsan memcheck inside", ways, " ")
      printf "  %-16s", ""
      for (w = 1; w <= columns; w++) printf " %9s", ways[w]
      printf " %9s\n", "spread"
      for (i = 1; i <= count; i++) {
        printf "  %-16s", name[i]
        for (w = 1; w <= columns; w++) {
          base = ways[w] == "memcheck" ? "plain-small" : "plain"
          if (!((ways[w], name[i]) in t)) { printf " %9s", "-"; continue }
          ratio = t[ways[w], name[i]] / t[base, name[i]]
          sum[w] += log(ratio); n[w]++
          printf " %9.2f", ratio
        }
        printf " %8.0f%%\n", 100 * (worst["flushdep", name[i]] / t["flushdep", name[i]] - 1)
      }
      printf "  %-16s", "geometric mean"
      for (w = 1; w <= columns; w++) printf " %9.2f", exp(sum[w] / n[w])
      printf "\n"
    }' "$table"
}
