/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/stdarg.h: variable arguments, from the compiler's builtins. */
#ifndef FLUSHDEP_LINUX_STDARG_H
#define FLUSHDEP_LINUX_STDARG_H

/* faithful */
typedef __builtin_va_list va_list;
#define va_start(v, l) __builtin_va_start(v, l)
#define va_end(v)      __builtin_va_end(v)
#define va_arg(v, T)   __builtin_va_arg(v, T)
#define va_copy(d, s)  __builtin_va_copy(d, s)

#endif
