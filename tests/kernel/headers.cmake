# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# cmake -DCOMPILER= -DFLAGS=a;b -DINCLUDE= -DSCRATCH= -P headers.cmake
#
# Every header compiles alone, and all of them in three shuffled orders (the seed
# is printed, SEED= repeats it).

file(GLOB_RECURSE headers RELATIVE ${INCLUDE} ${INCLUDE}/*.h)
list(LENGTH headers count)
if(count LESS 80)
  message(FATAL_ERROR "only ${count} headers in ${INCLUDE}")
endif()
file(MAKE_DIRECTORY ${SCRATCH})

function(compile name)
  set(text "")
  foreach(header ${ARGN})
    string(APPEND text "#include <${header}>\n")
  endforeach()
  file(WRITE ${SCRATCH}/unit.c "${text}")
  execute_process(COMMAND ${COMPILER} ${FLAGS} -fsyntax-only -I${INCLUDE} ${SCRATCH}/unit.c
                  RESULT_VARIABLE status ERROR_VARIABLE errors)
  if(NOT status EQUAL 0)
    message(SEND_ERROR "${name}:\n${errors}\n${text}")
  endif()
endfunction()

foreach(header IN LISTS headers)
  compile("${header} alone" ${header})
  # Twice is once.
  compile("${header} twice" ${header} ${header})
endforeach()

if(NOT DEFINED SEED)
  string(RANDOM LENGTH 8 ALPHABET 123456789 SEED)
endif()
message(STATUS "${count} headers; orders from seed ${SEED}")
foreach(round 1 2 3)
  # Sorting by a hash of seed and name is a shuffle.
  set(keyed "")
  foreach(header IN LISTS headers)
    string(MD5 key "${SEED}.${round}.${header}")
    list(APPEND keyed "${key} ${header}")
  endforeach()
  list(SORT keyed)
  list(TRANSFORM keyed REPLACE "^[^ ]+ " "")
  compile("order ${round} of seed ${SEED}" ${keyed})
endforeach()
