# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Part of scripts/kernel-check: what the plugin costs, over every unit of mm/ that this
# configuration builds. The plugin reports its own thread's CPU time (argument `timing`).
# shellcheck shell=bash disable=SC2154

# The limits that `--cost` holds the plugin to, in percent.
max_cpu_percent=3
max_memory_percent=105

# peak_memory COMMAND...: of the process in it that needs most, in KiB. Its messages go to stderr.
peak_memory() {
  python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=sys.stderr)
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

# measure_unit OBJECT: one compile without the plugin and one with it. Appends
# "PLUGIN-MS PROCESS-MS PLAIN-KIB CHECKED-KIB UNIT" to the measurements.
measure_unit() {
  local object=$1 plain checked times
  write_compile_script "$object" "$work/cost/unit.sh"
  plain=$(peak_memory bash "$work/cost/unit.sh" 2>"$work/cost/log") || return
  write_compile_script "$object" "$work/cost/unit.sh" "$kcflags" \
    -fplugin-arg-FlushdepPlugin-timing -fplugin-arg-FlushdepPlugin-summary=none
  checked=$(peak_memory bash "$work/cost/unit.sh" 2>"$work/cost/log") || return
  times=$(awk '/^flushdep: timing:/ { print $(NF - 9), $(NF - 4) }' "$work/cost/log")
  [[ -n $times ]] && echo "$times $plain $checked $object" >>"$work/cost/units"
}

measure_cost() {
  local object units=0
  mkdir -p "$work/cost"
  say "building mm/ with Kbuild for the measurement"
  quietly "$cache/build-mm.log" kernel_make -j"$(nproc)" mm/
  : >"$work/cost/units"
  for object in "$objects"/mm/*.o; do
    object=mm/$(basename "$object")
    [[ -r $kernel/${object%.o}.c && -r $objects/mm/.$(basename "$object").cmd ]] || continue
    measure_unit "$object" || fail "$object could not be measured; see $work/cost/log"
    units=$((units + 1))
  done
  awk -v cpu=$max_cpu_percent -v memory=$max_memory_percent -v units=$units '
    { plugin += $1; process += $2; ratio = $4 / $3; ratios += ratio
      if ($3 > plain) plain = $3
      if ($4 > checked) checked = $4
      if (ratio > worst) { worst = ratio; unit = $5 } }
    END { share = 100 * plugin / process
      printf "mm/: %d units: %.0f ms in the plugin of %.0f ms: %.2f%% (limit %d%%)\n",
        NR, plugin, process, share, cpu
      printf "mm/: peak memory %d KiB without, %d KiB with the plugin: %.3f (limit %.2f); " \
        "mean of the ratios %.3f, largest %.3f (%s)\n",
        plain, checked, checked / plain, memory / 100, ratios / NR, worst, unit
      exit !(NR == units && share <= cpu && checked * 100 <= plain * memory) }' \
    "$work/cost/units" || fail "the cost over mm/"
}
