# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# cmake -DDRIVER=flushdep-clang -DSOURCE=guest_memory.c -DSCRATCH= -P driver.cmake
#
# The example through the compiler driver: the correct variant is silent in both
# ways, the other one has one warning and one report, on the same line.

file(MAKE_DIRECTORY ${SCRATCH})

function(build name)
  execute_process(COMMAND ${DRIVER} --flushdep-kernel ${ARGN} ${SOURCE} -o ${SCRATCH}/${name}
                  RESULT_VARIABLE status ERROR_VARIABLE warnings)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${name}: does not build:\n${warnings}")
  endif()
  execute_process(COMMAND ${SCRATCH}/${name} RESULT_VARIABLE status OUTPUT_VARIABLE ktap
                  ERROR_VARIABLE reports)
  set(warnings "${warnings}" PARENT_SCOPE)
  set(reports "${reports}" PARENT_SCOPE)
  set(status "${status}" PARENT_SCOPE)
endfunction()

build(good)
if(NOT "${status}${warnings}${reports}" STREQUAL "0")
  message(FATAL_ERROR "good: status ${status}\n${warnings}\n${reports}")
endif()

build(bad -DGUEST_MEMORY_BUG)
string(REGEX MATCHALL "warning: [^\n]*" all_warnings "${warnings}")
string(REGEX MATCHALL "\nBUG: [^\n]*" all_reports "${reports}")
list(LENGTH all_warnings warning_count)
list(LENGTH all_reports report_count)
if(NOT "${status} ${warning_count} ${report_count}" STREQUAL "66 1 1")
  message(FATAL_ERROR "bad: status ${status}, ${warning_count} warnings, ${report_count} reports:\n"
                      "${warnings}\n${reports}")
endif()
string(REGEX MATCH "guest_memory.c:([0-9]+):[0-9]+: warning: [^\n]*\\[FD001 unflushed-free\\]" _
       "${warnings}")
set(line "${CMAKE_MATCH_1}")
if(NOT line OR NOT reports MATCHES "stack backtrace[^\n]*\n  #0  gmem_populate [^\n]*guest_memory.c:${line}:")
  message(FATAL_ERROR "the report is not at line '${line}' of the warning:\n${reports}")
endif()
