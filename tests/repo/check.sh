#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What must hold for the files of the repository as a whole: check.sh TOP.
set -euo pipefail
cd "$1"
problems=0
complain() { echo "repo: $*" >&2; problems=$((problems + 1)); }

files() { git ls-files --cached --others --exclude-standard 2>/dev/null | while read -r f; do
  [[ -e $f ]] && echo "$f"; done; }
git rev-parse --git-dir >/dev/null 2>&1 || { echo "repo: no git checkout, nothing to check"; exit 0; }

# Formats without comments cannot carry a licence line.
bare='^(LICENSE|CMakePresets\.json|.*\.jsonl|.*\.json|.*/golden/.*)$'
while read -r file; do
  [[ $file =~ $bare ]] && continue
  head -n 5 "$file" | grep -q 'SPDX-License-Identifier: ' || complain "$file: no SPDX line"
done < <(files)

wanted="CMakeLists.txt CMakePresets.json LICENSE README.md checker clang-plugin docs kernel-shim runtime scripts tests"
found=$(files | sed 's|/.*||' | grep -v '^\.' | sort -u | tr '\n' ' ')
[[ ${found% } == "$wanted" ]] || complain "top level is '$found', not '$wanted'"

# Arrows point down: the core knows neither the machine nor Clang, rules print nothing.
if grep -rnE '#include "(runtime|clang-plugin|kernel-shim)/' checker \
  --include='*.h' --include='*.cc' | grep -v '^checker/tool/'; then
  complain "checker/ includes what is above it"
fi
if grep -rnE '#include "(runtime|clang-plugin|kernel-shim|checker/(report/(reporter|text_writer|json_writer)|live))' \
  checker/model checker/rules | grep -v 'model/options.cc'; then
  complain "model/ or rules/ know of output"
fi
if grep -rnE '\b(printf|fprintf|puts|write|std::cout|std::cerr)\(' checker/rules; then
  complain "a rule prints"
fi
if grep -rnE '#include "(clang-plugin|kernel-shim|checker/(model|rules))/' runtime |
  grep -vE 'checker/model/(options|hot|hot_lives|limits|bias)\.h'; then
  complain "runtime/ knows more of the checker than its door"
fi

for script in scripts/setup scripts/demo scripts/test scripts/bench scripts/kernel-check .ci/run; do
  [[ -x $script ]] || complain "$script is not executable"
done
((problems == 0)) || exit 1
echo "repo: all as it should be"
