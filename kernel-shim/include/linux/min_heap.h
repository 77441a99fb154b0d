/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/min_heap.h: heaps whose least element is first. */
#ifndef FLUSHDEP_LINUX_MIN_HEAP_H
#define FLUSHDEP_LINUX_MIN_HEAP_H

#include <linux/bug.h>
#include <linux/string.h>
#include <linux/types.h>

/* faithful: an array; elements are compared and swapped by functions of the user. */
#define MIN_HEAP_PREALLOCATED(_type, _name, _nr) \
	struct _name {                           \
		size_t nr;                       \
		size_t size;                     \
		_type *data;                     \
		_type preallocated[_nr];         \
	}
#define DEFINE_MIN_HEAP(_type, _name) MIN_HEAP_PREALLOCATED(_type, _name, 0)
typedef DEFINE_MIN_HEAP(char, min_heap_char) min_heap_char;

struct min_heap_callbacks {
	bool (*less)(const void *lhs, const void *rhs, void *args);
	void (*swp)(void *lhs, void *rhs, void *args);
};

static inline void flushdep_shim_heap_swap(char *a, char *b, size_t elem_size,
					   const struct min_heap_callbacks *func, void *args)
{
	size_t i;

	if (func->swp) {
		func->swp(a, b, args);
		return;
	}
	for (i = 0; i < elem_size; i++) {
		char byte = a[i];

		a[i] = b[i];
		b[i] = byte;
	}
}

static inline void __min_heap_init(min_heap_char *heap, void *data, int size)
{
	heap->nr = 0;
	heap->size = size;
	heap->data = data ?: heap->preallocated;
}

static inline void *__min_heap_peek(struct min_heap_char *heap)
{
	return heap->nr ? heap->data : NULL;
}

static inline bool __min_heap_full(min_heap_char *heap)
{
	return heap->nr == heap->size;
}

static inline void __min_heap_sift_down(min_heap_char *heap, int pos, size_t elem_size,
					const struct min_heap_callbacks *func, void *args)
{
	char *data = heap->data;
	size_t at = pos, child;

	for (; (child = 2 * at + 1) < heap->nr; at = child) {
		if (child + 1 < heap->nr &&
		    func->less(data + (child + 1) * elem_size, data + child * elem_size, args))
			child++;
		if (!func->less(data + child * elem_size, data + at * elem_size, args))
			break;
		flushdep_shim_heap_swap(data + child * elem_size, data + at * elem_size, elem_size,
					func, args);
	}
}

static inline void __min_heap_sift_up(min_heap_char *heap, size_t elem_size, size_t idx,
				      const struct min_heap_callbacks *func, void *args)
{
	char *data = heap->data;

	while (idx && func->less(data + idx * elem_size, data + (idx - 1) / 2 * elem_size, args)) {
		flushdep_shim_heap_swap(data + idx * elem_size, data + (idx - 1) / 2 * elem_size,
					elem_size, func, args);
		idx = (idx - 1) / 2;
	}
}

static inline void __min_heapify_all(min_heap_char *heap, size_t elem_size,
				     const struct min_heap_callbacks *func, void *args)
{
	int i;

	for (i = heap->nr / 2 - 1; i >= 0; i--)
		__min_heap_sift_down(heap, i, elem_size, func, args);
}

static inline bool __min_heap_del(min_heap_char *heap, size_t elem_size, size_t idx,
				  const struct min_heap_callbacks *func, void *args)
{
	char *data = heap->data;

	if (WARN_ONCE(!heap->nr, "min_heap: nothing to take out\n"))
		return false;
	heap->nr--;
	if (idx == heap->nr)
		return true;
	flushdep_shim_heap_swap(data + idx * elem_size, data + heap->nr * elem_size, elem_size,
				func, args);
	__min_heap_sift_up(heap, elem_size, idx, func, args);
	__min_heap_sift_down(heap, idx, elem_size, func, args);
	return true;
}

static inline bool __min_heap_pop(min_heap_char *heap, size_t elem_size,
				  const struct min_heap_callbacks *func, void *args)
{
	return __min_heap_del(heap, elem_size, 0, func, args);
}

static inline bool __min_heap_push(min_heap_char *heap, const void *element, size_t elem_size,
				   const struct min_heap_callbacks *func, void *args)
{
	if (WARN_ONCE(heap->nr >= heap->size, "min_heap: no room for another element\n"))
		return false;
	memcpy(heap->data + heap->nr * elem_size, element, elem_size);
	__min_heap_sift_up(heap, elem_size, heap->nr++, func, args);
	return true;
}

static inline void __min_heap_pop_push(min_heap_char *heap, const void *element, size_t elem_size,
				       const struct min_heap_callbacks *func, void *args)
{
	memcpy(heap->data, element, elem_size);
	__min_heap_sift_down(heap, 0, elem_size, func, args);
}

/* faithful: of a heap of any type. */
#define __minheap_cast(_heap)		   (typeof((_heap)->data[0]) *)
#define __minheap_obj_size(_heap)	   sizeof((_heap)->data[0])
#define min_heap_init(_heap, _data, _size) __min_heap_init((min_heap_char *)(_heap), _data, _size)
#define min_heap_peek(_heap)		   (__minheap_cast(_heap) __min_heap_peek((min_heap_char *)(_heap)))
#define min_heap_full(_heap)		   __min_heap_full((min_heap_char *)(_heap))
#define min_heap_sift_down(_heap, _pos, _func, _args)                                          \
	__min_heap_sift_down((min_heap_char *)(_heap), _pos, __minheap_obj_size(_heap), _func, \
			     _args)
#define min_heap_sift_up(_heap, _idx, _func, _args) \
	__min_heap_sift_up((min_heap_char *)(_heap), __minheap_obj_size(_heap), _idx, _func, _args)
#define min_heapify_all(_heap, _func, _args) \
	__min_heapify_all((min_heap_char *)(_heap), __minheap_obj_size(_heap), _func, _args)
#define min_heap_pop(_heap, _func, _args) \
	__min_heap_pop((min_heap_char *)(_heap), __minheap_obj_size(_heap), _func, _args)
#define min_heap_pop_push(_heap, _element, _func, _args)                                          \
	__min_heap_pop_push((min_heap_char *)(_heap), _element, __minheap_obj_size(_heap), _func, \
			    _args)
#define min_heap_push(_heap, _element, _func, _args) \
	__min_heap_push((min_heap_char *)(_heap), _element, __minheap_obj_size(_heap), _func, _args)
#define min_heap_del(_heap, _idx, _func, _args) \
	__min_heap_del((min_heap_char *)(_heap), __minheap_obj_size(_heap), _idx, _func, _args)

#endif
