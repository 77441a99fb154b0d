# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# cmake -DPROGRAM= [-DARGS=a;b] -DSTATUS= [-DSTDOUT=regex] [-DSTDERR=regex]
#       [-DSILENT=1] [-DGOLDEN=file] -P expect.cmake
#
# Runs PROGRAM and compares its status, and stdout and stderr with regexes. With
# GOLDEN, stdout must be that file; FLUSHDEP_UPDATE_GOLDEN=1 rewrites it. SILENT:
# stderr must be empty.

execute_process(COMMAND ${PROGRAM} ${ARGS} RESULT_VARIABLE status OUTPUT_VARIABLE out
                ERROR_VARIABLE err)
message("${out}${err}")
if(NOT "${status}" STREQUAL "${STATUS}")
  message(FATAL_ERROR "status ${status} instead of ${STATUS}")
endif()
if(DEFINED STDOUT AND NOT out MATCHES "${STDOUT}")
  message(FATAL_ERROR "stdout does not match: ${STDOUT}")
endif()
if(DEFINED STDERR AND NOT err MATCHES "${STDERR}")
  message(FATAL_ERROR "stderr does not match: ${STDERR}")
endif()
if(SILENT AND NOT err STREQUAL "")
  message(FATAL_ERROR "stderr is not empty")
endif()
if(DEFINED GOLDEN)
  # Places are not the test's subject: file names without folders.
  string(REGEX REPLACE "at [^ \n]*/([^/ \n]+:[0-9]+)" "at \\1" out "${out}")
  string(PREPEND out "# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception\n")
  if(DEFINED ENV{FLUSHDEP_UPDATE_GOLDEN})
    file(WRITE ${GOLDEN} "${out}")
  endif()
  file(READ ${GOLDEN} expected)
  if(NOT out STREQUAL expected)
    message(FATAL_ERROR "stdout is not ${GOLDEN}; FLUSHDEP_UPDATE_GOLDEN=1 rewrites it")
  endif()
endif()
