/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/syscalls.h: system calls, which are plain functions: SYSCALL_DEFINE1(foo, int, a) is
 * long sys_foo(int a). */
#ifndef FLUSHDEP_LINUX_SYSCALLS_H
#define FLUSHDEP_LINUX_SYSCALLS_H

#include <linux/compiler.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/types.h>

/* partial: arguments have their own types at once, not those of registers. */
#define __MAP0(m, ...)
#define __MAP1(m, t, a)	     m(t, a)
#define __MAP2(m, t, a, ...) m(t, a), __MAP1(m, __VA_ARGS__)
#define __MAP3(m, t, a, ...) m(t, a), __MAP2(m, __VA_ARGS__)
#define __MAP4(m, t, a, ...) m(t, a), __MAP3(m, __VA_ARGS__)
#define __MAP5(m, t, a, ...) m(t, a), __MAP4(m, __VA_ARGS__)
#define __MAP6(m, t, a, ...) m(t, a), __MAP5(m, __VA_ARGS__)
#define __MAP(n, ...)	     __MAP##n(__VA_ARGS__)
#define __SC_DECL(t, a)	     t a
#define SYSCALL_DEFINEx(x, name, ...)                     \
	long sys##name(__MAP(x, __SC_DECL, __VA_ARGS__)); \
	long sys##name(__MAP(x, __SC_DECL, __VA_ARGS__))
#define SYSCALL_DEFINE0(name)  \
	long sys_##name(void); \
	long sys_##name(void)
#define SYSCALL_DEFINE1(name, ...) SYSCALL_DEFINEx(1, _##name, __VA_ARGS__)
#define SYSCALL_DEFINE2(name, ...) SYSCALL_DEFINEx(2, _##name, __VA_ARGS__)
#define SYSCALL_DEFINE3(name, ...) SYSCALL_DEFINEx(3, _##name, __VA_ARGS__)
#define SYSCALL_DEFINE4(name, ...) SYSCALL_DEFINEx(4, _##name, __VA_ARGS__)
#define SYSCALL_DEFINE5(name, ...) SYSCALL_DEFINEx(5, _##name, __VA_ARGS__)
#define SYSCALL_DEFINE6(name, ...) SYSCALL_DEFINEx(6, _##name, __VA_ARGS__)
#define SYSCALL_DEFINE_MAXARGS	   6

#endif
