/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/nodemask.h: sets of nodes, of which the machine has one. */
#ifndef FLUSHDEP_LINUX_NODEMASK_H
#define FLUSHDEP_LINUX_NODEMASK_H

#include <linux/bitops.h>
#include <linux/numa.h>
#include <linux/types.h>

/* faithful: for one node. */
typedef struct {
	unsigned long bits[1];
} nodemask_t;
#define NODE_MASK_NONE		   ((nodemask_t){{0}})
#define NODE_MASK_ALL		   ((nodemask_t){{1}})
#define nodemask_of_node(node)	   ((nodemask_t){{1ul << (node)}})
#define node_set(node, dst)	   set_bit((node), (dst).bits)
#define node_clear(node, dst)	   clear_bit((node), (dst).bits)
#define nodes_setall(dst)	   ((void)((dst).bits[0] = 1))
#define nodes_clear(dst)	   ((void)((dst).bits[0] = 0))
#define node_isset(node, nodemask) test_bit((node), (nodemask).bits)
#define nodes_empty(src)	   ((src).bits[0] == 0)
#define nodes_weight(nodemask)	   ((int)hweight_long((nodemask).bits[0]))
#define nodes_and(dst, a, b)	   ((void)((dst).bits[0] = (a).bits[0] & (b).bits[0]))
#define nodes_or(dst, a, b)	   ((void)((dst).bits[0] = (a).bits[0] | (b).bits[0]))
#define nodes_equal(a, b)	   ((a).bits[0] == (b).bits[0])
#define first_node(src)		   (nodes_empty(src) ? MAX_NUMNODES : 0)
#define next_node(n, src)	   ((void)(n), MAX_NUMNODES)
#define next_node_in(n, src)	   ((void)(n), first_node(src))
#define for_each_node_mask(node, mask) \
	for ((node) = first_node(mask); (node) < MAX_NUMNODES; (node)++)
#define node_online_map	  NODE_MASK_ALL
#define node_possible_map NODE_MASK_ALL

enum node_states {
	N_POSSIBLE,
	N_ONLINE,
	N_NORMAL_MEMORY,
	N_HIGH_MEMORY = N_NORMAL_MEMORY,
	N_MEMORY,
	N_CPU,
	NR_NODE_STATES,
};
#define node_state(node, state)		 ((void)(state), (node) == 0)
#define num_node_state(state)		 ((void)(state), 1)
#define for_each_node_state(node, state) for ((node) = 0; (void)(state), (node) < 1; (node)++)
#define num_online_nodes()		 1
#define num_possible_nodes()		 1
#define node_possible(node)		 ((node) == 0)

#endif
