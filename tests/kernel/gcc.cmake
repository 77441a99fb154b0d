# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# cmake -DCOMPILER= -DFLAGS=a;b -DSOURCES=a;b -DLIBRARIES=a;b -DSCRATCH= -DGLOB= -P gcc.cmake
#
# A KUnit program of several files by another compiler, at each level of optimisation and with unused
# sections dropped: its suites that match GLOB pass on 4 CPUs.

file(MAKE_DIRECTORY ${SCRATCH})
foreach(level -O0 -O2 -O3)
  execute_process(COMMAND ${COMPILER} ${FLAGS} ${level} -ffunction-sections -fdata-sections ${SOURCES}
                          ${LIBRARIES} -Wl,--gc-sections -lpthread -o ${SCRATCH}/program
                  COMMAND_ERROR_IS_FATAL ANY)
  set(ENV{FLUSHDEP_OPTIONS} cpus=4)
  execute_process(COMMAND ${SCRATCH}/program --filter_glob=${GLOB} RESULT_VARIABLE status
                  OUTPUT_VARIABLE out ERROR_VARIABLE err)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${level}: status ${status}\n${out}${err}")
  endif()
endforeach()
