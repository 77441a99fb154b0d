/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/export.h: exports to modules. */
#ifndef FLUSHDEP_LINUX_EXPORT_H
#define FLUSHDEP_LINUX_EXPORT_H

#include <linux/compiler.h>

struct module;

/* empty: one program, every symbol is in reach. */
#define EXPORT_SYMBOL(sym)			 extern typeof(sym) sym
#define EXPORT_SYMBOL_GPL(sym)			 extern typeof(sym) sym
#define EXPORT_SYMBOL_NS(sym, ns)		 extern typeof(sym) sym
#define EXPORT_SYMBOL_NS_GPL(sym, ns)		 extern typeof(sym) sym
#define EXPORT_SYMBOL_FOR_MODULES(sym, mods)	 extern typeof(sym) sym
#define EXPORT_SYMBOL_GPL_FOR_MODULES(sym, mods) extern typeof(sym) sym
#define EXPORT_SYMBOL_FOR_KVM(sym)		 extern typeof(sym) sym
#define EXPORT_SYMBOL_FOR_KVM_INTERNAL(sym)	 extern typeof(sym) sym
#define THIS_MODULE				 ((struct module *)0)

#endif
