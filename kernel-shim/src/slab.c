/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* slab.c: small allocations, from the host's heap. */
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "host.h"

struct kmem_cache {
	const char *name;
	unsigned int size;
	unsigned int align;
	void (*ctor)(void *object);
};

static void *allocate(size_t size, size_t align, gfp_t flags)
{
	void *memory = shim_host_alloc(size, align);

	if (memory && (flags & __GFP_ZERO))
		memset(memory, 0, size);
	return memory;
}

void *kmalloc(size_t size, gfp_t flags)
{
	if (!size)
		return ZERO_SIZE_PTR;
	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	/* Powers of two are naturally aligned. */
	return allocate(
		size, is_power_of_2(size) ? min_t(size_t, size, PAGE_SIZE) : ARCH_KMALLOC_MINALIGN,
		flags);
}

void *kzalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags | __GFP_ZERO);
}

void *kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	return kmalloc(array_size(n, size), flags);
}

void *kcalloc(size_t n, size_t size, gfp_t flags)
{
	return kmalloc_array(n, size, flags | __GFP_ZERO);
}

size_t ksize(const void *objp)
{
	return ZERO_OR_NULL_PTR(objp) ? 0 : shim_host_alloc_size((void *)objp);
}

void kfree(const void *objp)
{
	if (!ZERO_OR_NULL_PTR(objp))
		shim_host_free((void *)objp);
}

void kfree_sensitive(const void *objp)
{
	if (!ZERO_OR_NULL_PTR(objp))
		memzero_explicit((void *)objp, ksize(objp));
	kfree(objp);
}

void *krealloc(const void *p, size_t new_size, gfp_t flags)
{
	void *memory;

	if (!new_size) {
		kfree(p);
		return ZERO_SIZE_PTR;
	}
	memory = kmalloc(new_size, flags);
	if (memory && !ZERO_OR_NULL_PTR(p)) {
		memcpy(memory, p, min_t(size_t, new_size, ksize(p)));
		kfree(p);
	}
	return memory;
}

void *krealloc_array(void *p, size_t new_n, size_t new_size, gfp_t flags)
{
	size_t bytes;

	return check_mul_overflow(new_n, new_size, &bytes) ? NULL : krealloc(p, bytes, flags);
}

void kfree_bulk(size_t size, void **p)
{
	while (size--)
		kfree(p[size]);
}

void *kvmalloc(size_t size, gfp_t flags)
{
	return allocate(size, size >= PAGE_SIZE ? PAGE_SIZE : ARCH_KMALLOC_MINALIGN, flags);
}

void *kvzalloc(size_t size, gfp_t flags)
{
	return kvmalloc(size, flags | __GFP_ZERO);
}

void kvfree(const void *addr)
{
	kfree(addr);
}

void *kvmalloc_array(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	return check_mul_overflow(n, size, &bytes) ? NULL : kvmalloc(bytes, flags);
}

void *kvcalloc(size_t n, size_t size, gfp_t flags)
{
	return kvmalloc_array(n, size, flags | __GFP_ZERO);
}

void *kvrealloc(const void *p, size_t new_size, gfp_t flags)
{
	void *memory = kvmalloc(new_size, flags);

	if (memory && !ZERO_OR_NULL_PTR(p)) {
		memcpy(memory, p, min_t(size_t, new_size, ksize(p)));
		kvfree(p);
	}
	return memory;
}

void kvfree_sensitive(const void *addr, size_t len)
{
	kfree_sensitive(addr);
}

void *__vmalloc(unsigned long size, gfp_t gfp_mask)
{
	return size ? allocate(size, PAGE_SIZE, gfp_mask) : NULL;
}

void *vmalloc(unsigned long size)
{
	return __vmalloc(size, GFP_KERNEL);
}

void *vzalloc(unsigned long size)
{
	return __vmalloc(size, GFP_KERNEL | __GFP_ZERO);
}

void vfree(const void *addr)
{
	kfree(addr);
}

/* --- After a grace period ------------------------------------------------------- */

/* The head's place in the object is not known to a callback. */
struct delayed_free {
	struct rcu_head head;
	const void *object;
};

static void free_delayed(struct rcu_head *head)
{
	struct delayed_free *delayed = container_of(head, struct delayed_free, head);

	kvfree(delayed->object);
	kfree(delayed);
}

void flushdep_shim_kfree_rcu(struct rcu_head *head, const void *ptr)
{
	struct delayed_free *delayed = kmalloc(sizeof(*delayed), GFP_ATOMIC);

	if (!delayed)
		return;
	delayed->object = ptr;
	call_rcu(&delayed->head, free_delayed);
}

void flushdep_shim_kfree_after_rcu(const void *ptr)
{
	if (!ptr)
		return;
	synchronize_rcu();
	kvfree(ptr);
}

/* --- Caches of one size ------------------------------------------------------------ */

struct kmem_cache *flushdep_shim_kmem_cache_create(const char *name, unsigned int size,
						   unsigned int align, slab_flags_t flags,
						   void (*ctor)(void *))
{
	struct kmem_cache *s = kmalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	if (flags & SLAB_HWCACHE_ALIGN)
		align = max(align, 64u);
	s->name = name;
	s->size = size;
	s->align = max(align, 8u);
	s->ctor = ctor;
	return s;
}

void kmem_cache_destroy(struct kmem_cache *s)
{
	kfree(s);
}

void *kmem_cache_alloc(struct kmem_cache *s, gfp_t flags)
{
	void *object = allocate(s->size, s->align, flags);

	if (object && s->ctor)
		s->ctor(object);
	return object;
}

void *kmem_cache_zalloc(struct kmem_cache *s, gfp_t flags)
{
	return kmem_cache_alloc(s, flags | __GFP_ZERO);
}

void kmem_cache_free(struct kmem_cache *s, void *objp)
{
	(void)s;
	kfree(objp);
}

unsigned int kmem_cache_size(struct kmem_cache *s)
{
	return s->size;
}

void kmem_cache_free_bulk(struct kmem_cache *s, size_t nr, void **p)
{
	while (nr--)
		kmem_cache_free(s, p[nr]);
}

int kmem_cache_alloc_bulk(struct kmem_cache *s, gfp_t flags, size_t nr, void **p)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		p[i] = kmem_cache_alloc(s, flags);
		if (!p[i]) {
			kmem_cache_free_bulk(s, i, p);
			return 0;
		}
	}
	return nr;
}
