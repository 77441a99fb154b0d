/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/topology.h: nodes, of which the machine has one. */
#ifndef FLUSHDEP_LINUX_TOPOLOGY_H
#define FLUSHDEP_LINUX_TOPOLOGY_H

#include <linux/cpumask.h>
#include <linux/numa.h>
#include <linux/smp.h>

/* partial: one node with every CPU. */
#define numa_node_id()	      0
#define numa_mem_id()	      0
#define cpu_to_node(cpu)      ((void)(cpu), 0)
#define cpu_to_mem(cpu)	      ((void)(cpu), 0)
#define cpumask_of_node(node) ((void)(node), cpu_possible_mask)

#endif
