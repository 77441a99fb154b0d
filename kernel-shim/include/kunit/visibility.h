/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* kunit/visibility.h: symbols that only tests see. */
#ifndef FLUSHDEP_KUNIT_VISIBILITY_H
#define FLUSHDEP_KUNIT_VISIBILITY_H

/* faithful: as with CONFIG_KUNIT=y. */
#define VISIBLE_IF_KUNIT
#define EXPORT_SYMBOL_IF_KUNIT(symbol) extern typeof(symbol) symbol

#endif
