/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/sprintf.h: formatting into buffers, with the extensions of linux/printk.h. */
#ifndef FLUSHDEP_LINUX_SPRINTF_H
#define FLUSHDEP_LINUX_SPRINTF_H

#include <linux/compiler.h>
#include <linux/stdarg.h>
#include <linux/types.h>

/* partial: the formats that linux/printk.h names. The libc keeps its own functions of these names.
 */
int snprintf(char *buf, size_t size, const char *fmt, ...) __asm__("flushdep_shim_snprintf")
	__printf(3, 4);
int vsnprintf(char *buf, size_t size, const char *fmt,
	      va_list args) __asm__("flushdep_shim_vsnprintf") __printf(3, 0);
int sprintf(char *buf, const char *fmt, ...) __asm__("flushdep_shim_sprintf") __printf(2, 3);
int scnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args) __printf(3, 0);
char *kasprintf(gfp_t gfp, const char *fmt, ...) __printf(2, 3);
char *kvasprintf(gfp_t gfp, const char *fmt, va_list args) __printf(2, 0);

/* faithful: as the kernel's, without %n$ and %a; a width bounds what is read of a number. */
int sscanf(const char *buf, const char *fmt, ...) __asm__("flushdep_shim_sscanf") __scanf(2, 3);
int vsscanf(const char *buf, const char *fmt,
	    va_list args) __asm__("flushdep_shim_vsscanf") __scanf(2, 0);

#endif
