# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# flushdep_prelink(NAME LIBRARIES... ): one archive with one object, for a
# user's program. The given static libraries and what they need of the unwinder
# are linked into one relocatable object, in which only flushdep_* and
# __flushdep_* stay visible: no clash with the program's own
# libraries, and the toolchain's _Unwind_* are not replaced. The code lies in a section
# of its own (flushdep_text), so that stacks can tell it from the program's.

find_program(FLUSHDEP_LD ld.bfd REQUIRED)
find_program(FLUSHDEP_OBJCOPY objcopy REQUIRED)
execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libgcc_eh.a
  OUTPUT_VARIABLE FLUSHDEP_UNWINDER_A OUTPUT_STRIP_TRAILING_WHITESPACE)

function(flushdep_prelink name)
  set(archive ${CMAKE_BINARY_DIR}/lib/lib${name}.a)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${name}.prelink)
  set(inputs)
  foreach(library ${ARGN})
    list(APPEND inputs $<TARGET_FILE:${library}>)
  endforeach()
  add_custom_command(
    OUTPUT ${archive}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    # Groups are resolved now: a program's copy of the same template must not
    # replace ours, whose symbols become local.
    COMMAND ${FLUSHDEP_LD} -r --force-group-allocation
            -T ${PROJECT_SOURCE_DIR}/scripts/cmake/prelink.ld
            -o ${folder}/whole.o
            --whole-archive ${inputs} --no-whole-archive
            ${FLUSHDEP_UNWINDER_A}
    COMMAND ${FLUSHDEP_OBJCOPY} --wildcard
            --remove-section=.llvm_addrsig --remove-section=.linker-options
            --keep-global-symbol=flushdep_* --keep-global-symbol=__flushdep_*
            ${folder}/whole.o ${folder}/${name}.o
    COMMAND ${CMAKE_COMMAND} -E rm -f ${archive}
    COMMAND ${CMAKE_AR} qc ${archive} ${folder}/${name}.o
    COMMAND ${CMAKE_RANLIB} ${archive}
    DEPENDS ${ARGN} ${PROJECT_SOURCE_DIR}/scripts/cmake/prelink.ld
    COMMENT "Prelinking lib${name}.a"
    VERBATIM)
  add_custom_target(${name} ALL DEPENDS ${archive})
  install(FILES ${archive} DESTINATION lib)
endfunction()
