/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/hashtable.h: arrays of hash chains, their size known from their type. */
#ifndef FLUSHDEP_LINUX_HASHTABLE_H
#define FLUSHDEP_LINUX_HASHTABLE_H

#include <linux/array_size.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/rculist.h>
#include <linux/types.h>

/* faithful */
#define DECLARE_HASHTABLE(name, bits) struct hlist_head name[1 << (bits)]
#define DEFINE_HASHTABLE(name, bits) \
	struct hlist_head name[1 << (bits)] = {[0 ...((1 << (bits)) - 1)] = HLIST_HEAD_INIT}
#define DEFINE_READ_MOSTLY_HASHTABLE(name, bits) DEFINE_HASHTABLE(name, bits)
#define HASH_SIZE(name)				 (ARRAY_SIZE(name))
#define HASH_BITS(name)				 ilog2(HASH_SIZE(name))
#define hash_min(val, bits) \
	(sizeof(val) <= 4 ? hash_32((u32)(val), bits) : hash_long((unsigned long)(val), bits))
#define hash_init(table)	   __hash_init(table, HASH_SIZE(table))
#define hash_empty(table)	   __hash_empty(table, HASH_SIZE(table))
#define hash_add(table, node, key) hlist_add_head(node, &table[hash_min(key, HASH_BITS(table))])
#define hash_add_rcu(table, node, key) \
	hlist_add_head_rcu(node, &table[hash_min(key, HASH_BITS(table))])

static inline void __hash_init(struct hlist_head *table, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < size; i++)
		INIT_HLIST_HEAD(&table[i]);
}

static inline bool __hash_empty(struct hlist_head *table, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < size; i++)
		if (!hlist_empty(&table[i]))
			return false;
	return true;
}

static inline bool hash_hashed(struct hlist_node *node)
{
	return !hlist_unhashed(node);
}

static inline void hash_del(struct hlist_node *node)
{
	hlist_del_init(node);
}

static inline void hash_del_rcu(struct hlist_node *node)
{
	hlist_del_init_rcu(node);
}

/* A loop over the table around one over a chain; a break leaves both, as `obj` is set then. */
#define hash_for_each(table, bkt, obj, member)                                      \
	for ((bkt) = 0, obj = NULL; !obj && (bkt) < (int)HASH_SIZE(table); (bkt)++) \
		hlist_for_each_entry (obj, &table[bkt], member)
#define hash_for_each_rcu(table, bkt, obj, member)                                  \
	for ((bkt) = 0, obj = NULL; !obj && (bkt) < (int)HASH_SIZE(table); (bkt)++) \
	hlist_for_each_entry_rcu(obj, &table[bkt], member)
#define hash_for_each_safe(table, bkt, tmp, obj, member)                            \
	for ((bkt) = 0, obj = NULL; !obj && (bkt) < (int)HASH_SIZE(table); (bkt)++) \
	hlist_for_each_entry_safe(obj, tmp, &table[bkt], member)
#define hash_for_each_possible(table, obj, member, key) \
	hlist_for_each_entry (obj, &table[hash_min(key, HASH_BITS(table))], member)
#define hash_for_each_possible_rcu(table, obj, member, key, cond...) \
	hlist_for_each_entry_rcu(obj, &table[hash_min(key, HASH_BITS(table))], member, ##cond)
#define hash_for_each_possible_rcu_notrace(table, obj, member, key) \
	hash_for_each_possible_rcu(table, obj, member, key)
#define hash_for_each_possible_safe(table, obj, tmp, member, key) \
	hlist_for_each_entry_safe(obj, tmp, &table[hash_min(key, HASH_BITS(table))], member)

#endif
