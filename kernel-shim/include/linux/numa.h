/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/numa.h: node numbers. */
#ifndef FLUSHDEP_LINUX_NUMA_H
#define FLUSHDEP_LINUX_NUMA_H

/* partial: one node. */
#define NUMA_NO_NODE		      (-1)
#define NODES_SHIFT		      0
#define MAX_NUMNODES		      1
#define first_online_node	      0
#define first_memory_node	      0
#define nr_node_ids		      1U
#define nr_online_nodes		      1U
#define numa_valid_node(nid)	      ((nid) == 0)
#define numa_map_to_online_node(node) ((void)(node), 0)
#define node_online(node)	      ((node) == 0)
#define for_each_online_node(node)    for ((node) = 0; (node) < 1; (node)++)
#define for_each_node(node)	      for ((node) = 0; (node) < 1; (node)++)
#define page_to_nid(page)	      ((void)(page), 0)

#endif
