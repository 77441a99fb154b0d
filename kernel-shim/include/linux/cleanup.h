/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/cleanup.h: actions at the end of a scope. */
#ifndef FLUSHDEP_LINUX_CLEANUP_H
#define FLUSHDEP_LINUX_CLEANUP_H

#include <linux/compiler.h>
#include <linux/types.h>

/* faithful */
#define DEFINE_FREE(_name, _type, _free)                    \
	static __always_inline void __free_##_name(void *p) \
	{                                                   \
		_type _T = *(_type *)p;                     \
		_free;                                      \
	}
#define __free(_name) __cleanup(__free_##_name)
#define no_free_ptr(p)                    \
	({                                \
		typeof(p) *__nfp = &(p);  \
		typeof(p) __val = *__nfp; \
		*__nfp = (typeof(p))0;    \
		__val;                    \
	})
#define return_ptr(p)	       return no_free_ptr(p)
#define retain_and_null_ptr(p) ((void)no_free_ptr(p))

#define DEFINE_CLASS(_name, _type, _exit, _init, _init_args...)              \
	typedef _type class_##_name##_t;                                     \
	static __always_inline void class_##_name##_destructor(_type *p)     \
	{                                                                    \
		_type _T = *p;                                               \
		_exit;                                                       \
	}                                                                    \
	static __always_inline _type class_##_name##_constructor(_init_args) \
	{                                                                    \
		_type t = _init;                                             \
		return t;                                                    \
	}
#define CLASS(_name, var) \
	class_##_name##_t var __cleanup(class_##_name##_destructor) = class_##_name##_constructor

#define DEFINE_GUARD(_name, _type, _lock, _unlock)                                   \
	DEFINE_CLASS(                                                                \
		_name, _type, if (_T) { _unlock; }, ({                               \
			_lock;                                                       \
			_T;                                                          \
		}),                                                                  \
		_type _T)                                                            \
	static __always_inline void *class_##_name##_lock_ptr(class_##_name##_t *_T) \
	{                                                                            \
		return (void *)(unsigned long)*_T;                                   \
	}
#define DEFINE_GUARD_COND(_name, _ext, _condlock)                                          \
	typedef class_##_name##_t class_##_name##_ext##_t;                                 \
	static __always_inline void class_##_name##_ext##_destructor(class_##_name##_t *p) \
	{                                                                                  \
		class_##_name##_destructor(p);                                             \
	}                                                                                  \
	static __always_inline class_##_name##_t class_##_name##_ext##_constructor(        \
		class_##_name##_t _T)                                                      \
	{                                                                                  \
		return _condlock ? _T : (class_##_name##_t)0;                              \
	}                                                                                  \
	static __always_inline void *class_##_name##_ext##_lock_ptr(class_##_name##_t *_T) \
	{                                                                                  \
		return class_##_name##_lock_ptr(_T);                                       \
	}
#define guard(_name)	   CLASS(_name, __UNIQUE_ID(guard))
#define __guard_ptr(_name) class_##_name##_lock_ptr

/* faithful: the body runs once, or not at all where a conditional lock was not got. */
#define __scoped_guard(_name, _scope, _done, args...)                                          \
	for (CLASS(_name, _scope)(args), *_done = NULL; !_done && __guard_ptr(_name)(&_scope); \
	     _done = (void *)1)
#define scoped_guard(_name, args...) \
	__scoped_guard(_name, __UNIQUE_ID(scope), __UNIQUE_ID(done), args)

/* faithful: `_fail` is a statement, for where the lock was not got. */
#define __scoped_cond_guard(_name, _fail, _scope, _done, args...)                  \
	for (CLASS(_name, _scope)(args), *_done = NULL; !_done; _done = (void *)1) \
		if (!__guard_ptr(_name)(&_scope)) {                                \
			_fail;                                                     \
		} else
#define scoped_cond_guard(_name, _fail, args...) \
	__scoped_cond_guard(_name, _fail, __UNIQUE_ID(scope), __UNIQUE_ID(done), args)

/* partial: the error of a lock that was not got is -EBUSY, as of all that only try. */
#define ACQUIRE(_name, _var)	 CLASS(_name, _var)
#define ACQUIRE_ERR(_name, _var) (__guard_ptr(_name)(_var) ? 0 : -16)

/* faithful: a class with another constructor. */
#define EXTEND_CLASS(_name, ext, _init, _init_args...)                                        \
	typedef class_##_name##_t class_##_name##ext##_t;                                     \
	static __always_inline void class_##_name##ext##_destructor(class_##_name##_t *p)     \
	{                                                                                     \
		class_##_name##_destructor(p);                                                \
	}                                                                                     \
	static __always_inline class_##_name##_t class_##_name##ext##_constructor(_init_args) \
	{                                                                                     \
		class_##_name##_t t = _init;                                                  \
		return t;                                                                     \
	}

/* faithful */
#define DEFINE_LOCK_GUARD_1(_name, _type, _lock, _unlock, ...)                         \
	typedef struct {                                                               \
		_type *lock;                                                           \
		__VA_ARGS__;                                                           \
	} class_##_name##_t;                                                           \
	static __always_inline void class_##_name##_destructor(class_##_name##_t *_T)  \
	{                                                                              \
		if (_T->lock) {                                                        \
			_unlock;                                                       \
		}                                                                      \
	}                                                                              \
	static __always_inline void *class_##_name##_lock_ptr(class_##_name##_t *_T)   \
	{                                                                              \
		return (void *)_T->lock;                                               \
	}                                                                              \
	static __always_inline class_##_name##_t class_##_name##_constructor(_type *l) \
	{                                                                              \
		class_##_name##_t _t = {.lock = l}, *_T = &_t;                         \
		_lock;                                                                 \
		return _t;                                                             \
	}
#define DEFINE_LOCK_GUARD_1_COND(_name, _ext, _condlock)                                   \
	typedef class_##_name##_t class_##_name##_ext##_t;                                 \
	static __always_inline void class_##_name##_ext##_destructor(class_##_name##_t *p) \
	{                                                                                  \
		class_##_name##_destructor(p);                                             \
	}                                                                                  \
	static __always_inline class_##_name##_t class_##_name##_ext##_constructor(        \
		typeof(((class_##_name##_t *)0)->lock) l)                                  \
	{                                                                                  \
		class_##_name##_t _t = {.lock = l}, *_T = &_t;                             \
		if (_T->lock && !(_condlock))                                              \
			_T->lock = (void *)0;                                              \
		return _t;                                                                 \
	}                                                                                  \
	static __always_inline void *class_##_name##_ext##_lock_ptr(class_##_name##_t *_T) \
	{                                                                                  \
		return class_##_name##_lock_ptr(_T);                                       \
	}
#define DEFINE_LOCK_GUARD_0(_name, _lock, _unlock, ...)                               \
	typedef struct {                                                              \
		void *lock;                                                           \
		__VA_ARGS__;                                                          \
	} class_##_name##_t;                                                          \
	static __always_inline void class_##_name##_destructor(class_##_name##_t *_T) \
	{                                                                             \
		if (_T->lock) {                                                       \
			_unlock;                                                      \
		}                                                                     \
	}                                                                             \
	static __always_inline void *class_##_name##_lock_ptr(class_##_name##_t *_T)  \
	{                                                                             \
		return _T->lock;                                                      \
	}                                                                             \
	static __always_inline class_##_name##_t class_##_name##_constructor(void)    \
	{                                                                             \
		class_##_name##_t _t = {.lock = (void *)1}, *_T __maybe_unused = &_t; \
		_lock;                                                                \
		return _t;                                                            \
	}

#endif
