/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/seq_file.h: text that a file is read as. */
#ifndef FLUSHDEP_LINUX_SEQ_FILE_H
#define FLUSHDEP_LINUX_SEQ_FILE_H

#include <linux/fs.h>
#include <linux/printk.h>
#include <linux/types.h>

/* partial: a buffer, which who calls `show` brings; what does not fit is cut. */
struct seq_file {
	char *buf;
	size_t size;
	size_t count;
	void *private;
};

struct seq_operations {
	void *(*start)(struct seq_file *m, loff_t *pos);
	void (*stop)(struct seq_file *m, void *v);
	void *(*next)(struct seq_file *m, void *v, loff_t *pos);
	int (*show)(struct seq_file *m, void *v);
};

#define SEQ_SKIP	1
#define SEQ_START_TOKEN ((void *)1)
void seq_printf(struct seq_file *m, const char *fmt, ...) __printf(2, 3);
void seq_vprintf(struct seq_file *m, const char *fmt, va_list args) __printf(2, 0);
void seq_puts(struct seq_file *m, const char *s);
void seq_putc(struct seq_file *m, char c);
int seq_write(struct seq_file *m, const void *data, size_t len);

static inline bool seq_has_overflowed(struct seq_file *m)
{
	return m->count == m->size;
}

/* empty: no file is opened. */
#define DEFINE_SHOW_ATTRIBUTE(name)                                        \
	static const struct file_operations name##_fops __maybe_unused = { \
		.owner = (void *)name##_show}
#define DEFINE_SHOW_STORE_ATTRIBUTE(name) DEFINE_SHOW_ATTRIBUTE(name)
#define DEFINE_SEQ_ATTRIBUTE(name)                                         \
	static const struct file_operations name##_fops __maybe_unused = { \
		.owner = (void *)&name##_sops}

#endif
