# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# cmake -DGENERATOR= -DINCLUDE= -DDOCUMENT= -P api_table.cmake
#
# The table between the markers of DOCUMENT is what GENERATOR prints;
# FLUSHDEP_UPDATE_GOLDEN=1 rewrites it.

execute_process(COMMAND ${GENERATOR} ${INCLUDE} RESULT_VARIABLE status OUTPUT_VARIABLE table
                ERROR_VARIABLE errors)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${errors}")
endif()
file(READ ${DOCUMENT} text)
set(begin "<!-- api-table begin -->\n")
set(end "<!-- api-table end -->")
string(FIND "${text}" "${begin}" from)
string(FIND "${text}" "${end}" to)
if(from EQUAL -1 OR to EQUAL -1)
  message(FATAL_ERROR "${DOCUMENT} has no markers for the table")
endif()
string(LENGTH "${begin}" length)
math(EXPR from "${from} + ${length}")
string(SUBSTRING "${text}" 0 ${from} head)
string(SUBSTRING "${text}" ${to} -1 tail)
set(fresh "${head}${table}${tail}")
if(DEFINED ENV{FLUSHDEP_UPDATE_GOLDEN})
  file(WRITE ${DOCUMENT} "${fresh}")
elseif(NOT fresh STREQUAL text)
  message(FATAL_ERROR "${DOCUMENT} is out of date; FLUSHDEP_UPDATE_GOLDEN=1 rewrites its table")
endif()
