/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* seq_file.c: text into a buffer. */
#include <linux/minmax.h>
#include <linux/seq_file.h>
#include <linux/sprintf.h>
#include <linux/string.h>

int seq_write(struct seq_file *m, const void *data, size_t len)
{
	size_t fits = min(len, m->size - m->count);

	memcpy(m->buf + m->count, data, fits);
	m->count += fits;
	return fits < len ? -1 : 0;
}

void seq_puts(struct seq_file *m, const char *s)
{
	seq_write(m, s, strlen(s));
}

void seq_putc(struct seq_file *m, char c)
{
	seq_write(m, &c, 1);
}

void seq_vprintf(struct seq_file *m, const char *fmt, va_list args)
{
	int len = vsnprintf(m->buf + m->count, m->size - m->count, fmt, args);

	m->count = min(m->size, m->count + len);
}

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	seq_vprintf(m, fmt, args);
	va_end(args);
}
