/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/const.h: constants that assembler could read too. */
#ifndef FLUSHDEP_LINUX_CONST_H
#define FLUSHDEP_LINUX_CONST_H

/* faithful */
#define _AC(X, Y)  X##Y
#define _AT(T, X)  ((T)(X))
#define _UL(x)	   (_AC(x, UL))
#define _ULL(x)	   (_AC(x, ULL))
#define UL(x)	   (_UL(x))
#define ULL(x)	   (_ULL(x))
#define _BITUL(x)  (_UL(1) << (x))
#define _BITULL(x) (_ULL(1) << (x))

#endif
