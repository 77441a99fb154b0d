/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/mmap_lock.h: the lock of an mm's areas. */
#ifndef FLUSHDEP_LINUX_MMAP_LOCK_H
#define FLUSHDEP_LINUX_MMAP_LOCK_H

#include <linux/cleanup.h>
#include <linux/mm_types.h>
#include <linux/rwsem.h>

/* partial: as linux/rwsem.h. */
static inline void mmap_read_lock(struct mm_struct *mm)
{
	down_read(&mm->mmap_lock);
}

static inline void mmap_read_unlock(struct mm_struct *mm)
{
	up_read(&mm->mmap_lock);
}

static inline bool mmap_read_trylock(struct mm_struct *mm)
{
	return down_read_trylock(&mm->mmap_lock);
}

static inline void mmap_write_lock(struct mm_struct *mm)
{
	down_write(&mm->mmap_lock);
}

static inline void mmap_write_unlock(struct mm_struct *mm)
{
	up_write(&mm->mmap_lock);
}

static inline int mmap_read_lock_killable(struct mm_struct *mm)
{
	return down_read_killable(&mm->mmap_lock);
}

static inline int mmap_write_lock_killable(struct mm_struct *mm)
{
	return down_write_killable(&mm->mmap_lock);
}

static inline void mmap_write_downgrade(struct mm_struct *mm)
{
	downgrade_write(&mm->mmap_lock);
}

static inline bool mmap_write_trylock(struct mm_struct *mm)
{
	return down_write_trylock(&mm->mmap_lock);
}

static inline void mmap_assert_locked(const struct mm_struct *mm)
{
	rwsem_assert_held(&mm->mmap_lock);
}

static inline void mmap_assert_write_locked(const struct mm_struct *mm)
{
	rwsem_assert_held_write(&mm->mmap_lock);
}

#define mmap_lock_is_contended(mm) ((void)(mm), 0)
DEFINE_GUARD(mmap_read_lock, struct mm_struct *, mmap_read_lock(_T), mmap_read_unlock(_T))

/* partial: areas have no locks of their own: who has the mmap_lock has them. */
#define vma_start_write(vma)	     mmap_assert_write_locked((vma)->vm_mm)
#define vma_assert_locked(vma)	     mmap_assert_locked((vma)->vm_mm)
#define vma_assert_write_locked(vma) mmap_assert_write_locked((vma)->vm_mm)

#endif
