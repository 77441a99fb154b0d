# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# cmake -DARCHIVE= -DOBJECTS=a;b -DFOLDER= -DOBJCOPY= -DAR= -P archive.cmake
#
# Makes ARCHIVE of OBJECTS, whose code moves to the section flushdep_text: so the
# checker tells the shim's frames from the program's. Members stay separate.

set(renames)
foreach(section .text .text.unlikely .text.unlikely. .text.startup .text.hot .text.hot.)
  list(APPEND renames --rename-section ${section}=flushdep_text)
endforeach()

file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER})
set(members)
foreach(object IN LISTS OBJECTS)
  get_filename_component(name ${object} NAME)
  execute_process(COMMAND ${OBJCOPY} --remove-section=.llvm_addrsig ${renames}
                          ${object} ${FOLDER}/${name}
                  COMMAND_ERROR_IS_FATAL ANY)
  list(APPEND members ${FOLDER}/${name})
endforeach()
file(REMOVE ${ARCHIVE})
execute_process(COMMAND ${AR} qcs ${ARCHIVE} ${members} COMMAND_ERROR_IS_FATAL ANY)
