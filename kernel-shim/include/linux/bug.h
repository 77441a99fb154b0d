/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * linux/bug.h: warnings and dead ends. A warning goes to stderr with its place
 * and fails the KUnit case that it happened in; a BUG ends the case like an
 * oops, or the program.
 */
#ifndef FLUSHDEP_LINUX_BUG_H
#define FLUSHDEP_LINUX_BUG_H

#include <asm/bug.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>

#endif
