/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/migrate_mode.h: how hard a migration of pages may try. */
#ifndef FLUSHDEP_LINUX_MIGRATE_MODE_H
#define FLUSHDEP_LINUX_MIGRATE_MODE_H

/* faithful */
enum migrate_mode {
	MIGRATE_ASYNC,
	MIGRATE_SYNC_LIGHT,
	MIGRATE_SYNC,
};

#endif
