# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# For CMake projects: cmake -DCMAKE_TOOLCHAIN_FILE=PREFIX/share/flushdep/cmake/flushdep-toolchain.cmake
# Objects that were built with another compiler must be rebuilt: use a build folder of its own.
get_filename_component(_flushdep_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(CMAKE_C_COMPILER "${_flushdep_prefix}/bin/flushdep-clang")
set(CMAKE_CXX_COMPILER "${_flushdep_prefix}/bin/flushdep-clang++")
unset(_flushdep_prefix)
