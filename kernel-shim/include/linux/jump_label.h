/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/jump_label.h: branches that are seldom changed. */
#ifndef FLUSHDEP_LINUX_JUMP_LABEL_H
#define FLUSHDEP_LINUX_JUMP_LABEL_H

#include <linux/atomic.h>
#include <linux/types.h>

/* partial: a counter that is read; no code is patched. */
struct static_key {
	atomic_t enabled;
};

struct static_key_true {
	struct static_key key;
};

struct static_key_false {
	struct static_key key;
};

#define STATIC_KEY_INIT_TRUE		 {.enabled = ATOMIC_INIT(1)}
#define STATIC_KEY_INIT_FALSE		 {.enabled = ATOMIC_INIT(0)}
#define STATIC_KEY_INIT			 STATIC_KEY_INIT_FALSE
#define STATIC_KEY_TRUE_INIT		 ((struct static_key_true){.key = STATIC_KEY_INIT_TRUE})
#define STATIC_KEY_FALSE_INIT		 ((struct static_key_false){.key = STATIC_KEY_INIT_FALSE})
#define DEFINE_STATIC_KEY_TRUE(name)	 struct static_key_true name = {.key = STATIC_KEY_INIT_TRUE}
#define DEFINE_STATIC_KEY_TRUE_RO(name)	 DEFINE_STATIC_KEY_TRUE(name)
#define DEFINE_STATIC_KEY_FALSE(name)	 struct static_key_false name = {.key = STATIC_KEY_INIT_FALSE}
#define DEFINE_STATIC_KEY_FALSE_RO(name) DEFINE_STATIC_KEY_FALSE(name)
#define DECLARE_STATIC_KEY_TRUE(name)	 extern struct static_key_true name
#define DECLARE_STATIC_KEY_FALSE(name)	 extern struct static_key_false name
#define DEFINE_STATIC_KEY_ARRAY_TRUE(name, count) \
	struct static_key_true name[count] = {[0 ...(count) - 1] = {.key = STATIC_KEY_INIT_TRUE}}
#define DEFINE_STATIC_KEY_ARRAY_FALSE(name, count) struct static_key_false name[count]
#define __flushdep_key_kind_1(what, args...)	   what##_TRUE(args)
#define __flushdep_key_kind_0(what, args...)	   what##_FALSE(args)
#define __flushdep_key_kind(on, what, args...)	   __PASTE(__flushdep_key_kind_, on)(what, args)
#define DEFINE_STATIC_KEY_MAYBE(cfg, name) \
	__flushdep_key_kind(IS_ENABLED(cfg), DEFINE_STATIC_KEY, name)
#define DECLARE_STATIC_KEY_MAYBE(cfg, name) \
	__flushdep_key_kind(IS_ENABLED(cfg), DECLARE_STATIC_KEY, name)

/* faithful: counts, as the kernel does. */
static inline int static_key_count(struct static_key *key)
{
	return atomic_read(&key->enabled);
}

static inline bool static_key_false(struct static_key *key)
{
	return unlikely(static_key_count(key) > 0);
}

static inline bool static_key_true(struct static_key *key)
{
	return likely(static_key_count(key) > 0);
}

static inline void static_key_slow_inc(struct static_key *key)
{
	atomic_inc(&key->enabled);
}

static inline void static_key_slow_dec(struct static_key *key)
{
	atomic_dec(&key->enabled);
}

static inline void static_key_enable(struct static_key *key)
{
	atomic_set(&key->enabled, 1);
}

static inline void static_key_disable(struct static_key *key)
{
	atomic_set(&key->enabled, 0);
}

/* Of a struct static_key itself, or of one in a struct for a default. */
#define __flushdep_key(x)		    ((struct static_key *)(void *)(x))
#define static_key_enabled(x)		    (static_key_count(__flushdep_key(x)) > 0)
#define static_branch_likely(x)		    likely(static_key_enabled(&(x)->key))
#define static_branch_unlikely(x)	    unlikely(static_key_enabled(&(x)->key))
#define static_branch_maybe(config, x)	    static_key_enabled(&(x)->key)
#define static_branch_inc(x)		    static_key_slow_inc(&(x)->key)
#define static_branch_dec(x)		    static_key_slow_dec(&(x)->key)
#define static_branch_enable(x)		    static_key_enable(&(x)->key)
#define static_branch_disable(x)	    static_key_disable(&(x)->key)
#define static_branch_enable_cpuslocked(x)  static_key_enable(&(x)->key)
#define static_branch_disable_cpuslocked(x) static_key_disable(&(x)->key)

#endif
