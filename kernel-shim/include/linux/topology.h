/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/topology.h: nodes, of which the machine has one. */
#ifndef FLUSHDEP_LINUX_TOPOLOGY_H
#define FLUSHDEP_LINUX_TOPOLOGY_H

#include <linux/cpumask.h>
#include <linux/numa.h>
#include <linux/smp.h>

/* partial: one node with every CPU. */
#define numa_node_id()			  0
#define numa_mem_id()			  0
#define cpu_to_node(cpu)		  ((void)(cpu), 0)
#define cpu_to_mem(cpu)			  ((void)(cpu), 0)
#define cpumask_of_node(node)		  ((void)(node), cpu_possible_mask)
#define node_distance(a, b)		  ((void)(a), (void)(b), 10)
#define set_numa_node(node)		  ((void)(node))
#define set_numa_mem(node)		  ((void)(node))
#define nr_cpus_node(node)		  cpumask_weight(cpumask_of_node(node))
#define LOCAL_DISTANCE			  10
#define REMOTE_DISTANCE			  20
#define for_each_node_with_cpus(node)	  for ((node) = 0; (node) < 1; (node)++)
#define topology_sibling_cpumask(cpu)	  cpumask_of(cpu)
#define topology_core_cpumask(cpu)	  ((void)(cpu), cpu_possible_mask)
#define topology_physical_package_id(cpu) ((void)(cpu), 0)
#define topology_core_id(cpu)		  ((int)(cpu))

#endif
