/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * linux/slab.h: small allocations.
 *
 * They come from the host's heap, not from pages of the simulated machine:
 * AddressSanitizer and the like see them, virt_to_page() of them is nothing.
 */
#ifndef FLUSHDEP_LINUX_SLAB_H
#define FLUSHDEP_LINUX_SLAB_H

#include <linux/cache.h>
#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/sprintf.h>
#include <linux/types.h>

/* partial: see above; sizes and alignment as the kernel's. */
#define ZERO_SIZE_PTR	      ((void *)16)
#define ZERO_OR_NULL_PTR(x)   ((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)
#define KMALLOC_MAX_SIZE      (1UL << 22)
#define ARCH_KMALLOC_MINALIGN 8
void *kmalloc(size_t size, gfp_t flags) __malloc;
void *kzalloc(size_t size, gfp_t flags) __malloc;
void *kmalloc_array(size_t n, size_t size, gfp_t flags) __malloc;
void *kcalloc(size_t n, size_t size, gfp_t flags) __malloc;
void *__must_check krealloc(const void *p, size_t new_size, gfp_t flags);
size_t ksize(const void *objp);
void kfree(const void *objp);
void kfree_sensitive(const void *objp);
void kfree_bulk(size_t size, void **p);
void *__must_check krealloc_array(void *p, size_t new_n, size_t new_size, gfp_t flags);
#define KMALLOC_MIN_SIZE		  8
#define KMALLOC_MAX_CACHE_SIZE		  (1UL << 13)
#define ARCH_SLAB_MINALIGN		  8
#define kmalloc_size_roundup(size)	  ((size_t)(size))
#define kmalloc_nolock(size, flags, node) kmalloc_node(size, flags, node)
#define kfree_nolock(objp)		  kfree(objp)

/* partial: as above, of any size. */
void *kvmalloc(size_t size, gfp_t flags) __malloc;
void *kvzalloc(size_t size, gfp_t flags) __malloc;
void *kvmalloc_array(size_t n, size_t size, gfp_t flags) __malloc;
void *kvcalloc(size_t n, size_t size, gfp_t flags) __malloc;
void *__must_check kvrealloc(const void *p, size_t new_size, gfp_t flags);
void kvfree(const void *addr);
void kvfree_sensitive(const void *addr, size_t len);
#define kvmalloc_node(size, flags, node) ((void)(node), kvmalloc(size, flags))
#define kvzalloc_node(size, flags, node) ((void)(node), kvzalloc(size, flags))

/* faithful: by type; the flags may be left out. */
#define __default_gfp(a, b, ...) b
#define default_gfp(...)	 __default_gfp(, ##__VA_ARGS__, GFP_KERNEL)
#define kmalloc_obj(P, ...)	 ((typeof(P) *)kmalloc(sizeof(P), default_gfp(__VA_ARGS__)))
#define kzalloc_obj(P, ...)	 ((typeof(P) *)kzalloc(sizeof(P), default_gfp(__VA_ARGS__)))
#define kmalloc_objs(P, COUNT, ...) \
	((typeof(P) *)kmalloc_array((COUNT), sizeof(P), default_gfp(__VA_ARGS__)))
#define kzalloc_objs(P, COUNT, ...) \
	((typeof(P) *)kcalloc((COUNT), sizeof(P), default_gfp(__VA_ARGS__)))
#define kmalloc_flex(P, FAM, COUNT, ...) \
	((typeof(P) *)kmalloc(struct_size_t(typeof(P), FAM, COUNT), default_gfp(__VA_ARGS__)))
#define kzalloc_flex(P, FAM, COUNT, ...) \
	((typeof(P) *)kzalloc(struct_size_t(typeof(P), FAM, COUNT), default_gfp(__VA_ARGS__)))
#define kvmalloc_obj(P, ...) ((typeof(P) *)kvmalloc(sizeof(P), default_gfp(__VA_ARGS__)))
#define kvzalloc_obj(P, ...) ((typeof(P) *)kvzalloc(sizeof(P), default_gfp(__VA_ARGS__)))

/* partial: one node, whose number is not looked at. */
#define kmalloc_node(size, flags, node)		 ((void)(node), kmalloc(size, flags))
#define kzalloc_node(size, flags, node)		 ((void)(node), kzalloc(size, flags))
#define kmalloc_array_node(n, size, flags, node) ((void)(node), kmalloc_array(n, size, flags))
#define kcalloc_node(n, size, flags, node)	 ((void)(node), kcalloc(n, size, flags))

DEFINE_FREE(kfree, void *, if (!IS_ERR_OR_NULL(_T)) kfree(_T))
DEFINE_FREE(kvfree, void *, if (!IS_ERR_OR_NULL(_T)) kvfree(_T))

/* partial: a named size with a constructor; objects are not reused by name. */
#define SLAB_CONSISTENCY_CHECKS 0x00000100U
#define SLAB_RED_ZONE		0x00000400U
#define SLAB_POISON		0x00000800U
#define SLAB_HWCACHE_ALIGN	0x00002000U
#define SLAB_CACHE_DMA		0x00004000U
#define SLAB_STORE_USER		0x00010000U
#define SLAB_RECLAIM_ACCOUNT	0x00020000U
#define SLAB_TEMPORARY		SLAB_RECLAIM_ACCOUNT
#define SLAB_PANIC		0x00040000U
#define SLAB_TYPESAFE_BY_RCU	0x00080000U
#define SLAB_NO_MERGE		0x01000000U
#define SLAB_ACCOUNT		0x04000000U
struct kmem_cache;
struct kmem_cache_args {
	unsigned int align;
	unsigned int useroffset;
	unsigned int usersize;
	unsigned int freeptr_offset;
	bool use_freeptr_offset;
	void (*ctor)(void *object);
};

struct kmem_cache *flushdep_shim_kmem_cache_create(const char *name, unsigned int size,
						   unsigned int align, slab_flags_t flags,
						   void (*ctor)(void *));

static inline struct kmem_cache *
flushdep_shim_kmem_cache_create_args(const char *name, unsigned int size,
				     const struct kmem_cache_args *args, slab_flags_t flags)
{
	return flushdep_shim_kmem_cache_create(name, size, args ? args->align : 0, flags,
					       args ? args->ctor : NULL);
}

/* faithful: with an alignment and a constructor, or with a struct kmem_cache_args. */
#define __flushdep_kmem_cache(a, b, c, d, e, which, ...) which
#define kmem_cache_create(args...)                                   \
	__flushdep_kmem_cache(args, flushdep_shim_kmem_cache_create, \
			      flushdep_shim_kmem_cache_create_args, none)(args)
#define kmem_cache_create_usercopy(name, size, align, flags, useroffset, usersize, ctor) \
	((void)(useroffset), (void)(usersize),                                           \
	 flushdep_shim_kmem_cache_create(name, size, align, flags, ctor))
#define KMEM_CACHE(__struct, __flags)                                       \
	flushdep_shim_kmem_cache_create(#__struct, sizeof(struct __struct), \
					__alignof__(struct __struct), (__flags), NULL)
#define KMEM_CACHE_USERCOPY(__struct, __flags, __field) KMEM_CACHE(__struct, __flags)
void kmem_cache_destroy(struct kmem_cache *s);
void *kmem_cache_alloc(struct kmem_cache *s, gfp_t flags) __malloc;
void *kmem_cache_zalloc(struct kmem_cache *s, gfp_t flags) __malloc;
void kmem_cache_free(struct kmem_cache *s, void *objp);
unsigned int kmem_cache_size(struct kmem_cache *s);
#define kmem_cache_alloc_node(s, flags, node) ((void)(node), kmem_cache_alloc(s, flags))
#define kmem_cache_alloc_lru(s, lru, flags)   ((void)(lru), kmem_cache_alloc(s, flags))

/* faithful: all or none. */
int kmem_cache_alloc_bulk(struct kmem_cache *s, gfp_t flags, size_t nr, void **p);
void kmem_cache_free_bulk(struct kmem_cache *s, size_t nr, void **p);

/* empty: nothing is kept. */
#define kmem_cache_shrink(s) ((void)(s), 0)

#endif
