# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Part of scripts/kernel-check: what the plugin costs, over every unit of mm/ that this
# configuration builds. The plugin reports its own thread's CPU time (argument `timing`).
# shellcheck shell=bash disable=SC2154

# The limits that `--cost` holds the plugin to, in percent.
max_cpu_percent=3
max_memory_percent=105

# peak_memory COMMAND...: of the compile that needs most, in KiB.
peak_memory() {
  python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$@"
}

# The recorded command of an object as a script, with more flags.
write_compile_script() {
  local object=$1 script=$2 command
  shift 2
  command=$(compile_command "$object")
  command=${command/"-o $object"/"-o $(printf %q "$work/cost/out.o")"}
  printf 'cd %q && %s %s\n' "$objects" "$command" "$*" >"$script"
}

measure_cost() {
  local object units=0 plain checked
  mkdir -p "$work/cost"
  say "building mm/ with Kbuild for the measurement"
  quietly "$cache/build-mm.log" kernel_make -j"$(nproc)" mm/
  : >"$work/cost/timing"
  for object in "$objects"/mm/*.o; do
    object=mm/$(basename "$object")
    [[ -r $kernel/${object%.o}.c && -r $objects/mm/.$(basename "$object").cmd ]] || continue
    write_compile_script "$object" "$work/cost/unit.sh" "$kcflags" \
      -fplugin-arg-FlushdepPlugin-timing -fplugin-arg-FlushdepPlugin-summary=none
    bash "$work/cost/unit.sh" 2>&1 | grep '^flushdep: timing:' >>"$work/cost/timing" || true
    units=$((units + 1))
  done
  awk -v limit=$max_cpu_percent -v units=$units '
    { plugin += $(NF - 9); process += $(NF - 4) }
    END { share = 100 * plugin / process
      printf "mm/: %d units, %d timed: %.0f ms in the plugin of %.0f ms: %.2f%% (limit %d%%)\n",
        units, NR, plugin, process, share, limit
      exit !(NR == units && share <= limit) }' "$work/cost/timing" || fail "CPU time over mm/"
  write_compile_script mm/memory.o "$work/cost/plain.sh"
  write_compile_script mm/memory.o "$work/cost/checked.sh" "$kcflags"
  plain=$(peak_memory bash "$work/cost/plain.sh")
  checked=$(peak_memory bash "$work/cost/checked.sh")
  echo "mm/memory.c: peak memory $plain KiB without, $checked KiB with the plugin:" \
    "$((checked * 1000 / plain))/1000 (limit $max_memory_percent/100)"
  ((checked * 100 <= plain * max_memory_percent)) || fail "peak memory"
}
