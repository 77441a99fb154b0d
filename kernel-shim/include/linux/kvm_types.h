/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/kvm_types.h: addresses of guests. */
#ifndef FLUSHDEP_LINUX_KVM_TYPES_H
#define FLUSHDEP_LINUX_KVM_TYPES_H

#include <linux/types.h>

/* faithful */
typedef unsigned long gva_t;
typedef u64 gpa_t;
typedef u64 gfn_t;
#define INVALID_GPA (~(gpa_t)0)
#define INVALID_GFN (~(gfn_t)0)
typedef unsigned long hva_t;
typedef u64 hpa_t;
typedef u64 hfn_t;
typedef hfn_t kvm_pfn_t;

struct kvm;
struct kvm_memory_slot;
struct kvm_vcpu;

#endif
