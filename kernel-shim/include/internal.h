/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* internal.h: for files of mm/, which name their neighbour so. */
#include <mm/internal.h>
