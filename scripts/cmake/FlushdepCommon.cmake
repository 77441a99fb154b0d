# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What every part of the build shares: warnings, sanitizers and the kinds of
# library that the contract distinguishes.

set(FLUSHDEP_WARNINGS -Wall -Wextra -Werror)
set(FLUSHDEP_SANITIZE_FLAGS "")
if(FLUSHDEP_SANITIZE)
  set(FLUSHDEP_SANITIZE_FLAGS -fsanitize=${FLUSHDEP_SANITIZE} -fno-sanitize-recover=all)
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# Code of ours: warnings are errors, includes are relative to the top folder.
function(flushdep_own target)
  target_compile_options(${target} PRIVATE ${FLUSHDEP_WARNINGS} ${FLUSHDEP_SANITIZE_FLAGS})
  target_link_options(${target} PRIVATE ${FLUSHDEP_SANITIZE_FLAGS})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
endfunction()

# Code that ends up inside the user's program: no exceptions, no RTTI, nothing
# of the C++ runtime at link time (guards for statics, allocation), hidden symbols and frame
# pointers, so that a C program links it with the C driver. Calls of libc are resolved at the
# program's start: the lazy resolver saves the vector registers on the caller's stack, up to
# 3 KiB of it with AVX-512, which is more than a small thread has left where a report is made.
function(flushdep_embedded target)
  flushdep_own(${target})
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti -fno-threadsafe-statics>
    -fvisibility=hidden -fno-omit-frame-pointer -fno-optimize-sibling-calls
    -fno-asynchronous-unwind-tables -funwind-tables -fno-plt)
endfunction()
